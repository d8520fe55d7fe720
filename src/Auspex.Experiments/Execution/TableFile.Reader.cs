using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Execution;

public static partial class TableFile
{
    /// <summary>
    /// Reads and checks: a damaged file gives an exception, never a column that breaks its own rules.
    /// </summary>
    private sealed class Reader(Stream stream, CancellationToken cancellationToken)
    {
        private readonly byte[] _chunk = new byte[ChunkInBytes];

        public async Task<TableBatch> ReadAsync()
        {
            var start = await ReadArrayAsync<byte>(Magic.Length + 12);
            if (!start.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            {
                throw new TableFileException("These bytes are not a stored table; it would begin with AUXTABLE.");
            }

            var version = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Magic.Length));
            var oldestReader = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Magic.Length + 4));
            if (oldestReader > Version || version < OldestRead)
            {
                throw new TableFileException(
                    $"The stored table has version {version} and needs a reader of {oldestReader}; this release reads "
                        + $"{OldestRead} to {Version}.");
            }

            var headerLength = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Magic.Length + 8));
            if (headerLength is < 0 or > LongestHeaderInBytes)
            {
                throw new TableFileException($"The stored table claims a header of {headerLength} bytes; the file is damaged.");
            }

            var (rows, schema) = ReadHeader(await ReadArrayAsync<byte>(headerLength));
            var columns = ImmutableArray.CreateBuilder<Column>(schema.Fields.Length);
            foreach (var field in schema.Fields)
            {
                columns.Add(await ReadColumnAsync(field, rows));
            }

            return new TableBatch(schema, columns.MoveToImmutable(), rows);
        }

        private async Task<Column> ReadColumnAsync(TableField field, int rows)
        {
            var flag = (await ReadArrayAsync<byte>(1))[0];
            if (flag > 1)
            {
                throw Damaged(field);
            }

            var bits = flag == 0 ? null : await ReadArrayAsync<ulong>((rows + 63) >> 6);
            if (field.Categories is { } domain)
            {
                var codes = await ReadArrayAsync<int>(rows);
                foreach (var code in codes)
                {
                    if (code < -1 || code >= domain.Levels.Length)
                    {
                        throw Damaged(field);
                    }
                }

                return new CategoryColumn(codes, rows, domain, bits);
            }

            return field.Type switch
            {
                ColumnType.Boolean => new BooleanColumn(ToBooleans(await ReadArrayAsync<byte>(rows), field), rows, bits),
                ColumnType.Int32 or ColumnType.Int64 => new Int64Column(await ReadArrayAsync<long>(rows), rows, bits),
                ColumnType.Double => new DoubleColumn(await ReadArrayAsync<double>(rows), rows, bits),
                ColumnType.DateTime => new DateTimeColumn(await ReadArrayAsync<long>(rows), rows, bits),
                ColumnType.TimeSpan => new TimeSpanColumn(await ReadArrayAsync<long>(rows), rows, bits),
                ColumnType.String => await ReadTextsAsync(field, rows, bits),
                _ => throw Damaged(field),
            };
        }

        private async Task<StringColumn> ReadTextsAsync(TableField field, int rows, ulong[]? bits)
        {
            var offsets = await ReadArrayAsync<int>((long)rows + 1);
            if (offsets[0] != 0)
            {
                throw Damaged(field);
            }

            for (var i = 1; i < offsets.Length; i++)
            {
                if (offsets[i] < offsets[i - 1])
                {
                    throw Damaged(field);
                }
            }

            return new StringColumn(await ReadArrayAsync<byte>(offsets[^1]), offsets, rows, bits);
        }

        private static bool[] ToBooleans(byte[] bytes, TableField field)
        {
            var values = new bool[bytes.Length];
            for (var i = 0; i < bytes.Length; i++)
            {
                // A bool with another bit pattern than 0 or 1 would be equal to neither true nor false.
                values[i] = bytes[i] <= 1 ? bytes[i] == 1 : throw Damaged(field);
            }

            return values;
        }

        private async Task<T[]> ReadArrayAsync<T>(long count)
            where T : unmanaged
        {
            var size = Marshal.SizeOf<T>();

            // Before anything is allocated: a damaged length must not cost memory that the file cannot fill.
            if (count * size > stream.Length - stream.Position || count > Array.MaxLength)
            {
                throw new TableFileException(
                    $"The stored table is cut short: {stream.Length - stream.Position} bytes are left where "
                        + $"{count * size} should follow.");
            }

            var values = new T[count];
            var perChunk = _chunk.Length / size;
            for (var done = 0; done < values.Length;)
            {
                var taken = Math.Min(perChunk, values.Length - done);
                await stream.ReadExactlyAsync(_chunk.AsMemory(0, taken * size), cancellationToken);
                _chunk.AsSpan(0, taken * size).CopyTo(MemoryMarshal.AsBytes(values.AsSpan(done, taken)));
                done += taken;
            }

            return values;
        }

        private static TableFileException Damaged(TableField field) =>
            new($"Column '{field.Name}' of a stored table holds what its type does not allow; the file is damaged.");
    }
}
