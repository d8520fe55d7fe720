using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Scripts;

/// <summary>
/// Tables as files that a script reads without any library of its own: a header in JSON, then whole buffers in Arrow's layout,
/// each a multiple of eight bytes long. Missing values are marked a byte each, as numpy wants its masks.
/// </summary>
/// <remarks>Debian packages pandas but no Arrow for Python, so Arrow files would need what is not there.</remarks>
internal static class ColumnExchange
{
    private static ReadOnlySpan<byte> Magic => "AUSPEX1\n"u8;

    /// <summary>Writes a table.</summary>
    public static async Task WriteAsync(string file, TableBatch table, CancellationToken cancellationToken)
    {
        var buffers = new List<ReadOnlyMemory<byte>>();
        var header = Header(table, buffers);
        await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        var start = new byte[Magic.Length + sizeof(long)];
        Magic.CopyTo(start);
        BinaryPrimitives.WriteInt64LittleEndian(start.AsSpan(Magic.Length), header.Length);
        await stream.WriteAsync(start, cancellationToken);
        await WritePaddedAsync(stream, header, cancellationToken);
        foreach (var buffer in buffers)
        {
            await WritePaddedAsync(stream, buffer, cancellationToken);
        }
    }

    /// <summary>Reads what a script's runner wrote.</summary>
    /// <exception cref="InvalidDataException">The file is not whole.</exception>
    public static async Task<TableBatch> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var start = new byte[Magic.Length + sizeof(long)];
        await stream.ReadExactlyAsync(start, cancellationToken);
        var length = BinaryPrimitives.ReadInt64LittleEndian(start.AsSpan(Magic.Length));
        if (!start.AsSpan().StartsWith(Magic) || length is < 2 or > int.MaxValue / 2)
        {
            throw new InvalidDataException("The table that the script gave has no header.");
        }

        using var header = JsonDocument.Parse(await ReadPaddedAsync(stream, length, cancellationToken));
        var rows = header.RootElement.GetProperty("rows").GetInt32();
        var fields = ImmutableArray.CreateBuilder<TableField>();
        var columns = ImmutableArray.CreateBuilder<Column>();
        foreach (var column in header.RootElement.GetProperty("columns").EnumerateArray())
        {
            var buffers = new List<byte[]>();
            foreach (var size in column.GetProperty("buffers").EnumerateArray())
            {
                buffers.Add(await ReadPaddedAsync(stream, size.GetInt64(), cancellationToken));
            }

            var (field, values) = Column(column, buffers, rows);
            fields.Add(field);
            columns.Add(values);
        }

