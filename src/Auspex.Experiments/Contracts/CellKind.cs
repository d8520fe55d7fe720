using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Contracts;

/// <summary>What a cell seems to be that is not what it should be.</summary>
internal enum CellKind
{
    Text,
    Number,
    NumberWithComma,
    LargeNumber,
    Date,
    Truth,
}

/// <summary>Names kinds of cells, and says what to do about them.</summary>
internal static class CellKinds
{
    private const int Longest = 64;

    public static CellKind Of(ReadOnlySpan<byte> cell)
    {
        if (CellParser.TryParseInt64(cell, out _))
        {
            return CellKind.LargeNumber;
        }

        if (CellParser.TryParseDouble(cell, out _))
        {
            return CellKind.Number;
        }

        return IsNumberWithComma(cell) ? CellKind.NumberWithComma
            : CellParser.TryParseBoolean(cell, out _) ? CellKind.Truth
            : CellParser.TryParseDateTime(cell, out _) ? CellKind.Date
            : CellKind.Text;
    }

    public static string Describe(CellKind kind, ColumnType expected) => kind switch
    {
        CellKind.Number => "numbers with a fraction or an exponent",
        CellKind.NumberWithComma => "numbers with a comma",
        CellKind.LargeNumber => expected is ColumnType.Int32 ? "whole numbers beyond 32 bits" : "numbers",
        CellKind.Date => "dates",
        CellKind.Truth => "true or false",
        _ => "text",
    };

    public static string Remedy(CellKind kind, ColumnType expected) => kind switch
    {
        CellKind.NumberWithComma => "Write numbers with a point and without thousands separators.",
        CellKind.Number when expected is ColumnType.Int32 or ColumnType.Int64 =>
            "Write whole numbers without a fraction; or train again with a table that has fractions in this column.",
        _ => $"Write {ColumnExpectation.Describe(expected)}, leave missing ones empty, and see that columns have not moved.",
    };

    private static bool IsNumberWithComma(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > Longest || !cell.Contains((byte)','))
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[Longest];
        var length = 0;
        foreach (var letter in cell)
        {
            if (letter is not ((byte)',' or (byte)'.'))
            {
                plain[length++] = letter;
            }
        }

        return CellParser.TryParseDouble(plain[..length], out _);
    }
}
