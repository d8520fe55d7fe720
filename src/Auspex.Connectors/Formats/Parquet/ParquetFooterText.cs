using System.Buffers.Binary;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>
/// Takes the footers of Parquet files of one row group apart, and makes one of them all: every number that says where something lies is moved by as
/// much as its row group was.
/// </summary>
/// <remarks>The numbers of fields are those of Parquet's format definition. What is not known here is copied as it stands.</remarks>
internal static class ParquetFooterText
{
    private const int TailLength = 8;

    /// <summary>What stands between the head and the foot of a file.</summary>
    public static ReadOnlySpan<byte> PagesOf(ReadOnlySpan<byte> file) => file[ParquetFooter.Magic.Length..^(TailLength + FooterLength(file))];

    /// <summary>What a file says of its only row group.</summary>
    /// <param name="file">The file.</param>
    /// <param name="shift">How much farther its pages lie where they go.</param>
    /// <param name="ordinal">The number of the row group there, from 0.</param>
    public static byte[] RowGroupOf(ReadOnlySpan<byte> file, long shift, int ordinal)
    {
        var footer = FooterOf(file);
        var reader = new ThriftReader(footer);
        var to = new ThriftWriter();
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            if (field == 4 && type == ThriftType.List)
            {
                var count = reader.ListHeader(out _);
                if (count != 1)
                {
                    throw new InvalidDataException($"Found {count} row groups; expected one.");
                }

                CopyRowGroup(ref reader, footer, to, shift, ordinal);
                return to.ToArray();
            }

            reader.Skip(type);
        }

        throw new InvalidDataException("Found no row groups in a footer.");
    }

    /// <summary>The foot of a file, from the footer on.</summary>
    /// <param name="empty">A file of the same schema without rows.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="rowGroups">What was said of each row group.</param>
    public static byte[] Of(ReadOnlySpan<byte> empty, long rows, IReadOnlyList<byte[]> rowGroups)
    {
        var footer = FooterOf(empty);
        var reader = new ThriftReader(footer);
        var to = new ThriftWriter();
        var field = 0;
        while (Next(ref reader, footer, to, ref field, out var type))
        {
            switch (field, type)
            {
                case (3, ThriftType.Int64):
                    reader.Int();
                    to.Int(rows);
                    break;
                case (4, ThriftType.List):
                    reader.Skip(type);
                    to.ListHeader(rowGroups.Count, ThriftType.Struct);
                    foreach (var group in rowGroups)
                    {
                        to.Raw(group);
                    }

                    break;
                default:
                    Copy(ref reader, footer, to, type);
                    break;
            }
        }

        var length = to.Length;
        Span<byte> tail = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(tail, length);
        to.Raw(tail);
        to.Raw(ParquetFooter.Magic);
        return to.ToArray();
    }

    private static void CopyRowGroup(ref ThriftReader reader, ReadOnlySpan<byte> footer, ThriftWriter to, long shift, int ordinal)
    {
        var field = 0;
        while (Next(ref reader, footer, to, ref field, out var type))
        {
            switch (field, type)
            {
                case (1, ThriftType.List):
                    var start = reader.Position;
                    var count = reader.ListHeader(out _);
                    to.Raw(footer[start..reader.Position]);
                    for (; count > 0; count--)
                    {
                        CopyStruct(ref reader, footer, to, shift, isColumnChunk: true);
                    }

                    break;
                case (5, ThriftType.Int64):
                    to.Int(Moved(reader.Int(), shift));
                    break;
                case (7, ThriftType.Int16):
                    reader.Int();
                    to.Int((short)ordinal);
                    break;
                default:
                    Copy(ref reader, footer, to, type);
                    break;
            }
        }
    }

    // In a chunk: where the metadata, the offset index and the column index lie. In its metadata: where pages, dictionary and Bloom filter do.
    private static void CopyStruct(ref ThriftReader reader, ReadOnlySpan<byte> footer, ThriftWriter to, long shift, bool isColumnChunk)
    {
        var field = 0;
        while (Next(ref reader, footer, to, ref field, out var type))
        {
            if (type == ThriftType.Int64 && (isColumnChunk ? field is 2 or 4 or 6 : field is 9 or 10 or 11 or 14))
            {
                to.Int(Moved(reader.Int(), shift));
            }
            else if (isColumnChunk && field == 3 && type == ThriftType.Struct)
            {
                CopyStruct(ref reader, footer, to, shift, isColumnChunk: false);
            }
            else
            {
                Copy(ref reader, footer, to, type);
            }
        }
    }

    // Nothing lies at the magic bytes: 0 means that there is no such thing.
    private static long Moved(long offset, long shift) => offset == 0 ? 0 : offset + shift;

    private static bool Next(ref ThriftReader reader, ReadOnlySpan<byte> footer, ThriftWriter to, ref int field, out ThriftType type)
    {
        var start = reader.Position;
        var isField = reader.NextField(ref field, out type);
        to.Raw(footer[start..reader.Position]);
        return isField;
    }

    private static void Copy(ref ThriftReader reader, ReadOnlySpan<byte> footer, ThriftWriter to, ThriftType type)
    {
        var start = reader.Position;
        reader.Skip(type);
        to.Raw(footer[start..reader.Position]);
    }

    private static ReadOnlySpan<byte> FooterOf(ReadOnlySpan<byte> file) => file[^(TailLength + FooterLength(file))..^TailLength];

    private static int FooterLength(ReadOnlySpan<byte> file) => BinaryPrimitives.ReadInt32LittleEndian(file[^TailLength..]);
}