        return new TableBatch(new TableSchema(fields.ToImmutable()), columns.ToImmutable(), rows);
    }

    /// <summary>The sizes of a column's buffers, in bytes.</summary>
    public static IEnumerable<int> Sizes(Column column)
    {
        var buffers = new List<ReadOnlyMemory<byte>>();
        AddBuffers(column, buffers);
        return column.CountNulls() > 0 ? [.. buffers.Select(buffer => buffer.Length), column.Length] : buffers.Select(buffer => buffer.Length);
    }

    private static byte[] Header(TableBatch table, List<ReadOnlyMemory<byte>> buffers)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteNumber("rows", table.RowCount);
            json.WriteStartArray("columns");
            foreach (var (field, column) in table.Schema.Fields.Zip(table.Columns))
            {
                var first = buffers.Count;
                AddBuffers(column, buffers);
                var hasMissing = column.Validity is not null && column.CountNulls() > 0;
                if (hasMissing)
                {
                    buffers.Add(Missing(column));
                }

                json.WriteStartObject();
                json.WriteString("name", field.Name);
                json.WriteString("type", field.IsCategorical ? "Category" : field.Type.ToString());
                json.WriteBoolean("missing", hasMissing);
                if (field.Categories is { } domain)
                {
                    json.WriteString("levelType", field.Type.ToString());
                    json.WriteBoolean("ordered", domain.IsOrdered);
                    json.WriteStartArray("levels");
                    foreach (var level in domain.Levels)
                    {
                        json.WriteStringValue(level);
                    }

                    json.WriteEndArray();
                }

                json.WriteStartArray("buffers");
                foreach (var buffer in buffers.Skip(first))
                {
                    json.WriteNumberValue(buffer.Length);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return text.ToArray();
    }

    private static void AddBuffers(Column column, List<ReadOnlyMemory<byte>> buffers)
    {
        switch (column)
        {
            case StringColumn texts:
                var offsets = new long[texts.Length + 1];
                for (var i = 0; i < offsets.Length; i++)
                {
                    offsets[i] = texts.Offsets[i];
                }

                buffers.Add(MemoryMarshal.AsBytes<long>(offsets).ToArray());
                buffers.Add(texts.Data.ToArray());
                break;
            case CategoryColumn codes:
                var rows = codes.Values.ToArray();
                for (var row = 0; row < rows.Length; row++)
                {
                    rows[row] = codes.IsNull(row) ? -1 : rows[row];
                }

                buffers.Add(MemoryMarshal.AsBytes<int>(rows).ToArray());
                break;
            case BooleanColumn booleans:
                buffers.Add(MemoryMarshal.AsBytes(booleans.Values).ToArray());
                break;
            case DoubleColumn numbers:
                buffers.Add(MemoryMarshal.AsBytes(numbers.Values).ToArray());
                break;
            case Column<long> whole:
                buffers.Add(MemoryMarshal.AsBytes(whole.Values).ToArray());
                break;
            default:
                throw new ArgumentException($"Not a kind of column: {column.GetType().Name}.", nameof(column));
        }
    }

    private static byte[] Missing(Column column)
    {
        var marks = new byte[column.Length];
        for (var row = 0; row < marks.Length; row++)
        {
            marks[row] = column.IsNull(row) ? (byte)1 : (byte)0;
        }

        return marks;
    }

    private static (TableField Field, Column Values) Column(JsonElement json, List<byte[]> buffers, int rows)
    {
        var name = json.GetProperty("name").GetString()!;
        var kind = json.GetProperty("type").GetString()!;
        ulong[]? validity = null;
        if (json.GetProperty("missing").GetBoolean())
        {
            validity = Connectors.Tables.Column.AllValid(rows);
            for (var row = 0; row < rows; row++)
            {
                if (buffers[^1][row] != 0)
                {
                    validity[row >> 6] &= ~(1UL << (row & 63));
                }
            }
        }

        if (kind == "Category")
        {
            var levels = json.GetProperty("levels").EnumerateArray().Select(level => level.GetString()!).ToImmutableArray();
            var domain = new CategoryDomain(levels, json.GetProperty("ordered").GetBoolean());
            var codes = MemoryMarshal.Cast<byte, int>(buffers[0]).ToArray();
            return (
                new TableField { Name = name, Type = Enum.Parse<ColumnType>(json.GetProperty("levelType").GetString()!), Categories = domain },
                new CategoryColumn(codes, rows, domain, validity));
        }

        var type = Enum.Parse<ColumnType>(kind);
        if (json.TryGetProperty("encoding", out _))
        {
            // From R, which has no whole numbers of 64 bits: seconds for times, numbers as they are for the rest.
            Widen(type, buffers);
        }

        Column values = type switch
        {
            ColumnType.Boolean => new BooleanColumn([.. buffers[0].Select(value => value != 0)], rows, validity),
            ColumnType.Double => new DoubleColumn(MemoryMarshal.Cast<byte, double>(buffers[0]).ToArray(), rows, validity),
            ColumnType.String => Texts(buffers[0], buffers[1], rows, validity),
            _ => Whole(type, MemoryMarshal.Cast<byte, long>(buffers[0]).ToArray(), rows, validity),
        };
        return (new TableField { Name = name, Type = type }, values);
    }

    private static void Widen(ColumnType type, List<byte[]> buffers)
    {
        if (type is ColumnType.Boolean or ColumnType.Double)
        {
            return;
        }

        var numbers = MemoryMarshal.Cast<byte, double>(buffers[0]);
        var whole = new long[numbers.Length];
        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] = type switch
            {
                ColumnType.DateTime => DateTime.UnixEpoch.Ticks + (long)Math.Round(numbers[i] * TimeSpan.TicksPerSecond),
                ColumnType.TimeSpan => (long)Math.Round(numbers[i] * TimeSpan.TicksPerSecond),
                _ => (long)numbers[i],
            };
        }

        buffers[0] = MemoryMarshal.AsBytes<long>(whole).ToArray();
    }

    private static Column Whole(ColumnType type, long[] values, int rows, ulong[]? validity) => type switch
    {
        ColumnType.DateTime => new DateTimeColumn(values, rows, validity),
        ColumnType.TimeSpan => new TimeSpanColumn(values, rows, validity),
        _ => new Int64Column(values, rows, validity),
    };

    private static StringColumn Texts(byte[] offsets, byte[] data, int rows, ulong[]? validity)
    {
        var ends = MemoryMarshal.Cast<byte, long>(offsets);
        var narrow = new int[rows + 1];
        for (var i = 0; i <= rows; i++)
        {
            narrow[i] = checked((int)ends[i]);
        }

        return new StringColumn(data, narrow, rows, validity);
    }

    private static async Task WritePaddedAsync(Stream stream, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(buffer, cancellationToken);
        await stream.WriteAsync(new byte[-buffer.Length & 7], cancellationToken);
    }

    private static async Task<byte[]> ReadPaddedAsync(Stream stream, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[length];
        await stream.ReadExactlyAsync(buffer, cancellationToken);
        await stream.ReadExactlyAsync(new byte[(int)(-length & 7)], cancellationToken);
        return buffer;
    }
}
