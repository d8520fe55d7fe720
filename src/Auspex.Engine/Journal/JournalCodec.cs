using System.Text.Json;

namespace Auspex.Engine.Journal;

/// <summary>Events to bytes and back; the only place that knows the format. Storage keeps the bytes as they are.</summary>
internal static class JournalCodec
{
    public static ReadOnlyMemory<byte> Encode(RunEvent runEvent) =>
        JsonSerializer.SerializeToUtf8Bytes(runEvent, JournalJson.Context.RunEvent);

    /// <exception cref="JournalDivergenceException">This release does not know the event, or the bytes are not one.</exception>
    public static RunEvent Decode(RunId run, JournalEntry entry)
    {
        try
        {
            return JsonSerializer.Deserialize(entry.Body.Span, JournalJson.Context.RunEvent)
                ?? throw new JournalDivergenceException(run, entry.Sequence, "found null, expected an event");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new JournalDivergenceException(
                run, entry.Sequence, "found an event that this release cannot read; run a release at least as new as the one that wrote it", exception);
        }
    }
}
