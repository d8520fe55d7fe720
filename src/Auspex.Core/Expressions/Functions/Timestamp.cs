using System.Globalization;
using System.Text;

namespace Auspex.Expressions.Functions;

/// <summary>What a timestamp said of its zone, which is what is printed behind a result.</summary>
internal enum ZoneMark : byte
{
    /// <summary>Nothing; nothing is printed.</summary>
    None,

    /// <summary><c>Z</c>.</summary>
    Utc,

    /// <summary>An offset: the time was converted to UTC, and <c>+00:00</c> is printed.</summary>
    Offset,
}

/// <summary>A point on a clock and what was said of the clock's zone.</summary>
internal readonly record struct Timestamp(DateTime Clock, ZoneMark Mark)
{
    private const string ZeroOffset = "+00:00";

    public static Timestamp Now(ExpressionContext context) => new(context.Clock.GetUtcNow().UtcDateTime, ZoneMark.Utc);

    /// <summary>Reads ISO 8601 and what .NET reads in English, month before day.</summary>
    public static Timestamp Read(CallArguments arguments, int index)
    {
        var text = arguments.Text(index);
        const DateTimeStyles styles = DateTimeStyles.RoundtripKind | DateTimeStyles.NoCurrentDateDefault;
        var provider = Locale.English.Dates;
        if (!DateTime.TryParse(text, provider, styles, out var clock))
        {
            throw ExpressionErrors.Failed(
                $"In function '{arguments.Function.Name}', the value provided for date time string " +
                $"'{ExpressionErrors.Quoted(text)}' was not valid. The datetime string must match ISO 8601 format.");
        }

        var mark = clock.Kind switch
        {
            DateTimeKind.Utc => ZoneMark.Utc,
            DateTimeKind.Local => ZoneMark.Offset,
            _ => ZoneMark.None,
        };
        if (mark == ZoneMark.Offset)
        {
            // Parsed again, since the first answer went through the machine's own zone.
            clock = DateTime.Parse(text, provider, DateTimeStyles.AdjustToUniversal);
        }

        if (clock.Date == DateTime.MinValue && !text.Contains("0001", StringComparison.Ordinal))
        {
            clock = arguments.Context.Clock.GetUtcNow().Date + clock.TimeOfDay;
        }

        return new Timestamp(clock, mark);
    }

    /// <summary>The time moved by a number of ticks.</summary>
    public Timestamp Plus(CallArguments arguments, Int128 ticks)
    {
        var moved = Clock.Ticks + ticks;
        return moved >= DateTime.MinValue.Ticks && moved <= DateTime.MaxValue.Ticks
            ? this with { Clock = new DateTime((long)moved) }
            : throw arguments.Overflow();
    }

    /// <summary>The time moved by months; the day is clamped to the month's last.</summary>
    public Timestamp PlusMonths(CallArguments arguments, Int128 months)
    {
        var moved = (Clock.Year * 12) + Clock.Month - 1 + months;
        return moved >= 12 && moved < 12 * 10_000
            ? this with { Clock = Clock.AddMonths((int)months) }
            : throw arguments.Overflow();
    }

    /// <summary>
    /// Writes the time in a .NET format, by default the round-trip format with what fits the zone behind it.
    /// </summary>
    public string Write(CallArguments arguments, string? format, Locale? locale = null)
    {
        // Always as UTC, since another kind would let the zone of this machine into formats U and z.
        var clock = DateTime.SpecifyKind(Clock, DateTimeKind.Utc);
        if (format is null or "o" or "O")
        {
            var text = clock.ToString("o", CultureInfo.InvariantCulture);
            return Mark switch
            {
                ZoneMark.Utc => text,
                ZoneMark.None => text[..^1],
                _ => text[..^1] + ZeroOffset,
            };
        }

        try
        {
            if (Mark != ZoneMark.Utc && format.Length > 1 && format.Contains('K', StringComparison.Ordinal))
            {
                format = WithoutZoneLetter(format, Mark == ZoneMark.Offset ? $"'{ZeroOffset}'" : "''");
            }

            return clock.ToString(format, (locale ?? Locale.English).Dates);
        }
        catch (FormatException exception)
        {
            throw arguments.Invalid(
                $"The format '{ExpressionErrors.Quoted(format)}' is not a date and time format.", exception);
        }
    }

    // Puts in place of K what the mark prints: the clock is formatted as UTC, so that K would always print Z.
    private static string WithoutZoneLetter(string format, string replacement)
    {
        var result = new StringBuilder(format.Length);
        for (var i = 0; i < format.Length; i++)
        {
            var character = format[i];
            if (character == '%' && i + 1 < format.Length && format[i + 1] == 'K')
            {
                continue;
            }

            if (character == 'K')
            {
                result.Append(replacement);
            }
            else if (character == '\\' && i + 1 < format.Length)
            {
                result.Append(character).Append(format[++i]);
            }
            else if (character is '\'' or '"')
            {
                var end = EndOfQuoted(format, i);
                result.Append(format, i, end - i);
                i = end - 1;
            }
            else
            {
                result.Append(character);
            }
        }

        return result.ToString();
    }

    private static int EndOfQuoted(string format, int start)
    {
        for (var i = start + 1; i < format.Length; i++)
        {
            if (format[i] == '\\')
            {
                i++;
            }
            else if (format[i] == format[start])
            {
                return i + 1;
            }
        }

        return format.Length;
    }
}
