namespace Auspex.Connectors.Formats.Arrow;

/// <summary>Reads the format's <c>Schema</c> table.</summary>
internal static class ArrowSchema
{
    private const int DeepestField = 64;
    private const int MostFields = 1_000_000;

    private static readonly Dictionary<string, string> NoMetadata = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The schema is damaged.</exception>
    /// <exception cref="NotSupportedException">It is big-endian.</exception>
    public static IReadOnlyList<ArrowField> Read(FlatTable schema)
    {
        if (schema.Int16(0) != 0)
        {
            throw new NotSupportedException("its numbers are big-endian");
        }

        var left = MostFields;
        return ReadFields(schema.Tables(1), 0, ref left);
    }

    /// <summary>A name and a text for every entry; the last wins where there are several of a name.</summary>
    private static Dictionary<string, string> ReadMetadata(FlatTable owner, int field)
    {
        var entries = owner.Tables(field);
        if (entries.Length == 0)
        {
            return NoMetadata;
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            metadata[entry.Text(0) ?? ""] = entry.Text(1) ?? "";
        }

        return metadata;
    }

    // A few bytes can refer to the same child again and again, so both depth and number are bounded.
    private static ArrowField[] ReadFields(FlatTable[] tables, int depth, ref int left)
    {
        left -= tables.Length;
        if (depth > DeepestField || left < 0)
        {
            throw new InvalidDataException("its schema is nested too deep or has too many fields");
        }

        var fields = new ArrowField[tables.Length];
        for (var i = 0; i < tables.Length; i++)
        {
            var table = tables[i];
            fields[i] = new ArrowField(
                table.Text(0) ?? "",
                ReadType((ArrowKind)table.UInt8(2), table.Table(3)),
                table.Boolean(1),
                ReadFields(table.Tables(5), depth + 1, ref left),
                table.Table(4) is { } dictionary ? ReadDictionary(dictionary) : null,
                ReadMetadata(table, 6));
        }

        return fields;
    }

    private static ArrowDictionary ReadDictionary(FlatTable table) => new(
        table.Int64(0),
        table.Table(1) is { } index ? ReadType(ArrowKind.Int, index) : new ArrowType(ArrowKind.Int, 32),
        table.Boolean(2));

    private static ArrowType ReadType(ArrowKind kind, FlatTable? type)
    {
        if (type is not { } table)
        {
            return new ArrowType(kind);
        }

        return kind switch
        {
            ArrowKind.Int => new ArrowType(kind, table.Int32(0), table.Boolean(1)),
            ArrowKind.FloatingPoint => new ArrowType(kind, table.Int16(0) switch { 0 => 16, 1 => 32, _ => 64 }),
            ArrowKind.Decimal => new ArrowType(kind, table.Int32(2, 128), Scale: table.Int32(1)),
            ArrowKind.Date => new ArrowType(kind, Unit: (ArrowUnit)table.Int16(0, (short)ArrowUnit.Millisecond)),
            ArrowKind.Time => new ArrowType(kind, table.Int32(1, 32), Unit: (ArrowUnit)table.Int16(0, (short)ArrowUnit.Millisecond)),
            ArrowKind.Timestamp => new ArrowType(kind, 64, Unit: (ArrowUnit)table.Int16(0)),
            ArrowKind.Duration => new ArrowType(kind, 64, Unit: (ArrowUnit)table.Int16(0, (short)ArrowUnit.Millisecond)),
            ArrowKind.Union => new ArrowType(kind, IsDense: table.Int16(0) == 1),
            _ => new ArrowType(kind),
        };
    }
}
