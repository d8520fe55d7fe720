using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Server.Auth;
using Auspex.Stores;
using Microsoft.AspNetCore.WebUtilities;

namespace Auspex.Server.Studio;

/// <summary>Addresses under which bytes of Studio's assets can be read for a day, by whoever has the address.</summary>
internal sealed class StudioDownloads(SecretProtector protector, TimeProvider clock)
{
    public const string Path = "api/sharedaccess";

    /// <summary>The name under which a page for people is signed.</summary>
    public const string Page = "report.html";

    private const string DatasetMark = "dataset:";
    private const string Purpose = "studio download";
    private static readonly TimeSpan Validity = TimeSpan.FromHours(24);

    /// <summary>An endpoint object: base, location and credential, one after the other, are the address.</summary>
    public JsonObject Sign(string server, string workspace, ArtifactId artifact, string name, long size) =>
        Sign(server, workspace, artifact, name, size, name == Page ? Page : "");

    /// <summary>The same for the page that shows a data set to people.</summary>
    public JsonObject SignDataset(string server, string workspace, ArtifactId artifact, string id) =>
        Sign(server, workspace, artifact, Page, -1, DatasetMark + id);

    private JsonObject Sign(string server, string workspace, ArtifactId artifact, string name, long size, string kind)
    {
        var end = clock.GetUtcNow() + Validity;
        var signature = protector.ProtectForUrl(
            Purpose, string.Create(CultureInfo.InvariantCulture, $"{end.UtcTicks}\n{artifact.Value}\n{kind}"));
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

    /// <summary>What a whole address of this interface means, wherever its host is said to be; null when it is not ours.</summary>
    /// <param name="uri">The address, with or without its query.</param>
    /// <param name="credentials">The query, where it stands apart.</param>
    public StudioDownload? OpenAddress(string? uri, string? credentials)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var address) || !address.AbsolutePath.EndsWith("/" + Path, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var query = QueryHelpers.ParseQuery(address.Query.Length > 1 ? address.Query : credentials);
        return query.TryGetValue("signature", out var signature) ? Open(signature.ToString()) : null;
    }

    /// <summary>What an address means; null when it is not ours, was changed, or has expired.</summary>
    public StudioDownload? Open(string signature) =>
        protector.TryUnprotectFromUrl(Purpose, signature)?.Split('\n') is [var ticks, var artifact, ..] parts
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
        && end > clock.GetUtcNow().UtcTicks
            ? new StudioDownload(
                new ArtifactId(artifact),
                parts is [_, _, Page],
                parts is [_, _, var kind] && kind.StartsWith(DatasetMark, StringComparison.Ordinal) ? kind[DatasetMark.Length..] : null)
            : null;
}

/// <summary>What an address gives.</summary>
/// <param name="Artifact">The bytes.</param>
/// <param name="IsPage">Whether they are a page for people.</param>
/// <param name="Dataset">The data set whose page is asked for, not its bytes; null otherwise.</param>
internal sealed record StudioDownload(ArtifactId Artifact, bool IsPage, string? Dataset);
