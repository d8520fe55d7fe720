using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Server.Auth;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>Keeps what clients of Studio put here. Graphs hold keys and passwords, so that documents are encrypted.</summary>
internal sealed class StudioStore(IDocumentStore documents, SecretProtector protector)
{
    public const string Experiments = "experiments";
    public const string Uploads = "uploads";
    public const string Publications = "publications";
    public const string Progress = "progress";
    public const string Packings = "packings";
    public const string Invitations = "invitations";

    private const string Collection = "studio";
    private const string Purpose = "studio document";

    public async Task<JsonObject?> FindAsync(string kind, string id, CancellationToken cancellationToken) =>
        await documents.GetAsync(Collection, StoredId(kind, id), cancellationToken) is { } document ? Read(document) : null;

    public async Task<ImmutableArray<JsonObject>> ListAsync(string kind, CancellationToken cancellationToken) =>
        [.. (await documents.ListAsync(Collection, kind + "/", cancellationToken)).Select(Read)];

    public Task SaveAsync(string kind, string id, JsonObject json, CancellationToken cancellationToken)
    {
        var stored = new JsonObject { ["protected"] = protector.Protect(Purpose, json.ToJsonString()) };
        return documents.PutAsync(
            Collection, StoredId(kind, id), Encoding.UTF8.GetBytes(stored.ToJsonString()), expectedVersion: null, cancellationToken);
    }

    public Task<bool> DeleteAsync(string kind, string id, CancellationToken cancellationToken) =>
        documents.DeleteAsync(Collection, StoredId(kind, id), cancellationToken);

    private JsonObject Read(Document document) =>
        JsonNode.Parse(protector.Unprotect(Purpose, (string)JsonNode.Parse(document.Body.Span)!["protected"]!))!.AsObject();

    private static string StoredId(string kind, string id) => $"{kind}/{id.ToLowerInvariant()}";
}
