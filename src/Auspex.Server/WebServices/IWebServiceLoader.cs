using Auspex.Errors;
using Auspex.Experiments.WebServices;
using Auspex.Stores;

namespace Auspex.Server.WebServices;

/// <summary>What the server needs of experiments: packages to and from JSON, into memory, and with a model replaced.</summary>
internal interface IWebServiceLoader
{
    /// <exception cref="AuspexException">The JSON is no package.</exception>
    WebServicePackage ReadPackage(ReadOnlySpan<byte> json);

    /// <summary>Credentials inside are encrypted.</summary>
    byte[] WritePackage(WebServicePackage package);

    /// <summary>Compiles the graph and reads its models.</summary>
    /// <exception cref="AuspexException">The graph does not compile, or an artifact is missing or damaged.</exception>
    Task<IWebServiceRuntime> LoadAsync(WebServicePackage package, CancellationToken cancellationToken);

    /// <summary>The package with another artifact for a saved asset, once it is certain that it fits.</summary>
    /// <exception cref="PackagingException">AssetNotFound or ModelIncompatible; the package stays as it is.</exception>
    Task<WebServicePackage> ReplaceAsync(
        WebServicePackage package, string assetName, ArtifactId artifact, CancellationToken cancellationToken);
}
