using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Auspex.Definitions;
using Auspex.Server.Auth;
using Auspex.Server.Hosting;
using Auspex.Stores;

namespace Auspex.Server.Factories;

/// <summary>
/// The secrets of linked services that clients wrote through the interface: they lie encrypted in the data folder, never in
/// the factory's files, and are laid under the overlay's own secrets when a factory is handed out.
/// </summary>
/// <remarks>Thread-safe. Writers of one factory take turns; see <see cref="ServerFactories"/>.</remarks>
internal sealed class DefinitionSecrets
{
    private const string Collection = "definitionSecrets";
    private const string Purpose = "definition secret";

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConditionalWeakTable<FactoryDefinition, Laid> _laid = [];
    private IDocumentStore? _documents;
    private SecretProtector? _protector;
    private long _version;

    /// <summary>To be called once, before factories are used.</summary>
    public async Task LoadAsync(IDocumentStore documents, SecretProtector protector, CancellationToken cancellationToken)
    {
        (_documents, _protector) = (documents, protector);
        foreach (var document in await documents.ListAsync(Collection, "", cancellationToken))
        {
            var stored = JsonSerializer.Deserialize(document.Body.Span, StoredJson.Default.DefinitionSecretDocument)!;
            _entries[document.Id] = new Entry(protector.Unprotect(Purpose, stored.Protected), stored.Stamp);
        }

        Interlocked.Increment(ref _version);
    }

    /// <summary>The factory with the secrets that its overlay does not give.</summary>
    public FactoryDefinition Lay(FactoryDefinition factory)
    {
        var version = Interlocked.Read(ref _version);
        if (_laid.TryGetValue(factory, out var known) && known.Version == version)
        {
            return known.Factory;
        }

        var secrets = factory.Overlay.Secrets.ToBuilder();
        foreach (var (id, entry) in _entries)
        {
            if (id.Split('/', 3) is [var owner, var linkedService, var member]
                && owner.Equals(factory.Name, StringComparison.OrdinalIgnoreCase))
            {
                secrets.TryAdd($"{linkedService}.{member}", new SecretSource(null, null, entry.Secret));
            }
        }

        var laid = factory with { Overlay = factory.Overlay with { Secrets = secrets.ToImmutable() } };
        _laid.AddOrUpdate(factory, new Laid(version, laid));
        return laid;
    }

    /// <summary>A text that changes when a secret of the linked service does; empty when none is kept.</summary>
    public string StampOf(string factory, string linkedService)
    {
        var prefix = Id(factory, linkedService, "");
        return string.Join(
            ',',
            _entries.Where(entry => entry.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                .Select(entry => entry.Value.Stamp)
                .Order(StringComparer.Ordinal));
    }

    public bool Contains(string factory, string linkedService, string member) =>
        _entries.ContainsKey(Id(factory, linkedService, member));

    public async Task SetAsync(
        string factory, string linkedService, string member, string secret, CancellationToken cancellationToken)
    {
        var id = Id(factory, linkedService, member);
        if (_entries.TryGetValue(id, out var present) && present.Secret == secret)
        {
            return;
        }

        var entry = new Entry(secret, Guid.NewGuid().ToString("N"));
        var stored = new DefinitionSecretDocument(_protector!.Protect(Purpose, secret), entry.Stamp);
        var body = JsonSerializer.SerializeToUtf8Bytes(stored, StoredJson.Default.DefinitionSecretDocument);
        await _documents!.PutAsync(Collection, id, body, expectedVersion: null, cancellationToken);
        _entries[id] = entry;
        Interlocked.Increment(ref _version);
    }

    /// <summary>Gives the secrets of a linked service to one of another name.</summary>
    public async Task MoveAsync(string factory, string from, string to, CancellationToken cancellationToken)
    {
        var prefix = Id(factory, from, "");
        foreach (var (id, entry) in _entries.Where(entry => entry.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            await SetAsync(factory, to, id[prefix.Length..], entry.Secret, cancellationToken);
        }

        await ForgetAsync(factory, from, [], cancellationToken);
    }

    /// <summary>Forgets the secrets of a linked service except those of the members named.</summary>
    public Task ForgetAsync(
        string factory, string linkedService, ImmutableHashSet<string> except, CancellationToken cancellationToken)
    {
        var prefix = Id(factory, linkedService, "");
        return ForgetAsync(
            id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && !except.Contains(id[prefix.Length..]),
            cancellationToken);
    }

    /// <summary>Forgets all secrets of a factory.</summary>
    public Task ForgetAsync(string factory, CancellationToken cancellationToken) => ForgetAsync(
        id => id.StartsWith(factory + "/", StringComparison.OrdinalIgnoreCase), cancellationToken);

    private async Task ForgetAsync(Func<string, bool> which, CancellationToken cancellationToken)
    {
        foreach (var id in _entries.Keys.Where(which).ToArray())
        {
            await _documents!.DeleteAsync(Collection, id, cancellationToken);
            _entries.TryRemove(id, out _);
            Interlocked.Increment(ref _version);
        }
    }

    private static string Id(string factory, string linkedService, string member) =>
        $"{factory}/{linkedService}/{member}".ToLowerInvariant();

    private sealed record Entry(string Secret, string Stamp);

    private sealed record Laid(long Version, FactoryDefinition Factory);
}

/// <summary>A secret as it is kept.</summary>
/// <param name="Protected">The secret, encrypted.</param>
/// <param name="Stamp">New with each change, so that an ETag can tell it without telling the secret.</param>
internal sealed record DefinitionSecretDocument(string Protected, string Stamp);
