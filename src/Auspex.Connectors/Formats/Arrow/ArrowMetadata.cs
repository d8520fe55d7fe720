using System.Buffers.Binary;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>Writes the metadata of messages: schemas, batches and the footer of a file.</summary>
internal static class ArrowMetadata
{
    private const short Version5 = 4;
    private const byte Zstd = 1;
    private const int Alignment = 8;

    /// <summary>A schema as a message, framed.</summary>
    /// <param name="schema">The columns; a categorical one refers to the dictionary with its own index.</param>
    /// <param name="unit">What times are counted in.</param>
    /// <param name="withLevels">Whether levels are noted, for a format that has no dictionaries beforehand.</param>
    public static byte[] SchemaMessage(TableSchema schema, ArrowUnit unit, bool withLevels)
    {
        var builder = new FlatBuilder();
        return Frame(builder, ArrowMessageKind.Schema, Schema(builder, schema, unit, withLevels), 0);
    }

    /// <summary>A record batch as a message, framed; its body follows.</summary>
    public static byte[] RecordBatchMessage(ArrowBody body, bool isCompressed)
    {
        var builder = new FlatBuilder();
        return Frame(builder, ArrowMessageKind.RecordBatch, RecordBatch(builder, body, isCompressed), body.Length);
    }

    /// <summary>A dictionary as a message, framed; its body follows.</summary>
    public static byte[] DictionaryMessage(long id, ArrowBody body, bool isCompressed)
    {
        var builder = new FlatBuilder();
        var batch = RecordBatch(builder, body, isCompressed);
        var header = builder.Begin(3).Add(0, id).AddOffset(1, batch).End();
        return Frame(builder, ArrowMessageKind.DictionaryBatch, header, body.Length);
    }

    /// <summary>The footer of a file: its schema again, and where each batch lies.</summary>
    public static byte[] Footer(
        TableSchema schema, ArrowUnit unit, IReadOnlyList<ArrowBlock> dictionaries, IReadOnlyList<ArrowBlock> batches)
    {
        var builder = new FlatBuilder();
        var table = Schema(builder, schema, unit, withLevels: false);
        var batchBlocks = builder.Int64s(Blocks(batches), 3);
        var dictionaryBlocks = builder.Int64s(Blocks(dictionaries), 3);
        var root = builder.Begin(4)
            .AddOffset(3, batchBlocks)
            .AddOffset(2, dictionaryBlocks)
            .AddOffset(1, table)
            .Add(0, Version5)
            .End();
        return builder.Finish(root).ToArray();
    }

    private static long[] Blocks(IReadOnlyList<ArrowBlock> blocks) =>
        [.. blocks.SelectMany(block => new[] { block.Offset, block.MetadataLength, block.BodyLength })];

    private static byte[] Frame(FlatBuilder builder, ArrowMessageKind kind, int header, long bodyLength)
    {
        var root = builder.Begin(5)
            .Add(3, bodyLength)
            .AddOffset(2, header)
            .Add(0, Version5)
            .Add(1, (byte)kind)
            .End();
        var message = builder.Finish(root);
        var length = (message.Length + Alignment - 1) & ~(Alignment - 1);
        var framed = new byte[(2 * sizeof(int)) + length];
        BinaryPrimitives.WriteInt32LittleEndian(framed, -1);
        BinaryPrimitives.WriteInt32LittleEndian(framed.AsSpan(sizeof(int)), length);
        message.CopyTo(framed.AsSpan(2 * sizeof(int)));
        return framed;
    }

    private static int RecordBatch(FlatBuilder builder, ArrowBody body, bool isCompressed)
    {
        var buffers = builder.Int64s(body.Buffers, 2);
        var nodes = builder.Int64s(body.Nodes, 2);
        var compression = isCompressed ? builder.Begin(2).Add(0, Zstd).End() : 0;
        builder.Begin(5).Add(0, body.Rows).AddOffset(1, nodes).AddOffset(2, buffers);
        return (isCompressed ? builder.AddOffset(3, compression) : builder).End();
    }

    private static int Schema(FlatBuilder builder, TableSchema schema, ArrowUnit unit, bool withLevels)
    {
        var fields = new int[schema.Fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = Field(builder, schema.Fields[i], i, unit, withLevels);
        }

        var vector = builder.Offsets(fields);
        return builder.Begin(4).AddOffset(1, vector).Add(0, (short)0).End();
    }

    private static int Field(FlatBuilder builder, TableField field, long dictionaryId, ArrowUnit unit, bool withLevels)
    {
        var arrow = ArrowTypes.ToArrow(field, unit);
        var name = builder.Text(field.Name);
        var type = Type(builder, arrow);
        var children = builder.Offsets([]);
        var dictionary = 0;
        if (field.Categories is { } domain)
        {
            var index = builder.Begin(2).Add(0, 32).Add(1, true).End();
            dictionary = builder.Begin(4).Add(0, dictionaryId).AddOffset(1, index).Add(2, domain.IsOrdered).End();
        }

        var metadata = Metadata(builder, ArrowTypes.Notes(field, withLevels));
        builder.Begin(7).AddOffset(0, name).AddOffset(3, type).AddOffset(5, children);
        if (dictionary != 0)
        {
            builder.AddOffset(4, dictionary);
        }

        if (metadata != 0)
        {
            builder.AddOffset(6, metadata);
        }

        return builder.Add(1, field.IsNullable).Add(2, (byte)arrow.Kind).End();
    }

    private static int Type(FlatBuilder builder, ArrowType type) => type.Kind switch
    {
        ArrowKind.Int => builder.Begin(2).Add(0, type.Bits).Add(1, type.IsSigned).End(),
        ArrowKind.FloatingPoint => builder.Begin(1).Add(0, (short)2).End(),
        ArrowKind.Timestamp => builder.Begin(2).Add(0, (short)type.Unit).End(),
        ArrowKind.Duration => builder.Begin(1).Add(0, (short)type.Unit).End(),
        _ => builder.Begin(0).End(),
    };

    private static int Metadata(FlatBuilder builder, IEnumerable<KeyValuePair<string, string>> notes)
    {
        var entries = new List<int>();
        foreach (var (key, value) in notes)
        {
            var keyText = builder.Text(key);
            var valueText = builder.Text(value);
            entries.Add(builder.Begin(2).AddOffset(0, keyText).AddOffset(1, valueText).End());
        }

        return entries.Count == 0 ? 0 : builder.Offsets([.. entries]);
    }
}

/// <summary>Where a message lies in a file.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="MetadataLength">Bytes before its body, frame included.</param>
/// <param name="BodyLength">Bytes of its body.</param>
internal readonly record struct ArrowBlock(long Offset, int MetadataLength, long BodyLength);
