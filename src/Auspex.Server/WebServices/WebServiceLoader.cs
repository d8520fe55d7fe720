using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.WebServices;
using Auspex.Server.Auth;
using Auspex.Stores;

namespace Auspex.Server.WebServices;

/// <inheritdoc/>
internal sealed class WebServiceLoader(ModuleCatalog catalog, ArtifactValues values, SecretProtector protector) : IWebServiceLoader
{
    private const string Purpose = "web service package";

    private readonly WebServicePackageJson _json = new(new PackageSecrets(
        catalog, secret => protector.Protect(Purpose, secret), secret => protector.Unprotect(Purpose, secret)));

    private readonly WebServiceUpdate _update = new(catalog, values);

    public WebServicePackage ReadPackage(ReadOnlySpan<byte> json) => _json.Read(json);

    public byte[] WritePackage(WebServicePackage package) => _json.Write(package);

    public async Task<IWebServiceRuntime> LoadAsync(WebServicePackage package, CancellationToken cancellationToken) =>
        await WebServiceRuntime.LoadAsync(package, catalog, values, cancellationToken);

    public Task<WebServicePackage> ReplaceAsync(
        WebServicePackage package, string assetName, ArtifactId artifact, CancellationToken cancellationToken) =>
        _update.WithAssetAsync(package, assetName, artifact, cancellationToken);
}
