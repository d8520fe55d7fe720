namespace Auspex.Connectors.Tables;

/// <summary>Collects booleans.</summary>
public sealed class BooleanColumnBuilder(int capacity = 0) : ColumnBuilder<bool>(capacity)
{
    /// <inheritdoc/>
    public override bool TryAppendText(ReadOnlySpan<byte> utf8)
    {
        if (!CellParser.TryParseBoolean(utf8, out var value))
        {
            return false;
        }

        Append(value);
        return true;
    }

    /// <inheritdoc/>
    public override void Append(object? value)
    {
        switch (value)
        {
            case null: AppendNull(); break;
            case bool boolean: Append(boolean); break;
            case string text when CellParser.TryParse(text, CellParser.TryParseBoolean, out bool parsed): Append(parsed); break;
            default: throw Mismatch(value, "True or False");
        }
    }

    private protected override Column MakeColumn(ulong[]? validity) => new BooleanColumn(HandOver(), Count, validity);
}

/// <summary>Collects integers within a range; values outside it are refused.</summary>
public sealed class Int64ColumnBuilder(int capacity = 0, long minimum = long.MinValue, long maximum = long.MaxValue)
    : ColumnBuilder<long>(capacity)
{
    /// <inheritdoc/>
    /// <remarks>Takes <c>39.0</c> for 39 too: other programs write integers so once a column has had missing values.</remarks>
    public override bool TryAppendText(ReadOnlySpan<byte> utf8)
    {
        if (!TryParse(utf8, out var value))
        {
            return false;
        }

        Append(value);
        return true;
    }

    /// <inheritdoc/>
    public override void Append(object? value)
    {
        switch (value)
        {
            case null: AppendNull(); break;
            case int or long or short or byte or sbyte or ushort or uint:
                Append(InRange(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case string text when CellParser.TryParse(text, TryParse, out long parsed): Append(parsed); break;
            default: throw Mismatch(value, "a whole number");
        }
    }

    /// <summary>The greatest number of the range, which holds 0.</summary>
    internal long Greatest => maximum;

    /// <summary>Whether a number is within the range.</summary>
    internal bool Takes(long value) => value >= minimum && value <= maximum;

    private protected override Column MakeColumn(ulong[]? validity) => new Int64Column(HandOver(), Count, validity);

    private bool TryParse(ReadOnlySpan<byte> utf8, out long value)
    {
        if (!CellParser.TryParseInt64(utf8, out value))
        {
            // The bounds are powers of two that a double holds exactly, so the cast below cannot overflow.
            if (!CellParser.TryParseDouble(utf8, out var number)
                || number != Math.Truncate(number)
                || number < -9223372036854775808.0
                || number >= 9223372036854775808.0)
            {
                return false;
            }

            value = (long)number;
        }

        return Takes(value);
    }

    private long InRange(long value) =>
        Takes(value)
            ? value
            : throw new ArgumentException($"A number lies outside {minimum} to {maximum}.", nameof(value));
}

/// <summary>Collects double-precision numbers.</summary>
public sealed class DoubleColumnBuilder(int capacity = 0) : ColumnBuilder<double>(capacity)
{
    /// <inheritdoc/>
    public override bool TryAppendText(ReadOnlySpan<byte> utf8)
    {
        if (!CellParser.TryParseDouble(utf8, out var value))
        {
            return false;
        }

        Append(value);
        return true;
    }

    /// <inheritdoc/>
    public override void Append(object? value)
    {
        switch (value)
        {
            case null: AppendNull(); break;
            case double number: Append(number); break;
            case int or long or float or decimal or short or byte or sbyte or ushort or uint or ulong:
                Append(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case string text when CellParser.TryParse(text, CellParser.TryParseDouble, out double parsed): Append(parsed); break;
            default: throw Mismatch(value, "a number");
        }
    }

    private protected override Column MakeColumn(ulong[]? validity) => new DoubleColumn(HandOver(), Count, validity);
}

/// <summary>Collects dates and times in ticks since 0001-01-01.</summary>
public sealed class DateTimeColumnBuilder(int capacity = 0) : ColumnBuilder<long>(capacity)
{
    /// <inheritdoc/>
    public override bool TryAppendText(ReadOnlySpan<byte> utf8)
    {
        if (!CellParser.TryParseDateTime(utf8, out var value))
        {
            return false;
        }

        Append(value);
        return true;
    }

    /// <inheritdoc/>
    public override void Append(object? value)
    {
        switch (value)
        {
            case null: AppendNull(); break;
            case DateTime time: Append(time.Ticks); break;
            case DateTimeOffset time: Append(time.UtcTicks); break;
            case DateOnly date: Append(date.ToDateTime(TimeOnly.MinValue).Ticks); break;
            case string text when CellParser.TryParse(text, CellParser.TryParseDateTime, out long parsed): Append(parsed); break;
            default: throw Mismatch(value, "a date and time");
        }
    }

    private protected override Column MakeColumn(ulong[]? validity) => new DateTimeColumn(HandOver(), Count, validity);
}

/// <summary>Collects durations in ticks.</summary>
public sealed class TimeSpanColumnBuilder(int capacity = 0) : ColumnBuilder<long>(capacity)
{
    /// <inheritdoc/>
    public override bool TryAppendText(ReadOnlySpan<byte> utf8)
    {
        if (!CellParser.TryParseTimeSpan(utf8, out var value))
        {
            return false;
        }

        Append(value);
        return true;
    }

    /// <inheritdoc/>
    public override void Append(object? value)
    {
        switch (value)
        {
            case null: AppendNull(); break;
            case TimeSpan duration: Append(duration.Ticks); break;
            case TimeOnly time: Append(time.Ticks); break;
            case string text when CellParser.TryParse(text, CellParser.TryParseTimeSpan, out long parsed): Append(parsed); break;
            default: throw Mismatch(value, "a duration");
        }
    }

    private protected override Column MakeColumn(ulong[]? validity) => new TimeSpanColumn(HandOver(), Count, validity);
}
