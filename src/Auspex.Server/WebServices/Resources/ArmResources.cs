using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Auth;
using Auspex.Stores;

namespace Auspex.Server.WebServices.Resources;

/// <summary>The kinds of <c>Microsoft.MachineLearning</c> resources.</summary>
internal static class ArmKind
{
    public const string WebServices = "webServices";
    public const string Workspaces = "workspaces";
    public const string CommitmentPlans = "commitmentPlans";
}

/// <summary>A resource as it is kept.</summary>
/// <param name="Kind">One of <see cref="ArmKind"/>.</param>
/// <param name="Name">Unique of its kind on this server, ignoring case.</param>
/// <param name="Body">What the caller gave, in one spelling.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ModifiedAt">When it was last written.</param>
internal sealed record ArmResource(string Kind, string Name, JsonObject Body, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt)
{
    public JsonObject Properties => Body.ObjectMember("properties") ?? [];
}

/// <summary>Keeps resources as documents. They hold keys of storage and of assets and are encrypted as a whole.</summary>
internal sealed class ArmResources(IDocumentStore documents, SecretProtector protector, TimeProvider clock) : IDisposable
{
    private const string Collection = "arm";
    private const string Purpose = "machine learning resource";

    private readonly SemaphoreSlim _changes = new(1, 1);

    /// <summary>One change at a time.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        return new Change(_changes);
    }

    public async Task<ArmResource?> FindAsync(string kind, string name, CancellationToken cancellationToken) =>
        await documents.GetAsync(Collection, StoredId(kind, name), cancellationToken) is { } document ? Read(document) : null;

    public async Task<ImmutableArray<ArmResource>> ListAsync(string kind, CancellationToken cancellationToken) =>
        [.. (await documents.ListAsync(Collection, kind + "/", cancellationToken)).Select(Read)];

    /// <summary>Writes a resource; one that is there keeps name and time of creation.</summary>
    public async Task<ArmResource> SaveAsync(ArmResource? present, string kind, string name, JsonObject body, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var resource = new ArmResource(kind, present?.Name ?? name, body, present?.CreatedAt ?? now, now);
        var text = new JsonObject
        {
            ["kind"] = resource.Kind,
            ["name"] = resource.Name,
            ["createdAt"] = resource.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
            ["modifiedAt"] = resource.ModifiedAt.ToString("O", CultureInfo.InvariantCulture),
            ["body"] = body.DeepClone(),
        }.ToJsonString();
        var stored = new JsonObject { ["protected"] = protector.Protect(Purpose, text) };
        await documents.PutAsync(
            Collection, StoredId(kind, name), Encoding.UTF8.GetBytes(stored.ToJsonString()), expectedVersion: null, cancellationToken);
        return resource;
    }

    public Task<bool> DeleteAsync(string kind, string name, CancellationToken cancellationToken) =>
        documents.DeleteAsync(Collection, StoredId(kind, name), cancellationToken);

    public void Dispose() => _changes.Dispose();

    private ArmResource Read(Document document)
    {
        var stored = JsonNode.Parse(document.Body.Span)!.AsObject();
        var json = JsonNode.Parse(protector.Unprotect(Purpose, (string)stored["protected"]!))!.AsObject();
        return new ArmResource(
            (string)json["kind"]!,
            (string)json["name"]!,
            json["body"]!.AsObject(),
            Time(json, "createdAt"),
            Time(json, "modifiedAt"));
    }

    private static DateTimeOffset Time(JsonObject json, string name) =>
        DateTimeOffset.Parse((string)json[name]!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static string StoredId(string kind, string name) => $"{kind}/{name.ToUpperInvariant()}";

    private sealed class Change(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
