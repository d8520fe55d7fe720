using System.Text.Json.Nodes;
using Auspex.Stores;

namespace Auspex.Engine.Journal;

/// <summary>Turns JSON into journal values and loads them: large ones through the artifact store, secret ones encrypted.</summary>
internal sealed class ValueVault(
    IArtifactStore artifacts, ISecretProtector protector, int maxInlineBytes, StoreRetry? retry = null)
{
    /// <summary>Stores a value; durable when the task ends, if it does not stand in the event itself.</summary>
    /// <param name="node">The value.</param>
    /// <param name="isSecret">
    /// Whether to encrypt it; a value that holds a <c>{"type": "SecureString"}</c> anywhere is encrypted in any case.
    /// </param>
    public async ValueTask<JournalValue> StoreAsync(JsonNode? node, bool isSecret)
    {
        if (!isSecret && !SecureStrings.Contains(node))
        {
            return await StoreMaskedAsync(node);
        }

        var utf8 = JournalJson.ToUtf8(node);
        var cipher = protector.Protect(utf8.Span);
        return cipher.Length * 4L / 3 <= maxInlineBytes
            ? JournalValue.Protected(Convert.ToBase64String(cipher), utf8)
            : JournalValue.Stored(await PutAsync(cipher), true, utf8);
    }

    /// <summary>Stores a value that holds no secret, or whose secrets are masked.</summary>
    public async ValueTask<JournalValue> StoreMaskedAsync(JsonNode? node)
    {
        var utf8 = JournalJson.ToUtf8(node);
        return utf8.Length <= maxInlineBytes
            ? JournalValue.Inline(utf8)
            : JournalValue.Stored(await PutAsync(utf8), false, utf8);
    }

    /// <summary>Loads the text of a value read from a journal, if it is not there yet.</summary>
    public async ValueTask LoadAsync(JournalValue value, CancellationToken cancellationToken)
    {
        if (value.IsLoaded)
        {
            return;
        }

        if (value.CipherText is { } cipherText)
        {
            value.Load(protector.Unprotect(Convert.FromBase64String(cipherText)));
            return;
        }

        await using var stream = await artifacts.OpenAsync(value.Artifact!.Value, cancellationToken);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        value.Load(value.IsProtected ? protector.Unprotect(bytes) : bytes);
    }

    private async Task<ArtifactId> PutAsync(ReadOnlyMemory<byte> bytes)
    {
        var id = default(ArtifactId);
        await (retry is null ? PutOnceAsync() : retry.RunAsync(PutOnceAsync));
        return id;

        async Task PutOnceAsync()
        {
            // Not cancelable: the value belongs to something that has happened.
            using var stream = new MemoryStream(bytes.ToArray(), writable: false);
            id = await artifacts.PutAsync(stream, CancellationToken.None);
        }
    }
}
