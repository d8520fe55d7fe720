namespace Auspex.Connectors.Formats.Arrow;

/// <summary>Arrow's types by their number in the format's <c>Type</c> union.</summary>
internal enum ArrowKind : byte
{
    None = 0,
    Null = 1,
    Int = 2,
    FloatingPoint = 3,
    Binary = 4,
    Utf8 = 5,
    Bool = 6,
    Decimal = 7,
    Date = 8,
    Time = 9,
    Timestamp = 10,
    Interval = 11,
    List = 12,
    Struct = 13,
    Union = 14,
    FixedSizeBinary = 15,
    FixedSizeList = 16,
    Map = 17,
    Duration = 18,
    LargeBinary = 19,
    LargeUtf8 = 20,
    LargeList = 21,
    RunEndEncoded = 22,
    BinaryView = 23,
    Utf8View = 24,
    ListView = 25,
    LargeListView = 26,
}

/// <summary>What an instant or a duration counts.</summary>
internal enum ArrowUnit : short
{
    Second = 0,
    Millisecond = 1,
    Microsecond = 2,
    Nanosecond = 3,
}

/// <summary>A type with what it needs to be read.</summary>
/// <param name="Kind">Which type.</param>
/// <param name="Bits">Width of integers, floating-point numbers, decimals and times.</param>
/// <param name="IsSigned">For integers.</param>
/// <param name="Unit">For times, instants and durations; for dates Day is <see cref="ArrowUnit.Second"/>, else milliseconds.</param>
/// <param name="Scale">For decimals.</param>
/// <param name="IsDense">For unions.</param>
internal sealed record ArrowType(
    ArrowKind Kind, int Bits = 0, bool IsSigned = true, ArrowUnit Unit = default, int Scale = 0, bool IsDense = false);

/// <summary>A column, or a part of a nested one, as the schema names it.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The type of the values; for a dictionary-encoded column that of the dictionary's.</param>
/// <param name="IsNullable">Whether values may be missing.</param>
/// <param name="Children">Parts of a nested type.</param>
/// <param name="Dictionary">How the column refers to a dictionary; null when it holds its values itself.</param>
/// <param name="Metadata">Notes that writers leave.</param>
internal sealed record ArrowField(
    string Name,
    ArrowType Type,
    bool IsNullable,
    IReadOnlyList<ArrowField> Children,
    ArrowDictionary? Dictionary,
    IReadOnlyDictionary<string, string> Metadata);

/// <summary>A reference to a dictionary.</summary>
/// <param name="Id">Which.</param>
/// <param name="Index">The type of the codes.</param>
/// <param name="IsOrdered">Whether the order of its values means something.</param>
internal sealed record ArrowDictionary(long Id, ArrowType Index, bool IsOrdered);
