using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Server.Auth;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>Addresses under which bytes of Studio's assets can be read for a day, by whoever has the address.</summary>
internal sealed class StudioDownloads(SecretProtector protector, TimeProvider clock)
{
    public const string Path = "api/sharedaccess";

    /// <summary>The name under which a page for people is signed.</summary>
    public const string Page = "report.html";

    private const string Purpose = "studio download";
    private static readonly TimeSpan Validity = TimeSpan.FromHours(24);

    /// <summary>An endpoint object: base, location and credential, one after the other, are the address.</summary>
    public JsonObject Sign(string server, string workspace, ArtifactId artifact, string name, long size)
    {
        var end = clock.GetUtcNow() + Validity;
        var signature = protector.ProtectForUrl(
            Purpose, string.Create(CultureInfo.InvariantCulture, $"{end.UtcTicks}\n{artifact.Value}\n{(name == Page ? Page : "")}"));
        return new JsonObject
        {
            ["BaseUri"] = server + "/",
            ["Size"] = size,
            ["Name"] = name,
            ["EndpointType"] = "SasEndpoint",
            ["CredentialContainer"] = "Inline",
            ["AccessCredential"] = $"?workspaceId={workspace}&signature={signature}&sharedAccessUri={Uri.EscapeDataString(name)}",
            ["Location"] = Path,
            ["FileType"] = "File",
            ["IsAuxiliary"] = false,
        };
    }

    /// <summary>What an address means; null when it is not ours, was changed, or has expired.</summary>
    public (ArtifactId Artifact, bool IsPage)? Open(string signature) =>
        protector.TryUnprotectFromUrl(Purpose, signature)?.Split('\n') is [var ticks, var artifact, ..] parts
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
        && end > clock.GetUtcNow().UtcTicks
            ? (new ArtifactId(artifact), parts is [_, _, Page])
            : null;
}
