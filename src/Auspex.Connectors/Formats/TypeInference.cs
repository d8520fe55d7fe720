using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Finds the narrowest type that every text of a column can be read as: Int32, Int64, Double, Boolean, DateTime, TimeSpan, else
/// String. Numbers go before booleans, so that 0 and 1 are numbers. A column without any value is a String.
/// </summary>
internal struct TypeInference
{
    private Candidates _ruledOut;
    private bool _hasValue;

    [Flags]
    private enum Candidates : byte
    {
        None = 0,
        Int32 = 1,
        Int64 = 2,
        Double = 4,
        Boolean = 8,
        DateTime = 16,
        TimeSpan = 32,
    }

    /// <summary>The type that fits all texts so far.</summary>
    public readonly ColumnType Type =>
        !_hasValue ? ColumnType.String
        : Fits(Candidates.Int32) ? ColumnType.Int32
        : Fits(Candidates.Int64) ? ColumnType.Int64
        : Fits(Candidates.Double) ? ColumnType.Double
        : Fits(Candidates.Boolean) ? ColumnType.Boolean
        : Fits(Candidates.DateTime) ? ColumnType.DateTime
        : Fits(Candidates.TimeSpan) ? ColumnType.TimeSpan
        : ColumnType.String;

    /// <summary>Takes another text that is not a missing value into account.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        _hasValue = true;
        if (Fits(Candidates.Int32 | Candidates.Int64))
        {
            if (!CellParser.TryParseInt64(utf8, out var number))
            {
                _ruledOut |= Candidates.Int32 | Candidates.Int64;
            }
            else if (number != (int)number)
            {
                _ruledOut |= Candidates.Int32;
            }
        }

        if (!Fits(Candidates.Int64) && Fits(Candidates.Double) && !CellParser.TryParseDouble(utf8, out _))
        {
            _ruledOut |= Candidates.Double;
        }

        if (Fits(Candidates.Boolean) && !CellParser.TryParseWord(CellParser.Trim(utf8), out _))
        {
            _ruledOut |= Candidates.Boolean;
        }

        if (Fits(Candidates.DateTime) && !CellParser.TryParseDateTime(utf8, out _))
        {
            _ruledOut |= Candidates.DateTime;
        }

        if (Fits(Candidates.TimeSpan) && !CellParser.TryParseTimeSpan(utf8, out _))
        {
            _ruledOut |= Candidates.TimeSpan;
        }
    }

    private readonly bool Fits(Candidates candidates) => (_ruledOut & candidates) != candidates;
}
