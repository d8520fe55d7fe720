using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Auspex.Server.Hosting;
using Auspex.Stores;

namespace Auspex.Server.Auth;

/// <summary>The tokens of the management interfaces: each has a name and a role, and only its hash is kept.</summary>
/// <remarks>Thread-safe. There are few of them: all are compared, each in constant time.</remarks>
internal sealed class AccessTokens(IDocumentStore documents, TimeProvider clock)
{
    /// <summary>The owner token that is made at the first start or given by configuration.</summary>
    public const string OwnerName = "owner";

    // No token that is kept can be named so: names of kept ones come from a path segment.
    private const string SessionName = "/session";
    private const string Collection = "tokens";

    private readonly ConcurrentDictionary<string, Entry> _byName = new(StringComparer.Ordinal);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var document in await documents.ListAsync(Collection, "", cancellationToken))
        {
            var stored = JsonSerializer.Deserialize(document.Body.Span, StoredJson.Default.TokenDocument)!;
            _byName[document.Id] = new Entry(stored, SecretHash.FromBase64(stored.Hash));
        }
    }

    /// <summary>The role of a token, or null when it is not one of ours.</summary>
    public Role? FindRole(string token)
    {
        var hash = SecretHash.Of(token);
        Role? role = null;
        foreach (var entry in _byName.Values)
        {
            if (entry.Hash.Equals(hash) && (role is null || entry.Stored.Role > role))
            {
                role = entry.Stored.Role;
            }
        }

        return role;
    }

    public bool Contains(string name) => _byName.ContainsKey(name);

    public ImmutableArray<TokenDocument> List() =>
        [.. _byName.Values.Select(entry => entry.Stored).Where(stored => stored.Name != SessionName).OrderBy(stored => stored.Name, StringComparer.Ordinal)];

    /// <summary>Makes a token; it is shown here and never again. A name that exists gets a new token.</summary>
    public async Task<string> CreateAsync(string name, Role role, CancellationToken cancellationToken)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await SetAsync(name, role, token, cancellationToken);
        return token;
    }

    public async Task SetAsync(string name, Role role, string token, CancellationToken cancellationToken)
    {
        var hash = SecretHash.Of(token);
        if (_byName.TryGetValue(name, out var present) && present.Stored.Role == role && present.Hash.Equals(hash))
        {
            return;
        }

        var stored = new TokenDocument(name, role, hash.ToBase64(), clock.GetUtcNow());
        var body = JsonSerializer.SerializeToUtf8Bytes(stored, StoredJson.Default.TokenDocument);
        await documents.PutAsync(Collection, name, body, expectedVersion: null, cancellationToken);
        _byName[name] = new Entry(stored, hash);
    }

    /// <summary>Accepts a token until this process ends; it is not kept.</summary>
    public void AddForSession(string token, Role role) => _byName[SessionName] = new Entry(
        new TokenDocument(SessionName, role, "", clock.GetUtcNow()), SecretHash.Of(token));

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        _byName.TryRemove(name, out _);
        return await documents.DeleteAsync(Collection, name, cancellationToken);
    }

    private sealed record Entry(TokenDocument Stored, SecretHash Hash);
}

/// <summary>A token as it is kept.</summary>
internal sealed record TokenDocument(string Name, Role Role, string Hash, DateTimeOffset CreatedAt);
