using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>How JSON documents are put into a file.</summary>
public enum JsonFilePattern
{
    /// <summary>A document a line.</summary>
    SetOfObjects,

    /// <summary>One array.</summary>
    ArrayOfObjects,
}

/// <summary>Writes rows and documents as JSON to a stream, in bounded memory. Not thread-safe.</summary>
/// <remarks>Missing values are written as null, NaN and infinities as text, dates as ISO 8601, durations as <c>[-][d.]hh:mm:ss</c>.</remarks>
public sealed class JsonRowWriter : IAsyncDisposable
{
    private const int FlushSize = 256 << 10;

    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
        MaxDepth = 1000,
    };

    private readonly Stream _stream;
    private readonly MemoryStream _pending = new();
    private readonly JsonFilePattern _pattern;
    private readonly byte[] _newLine;
    private readonly Utf8JsonWriter _json;
    private long _documents;

    /// <summary>Writes to a stream, which is left open.</summary>
    public JsonRowWriter(Stream stream, JsonFilePattern pattern, string newLine = "\r\n")
    {
        _stream = stream;
        _pattern = pattern;
        _newLine = System.Text.Encoding.UTF8.GetBytes(newLine);
        _json = new Utf8JsonWriter(_pending, Plain);
    }

    /// <summary>Writes a document.</summary>
    public async Task WriteAsync(JsonNode? document, CancellationToken cancellationToken)
    {
        BeginDocument();
        if (document is null)
        {
            _json.WriteNullValue();
        }
        else
        {
            document.WriteTo(_json);
        }

        EndDocument();
        await FlushAsync(FlushSize, cancellationToken);
    }

    /// <summary>Writes rows, a document each.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="shape">Where each column goes.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    public async Task WriteAsync(TableBatch batch, JsonRowShape shape, CancellationToken cancellationToken)
    {
        for (var row = 0; row < batch.RowCount; row++)
        {
            BeginDocument();
            WriteObject(batch, shape.Members, row);
            EndDocument();
            await FlushAsync(FlushSize, cancellationToken);
        }
    }

    /// <summary>Ends the text and hands all of it to the stream.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_pattern == JsonFilePattern.ArrayOfObjects)
        {
            _pending.Write(_documents == 0 ? "[]"u8 : "]"u8);
        }

        await FlushAsync(0, cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // What is still in the writer is given up with whatever the stream belongs to.
        _json.Reset(Stream.Null);
        await _json.DisposeAsync();
        await _pending.DisposeAsync();
    }

    private void BeginDocument()
    {
        if (_pattern == JsonFilePattern.ArrayOfObjects)
        {
            _pending.Write(_documents == 0 ? "["u8 : ","u8);
        }

        _documents++;
    }

    private void EndDocument()
    {
        _json.Flush();
        _json.Reset();
        if (_pattern == JsonFilePattern.SetOfObjects)
        {
            _pending.Write(_newLine);
        }
    }

    private async ValueTask FlushAsync(int size, CancellationToken cancellationToken)
    {
        if (_pending.Length > size)
        {
            await _stream.WriteAsync(_pending.GetBuffer().AsMemory(0, (int)_pending.Length), cancellationToken);
            _pending.SetLength(0);
        }
    }

    private void WriteObject(TableBatch batch, ImmutableArray<JsonRowShape.Member> members, int row)
    {
        _json.WriteStartObject();
        foreach (var member in members)
        {
            _json.WritePropertyName(member.Name);
            if (member.Column < 0)
            {
                WriteObject(batch, member.Inner, row);
            }
            else
            {
                WriteValue(batch.Columns[member.Column], row, member.IsJson);
            }
        }

        _json.WriteEndObject();
    }

    private void WriteValue(Column column, int row, bool isJson)
    {
        if (column.IsNull(row))
        {
            _json.WriteNullValue();
            return;
        }

        switch (column)
        {
            case StringColumn texts when isJson:
                _json.WriteRawValue(texts.Bytes(row), skipInputValidation: true);
                break;
            case StringColumn texts:
                _json.WriteStringValue(texts.Bytes(row));
                break;
            case Int64Column numbers:
                _json.WriteNumberValue(numbers.Values[row]);
                break;
            case DoubleColumn numbers when double.IsFinite(numbers.Values[row]):
                _json.WriteNumberValue(numbers.Values[row]);
                break;
            case BooleanColumn booleans:
                _json.WriteBooleanValue(booleans.Values[row]);
                break;
            default:
                Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
                ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8);
                _json.WriteStringValue(utf8);
                break;
        }
    }
}
