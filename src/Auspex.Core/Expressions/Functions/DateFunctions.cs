using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

internal static class DateFunctions
{
    public static void Register(FunctionFamily family)
    {
        family.Add("addDays", 2, 3, "timestamp, days, format?", "the time moved by days",
            call => Add(call, TimeSpan.TicksPerDay));
        family.Add("addHours", 2, 3, "timestamp, hours, format?", "the time moved by hours",
            call => Add(call, TimeSpan.TicksPerHour));
        family.Add("addMinutes", 2, 3, "timestamp, minutes, format?", "the time moved by minutes",
            call => Add(call, TimeSpan.TicksPerMinute));
        family.Add("addSeconds", 2, 3, "timestamp, seconds, format?", "the time moved by seconds",
            call => Add(call, TimeSpan.TicksPerSecond));
        family.Add("addToTime", 3, 4, "timestamp, count, unit, format?", "the time later by units",
            call => Move(call, 1));
        family.Add("convertFromUtc", 2, 3, "timestamp, zone, format?", "a UTC time on a zone's clock",
            TimeZoneFunctions.ConvertFromUtc);
        family.Add("convertTimeZone", 3, 4, "timestamp, from, to, format?", "a zone's time on another's clock",
            TimeZoneFunctions.ConvertTimeZone);
        family.Add("convertToUtc", 2, 3, "timestamp, zone, format?", "a zone's time in UTC",
            TimeZoneFunctions.ConvertToUtc);
        family.Add("dayOfMonth", 1, 1, "timestamp", "the day, from 1", call => (long)Timestamp.Read(call, 0).Clock.Day);
        family.Add("dayOfWeek", 1, 1, "timestamp", "the weekday, Sunday is 0",
            call => (long)Timestamp.Read(call, 0).Clock.DayOfWeek);
        family.Add("dayOfYear", 1, 1, "timestamp", "the day of the year, from 1",
            call => (long)Timestamp.Read(call, 0).Clock.DayOfYear);
        family.Add("formatDateTime", 1, 3, "timestamp, format?, locale?", "the time in a .NET format", FormatDateTime);
        family.Add("getFutureTime", 2, 3, "count, unit, format?", "the time from now on by units",
            call => FromNow(call, 1));
        family.Add("getPastTime", 2, 3, "count, unit, format?", "the time before now by units",
            call => FromNow(call, -1));
        family.Add("startOfDay", 1, 2, "timestamp, format?", "the day's first instant",
            call => Start(call, clock => clock.Date));
        family.Add("startOfHour", 1, 2, "timestamp, format?", "the hour's first instant",
            call => Start(call, clock => clock.Date.AddHours(clock.Hour)));
        family.Add("startOfMonth", 1, 2, "timestamp, format?", "the month's first instant",
            call => Start(call, clock => clock.Date.AddDays(1 - clock.Day)));
        family.Add("subtractFromTime", 3, 4, "timestamp, count, unit, format?", "the time earlier by units",
            call => Move(call, -1));
        family.Add("ticks", 1, 1, "timestamp", "100 ns units since the year 1",
            call => Timestamp.Read(call, 0).Clock.Ticks);
        family.Add("utcNow", 0, 1, "format?", "the present time",
            call => Timestamp.Now(call.Context).Write(call, call.TextOrNone(0)));
    }

    private static ExpressionValue Add(CallArguments arguments, long ticksPerUnit)
    {
        var time = Timestamp.Read(arguments, 0);
        return time.Plus(arguments, (Int128)arguments.Integer(1) * ticksPerUnit).Write(arguments, arguments.TextOrNone(2));
    }

    private static ExpressionValue Move(CallArguments arguments, int sign)
    {
        var time = Timestamp.Read(arguments, 0);
        return Moved(arguments, time, sign * (Int128)arguments.Integer(1), arguments.Text(2))
            .Write(arguments, arguments.TextOrNone(3));
    }

    private static ExpressionValue FromNow(CallArguments arguments, int sign)
    {
        var time = Timestamp.Now(arguments.Context);
        return Moved(arguments, time, sign * (Int128)arguments.Integer(0), arguments.Text(1))
            .Write(arguments, arguments.TextOrNone(2));
    }

    private static Timestamp Moved(CallArguments arguments, Timestamp time, Int128 count, string unit) =>
        unit.ToUpperInvariant() switch
        {
            "SECOND" => time.Plus(arguments, count * TimeSpan.TicksPerSecond),
            "MINUTE" => time.Plus(arguments, count * TimeSpan.TicksPerMinute),
            "HOUR" => time.Plus(arguments, count * TimeSpan.TicksPerHour),
            "DAY" => time.Plus(arguments, count * TimeSpan.TicksPerDay),
            "WEEK" => time.Plus(arguments, count * 7 * TimeSpan.TicksPerDay),
            "MONTH" => time.PlusMonths(arguments, count),
            "YEAR" => time.PlusMonths(arguments, count * 12),
            _ => throw arguments.Invalid(
                $"The time unit '{ExpressionErrors.Quoted(unit)}' is none of Second, Minute, Hour, Day, Week, Month and Year."),
        };

    private static ExpressionValue FormatDateTime(CallArguments arguments)
    {
        var time = Timestamp.Read(arguments, 0);
        var locale = arguments.TextOrNone(2) is { } tag
            ? Locale.Find(tag) ?? throw Locale.Unknown(arguments, tag)
            : Locale.English;
        return time.Write(arguments, arguments.TextOrNone(1), locale);
    }

    private static ExpressionValue Start(CallArguments arguments, Func<DateTime, DateTime> truncate)
    {
        var time = Timestamp.Read(arguments, 0);
        return (time with { Clock = truncate(time.Clock) }).Write(arguments, arguments.TextOrNone(1));
    }
}
