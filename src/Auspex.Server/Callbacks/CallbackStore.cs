using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Auspex.Activities.External;
using Auspex.Activities.External.Web;
using Auspex.Server.Auth;
using Auspex.Server.Hosting;
using Auspex.Stores;
using Microsoft.Extensions.Options;

namespace Auspex.Server.Callbacks;

/// <summary>Call-back addresses in the document store.</summary>
/// <remarks>
/// An address holds a token that only whoever has this server's key can make of the wait's name, so that the same wait has the same address after a
/// restart and nothing that is stored opens one. What came stays until a day after the wait, however often it is read.
/// </remarks>
internal sealed class CallbackStore(
    IDocumentStore documents, SecretProtector protector, RunningServer server, IOptions<WebOptions> options, TimeProvider clock) : ICallbacks, IDisposable
{
    /// <summary>The route's beginning; the token follows.</summary>
    public const string Path = "/api/auspex/callbacks/";

    private const string Collection = "callbacks";
    private const string KeyCollection = "callbackKey";
    private const string KeyId = "key";
    private const string Purpose = "web hook call-back";

    // Another host on the same store may have got the call.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _keyGate = new(1, 1);
    private byte[]? _key;

    public async Task<Uri> OpenAsync(string key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(key, cancellationToken);
        var id = IdOf(token);
        while (true)
        {
            var stored = await documents.GetAsync(Collection, id, cancellationToken);
            var document = new CallbackDocument(until, stored is null ? null : Parse(stored).Body);
            if (await documents.PutAsync(Collection, id, Write(document), stored?.Version ?? 0, cancellationToken) is not null)
            {
                break;
            }
        }

        var address = options.Value.CallbackAddress ?? server.Url;
        return new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + Path + token);
    }

    public async Task<string?> WaitAsync(string key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var id = IdOf(await TokenAsync(key, cancellationToken));
        try
        {
            return await WaitForAsync(id, until, cancellationToken);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Whether an address is known, so that nobody's body is read in vain.</summary>
    public async Task<bool> IsKnownAsync(string token, CancellationToken cancellationToken) =>
        await documents.GetAsync(Collection, IdOf(token), cancellationToken) is not null;

    /// <summary>Takes a call; durable when the task ends.</summary>
    /// <returns>Whether the address is one that is waited at; a second call is none the less answered alike.</returns>
    public async Task<bool> ReceiveAsync(string token, string body, CancellationToken cancellationToken)
    {
        var id = IdOf(token);
        while (true)
        {
            if (await documents.GetAsync(Collection, id, cancellationToken) is not { } stored || Parse(stored) is not { } document)
            {
                return false;
            }

            if (document.Body is not null)
            {
                return true;
            }

            if (document.Until <= clock.GetUtcNow())
            {
                return false;
            }

            var called = document with { Body = protector.Protect(Purpose, body) };
            if (await documents.PutAsync(Collection, id, Write(called), stored.Version, cancellationToken) is null)
            {
                continue;
            }

            if (_waiting.TryGetValue(id, out var waiting))
            {
                waiting.TrySetResult();
            }

            return true;
        }
    }

    /// <summary>Removes what nobody can be waiting for any more.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - Retention;
        foreach (var stored in await documents.ListAsync(Collection, "", cancellationToken))
        {
            if (Parse(stored).Until < before)
            {
                await documents.DeleteAsync(Collection, stored.Id, cancellationToken);
            }
        }
    }

    public void Dispose() => _keyGate.Dispose();

    private async Task<string?> WaitForAsync(string id, DateTimeOffset until, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken before looking, so that a call between the two is not missed.
            var called = _waiting.GetOrAdd(id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (await documents.GetAsync(Collection, id, cancellationToken) is { } stored && Parse(stored).Body is { } body)
            {
                return protector.Unprotect(Purpose, body);
            }

            var left = until - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            using var delayOver = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var delay = Task.Delay(left < LookInterval ? left : LookInterval, clock, delayOver.Token);
            await Task.WhenAny(called.Task, delay);
            await delayOver.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<string> TokenAsync(string key, CancellationToken cancellationToken)
    {
        var secret = _key ?? await LoadKeyAsync(cancellationToken);
        return Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(key)));
    }

    private async Task<byte[]> LoadKeyAsync(CancellationToken cancellationToken)
    {
        await _keyGate.WaitAsync(cancellationToken);
        try
        {
            while (_key is null)
            {
                if (await documents.GetAsync(KeyCollection, KeyId, cancellationToken) is { } stored)
                {
                    var written = JsonSerializer.Deserialize(stored.Body.Span, StoredJson.Default.CallbackKeyDocument)!;
                    _key = Convert.FromHexString(protector.Unprotect(Purpose, written.Protected));
                    break;
                }

                var made = new CallbackKeyDocument(
                    protector.Protect(Purpose, Convert.ToHexString(RandomNumberGenerator.GetBytes(32))));
                var body = JsonSerializer.SerializeToUtf8Bytes(made, StoredJson.Default.CallbackKeyDocument);
                await documents.PutAsync(KeyCollection, KeyId, body, 0, cancellationToken);
            }

            return _key;
        }
        finally
        {
            _keyGate.Release();
        }
    }

    private static string IdOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static CallbackDocument Parse(Document stored) =>
        JsonSerializer.Deserialize(stored.Body.Span, StoredJson.Default.CallbackDocument)!;

    private static byte[] Write(CallbackDocument document) =>
        JsonSerializer.SerializeToUtf8Bytes(document, StoredJson.Default.CallbackDocument);
}
