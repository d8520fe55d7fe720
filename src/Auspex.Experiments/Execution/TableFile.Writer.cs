using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Execution;

public static partial class TableFile
{
    /// <summary>Writes through one chunk, so that a wide column never lies in memory twice.</summary>
    private sealed class Writer(Stream stream, CancellationToken cancellationToken)
    {
        private readonly byte[] _chunk = new byte[ChunkInBytes];
        private int _used;

        public async Task WriteAsync(TableBatch table)
        {
            var header = WriteHeader(table);
            var start = new byte[Magic.Length + 12];
            Magic.CopyTo(start);
            BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(Magic.Length), Version);
            BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(Magic.Length + 4), OldestReader);
            BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(Magic.Length + 8), header.Length);
            await WriteBytesAsync(start);
            await WriteBytesAsync(header);
            foreach (var column in table.Columns)
            {
                await WriteColumnAsync(column);
            }

            await FlushAsync();
        }

        private async Task WriteColumnAsync(Column column)
        {
            var bits = column.CountNulls() > 0 ? column.Validity : null;
            await WriteBytesAsync(new byte[] { bits is null ? (byte)0 : (byte)1 });
            if (bits is not null)
            {
                await WriteBitsAsync(bits, column.Length);
            }

            switch (column)
            {
                case BooleanColumn booleans:
                    await WriteValuesAsync(booleans, missing: false);
                    break;
                case Int64Column integers:
                    await WriteValuesAsync(integers, missing: 0);
                    break;
                case DoubleColumn doubles:
                    await WriteValuesAsync(doubles, missing: 0);
                    break;
                case DateTimeColumn instants:
                    await WriteValuesAsync(instants, missing: 0);
                    break;
                case TimeSpanColumn durations:
                    await WriteValuesAsync(durations, missing: 0);
                    break;
                case CategoryColumn codes:
                    await WriteValuesAsync(codes, missing: -1);
                    break;
                case StringColumn texts:
                    await WriteTextsAsync(texts);
                    break;
                default:
                    throw new UnreachableException($"No column of type {column.GetType().Name} can be stored.");
            }
        }

        private async Task WriteBitsAsync(ulong[] bits, int length)
        {
            var words = (length + 63) >> 6;
            for (var i = 0; i < words; i++)
            {
                var rest = length - (i << 6);
                await WriteValueAsync(rest >= 64 ? bits[i] : bits[i] & ((1UL << rest) - 1));
            }
        }

        private async Task WriteValuesAsync<T>(Column<T> column, T missing)
            where T : unmanaged
        {
            var row = 0;
            while (row < column.Length)
            {
                row += Fill(column, row, missing);
                await FlushAsync();
            }
        }

        private int Fill<T>(Column<T> column, int row, T missing)
            where T : unmanaged
        {
            var size = Marshal.SizeOf<T>() is var marshalled && typeof(T) == typeof(bool) ? 1 : marshalled;
            var rows = Math.Min((_chunk.Length - _used) / size, column.Length - row);
            var target = _chunk.AsSpan(_used, rows * size);
            MemoryMarshal.AsBytes(column.Values.Slice(row, rows)).CopyTo(target);
            if (column.Validity is not null)
            {
                var values = MemoryMarshal.Cast<byte, T>(target);
                for (var i = 0; i < rows; i++)
                {
                    if (column.IsNull(row + i))
                    {
                        values[i] = missing;
                    }
                }
            }

            _used += rows * size;
            return rows;
        }

        private async Task WriteTextsAsync(StringColumn column)
        {
            var offset = 0;
            await WriteValueAsync(offset);
            for (var row = 0; row < column.Length; row++)
            {
                offset = checked(offset + (column.IsNull(row) ? 0 : column.Bytes(row).Length));
                await WriteValueAsync(offset);
            }

            for (var row = 0; row < column.Length; row++)
            {
                for (var start = 0; !column.IsNull(row) && start < column.Bytes(row).Length;)
                {
                    start += Fill(column, row, start);
                    if (_used == _chunk.Length)
                    {
                        await FlushAsync();
                    }
                }
            }
        }

        private int Fill(StringColumn column, int row, int start)
        {
            var rest = column.Bytes(row)[start..];
            var taken = Math.Min(rest.Length, _chunk.Length - _used);
            rest[..taken].CopyTo(_chunk.AsSpan(_used));
            _used += taken;
            return taken;
        }

        private ValueTask WriteValueAsync<T>(T value)
            where T : unmanaged
        {
            const int Largest = 8;
            MemoryMarshal.Write(_chunk.AsSpan(_used), in value);
            _used += Marshal.SizeOf<T>();
            return _used > _chunk.Length - Largest ? FlushAsync() : ValueTask.CompletedTask;
        }

        private async Task WriteBytesAsync(ReadOnlyMemory<byte> bytes)
        {
            await FlushAsync();
            await stream.WriteAsync(bytes, cancellationToken);
        }

        private async ValueTask FlushAsync()
        {
            if (_used > 0)
            {
                await stream.WriteAsync(_chunk.AsMemory(0, _used), cancellationToken);
                _used = 0;
            }
        }
    }
}
