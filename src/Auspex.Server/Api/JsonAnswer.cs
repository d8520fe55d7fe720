using System.Buffers;
using System.Text.Json;

namespace Auspex.Server.Api;

/// <summary>
/// Lays out an answer before any of it is sent, so that its length is known: clients read such answers with less effort
/// than chunks. A thread keeps its writer and buffer from one answer to the next.
/// </summary>
internal static class JsonAnswer
{
    private const int LargestKept = 1 << 18;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _kept;

    [ThreadStatic]
    private static Utf8JsonWriter? _keptWriter;

    /// <summary>Writes a whole answer, with its head, to the response's buffers; flushing is left to the caller.</summary>
    public static void Write(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        // Taken away while in use: an answer that fails leaves nothing half written behind.
        var buffer = _kept ?? new ArrayBufferWriter<byte>(1024);
        var writer = _keptWriter ?? new Utf8JsonWriter(buffer, Json.WriterOptions);
        (_kept, _keptWriter) = (null, null);
        write(writer);
        writer.Flush();
        response.ContentType = Json.ContentType;
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity <= LargestKept)
        {
            buffer.ResetWrittenCount();
            writer.Reset();
            (_kept, _keptWriter) = (buffer, writer);
        }
    }
}
