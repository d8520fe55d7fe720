using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

/// <summary>Conversions between zones, which are named by Windows ids.</summary>
internal static class TimeZoneFunctions
{
    public static ExpressionValue ConvertFromUtc(CallArguments arguments)
    {
        var time = Timestamp.Read(arguments, 0);
        var zone = Zone(arguments, 1);
        var local = TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(time.Clock, DateTimeKind.Utc), zone);
        return new Timestamp(local, ZoneMark.None).Write(arguments, arguments.TextOrNone(2));
    }

    public static ExpressionValue ConvertToUtc(CallArguments arguments)
    {
        var time = Timestamp.Read(arguments, 0);
        var utc = ToUtc(arguments, time, Zone(arguments, 1));
        return new Timestamp(utc, ZoneMark.Utc).Write(arguments, arguments.TextOrNone(2));
    }

    public static ExpressionValue ConvertTimeZone(CallArguments arguments)
    {
        var time = Timestamp.Read(arguments, 0);
        var utc = ToUtc(arguments, time, Zone(arguments, 1));
        var target = Zone(arguments, 2);
        var mark = target.Equals(TimeZoneInfo.Utc) ? ZoneMark.Utc : ZoneMark.None;
        return new Timestamp(TimeZoneInfo.ConvertTimeFromUtc(utc, target), mark).Write(arguments, arguments.TextOrNone(3));
    }

    private static DateTime ToUtc(CallArguments arguments, Timestamp time, TimeZoneInfo zone)
    {
        if (zone.Equals(TimeZoneInfo.Utc))
        {
            return DateTime.SpecifyKind(time.Clock, DateTimeKind.Utc);
        }

        if (time.Mark != ZoneMark.None)
        {
            throw arguments.Invalid(
                "The timestamp is already marked as UTC or with an offset, so it cannot be a local time of zone " +
                $"'{arguments.Text(1)}'.");
        }

        var clock = DateTime.SpecifyKind(time.Clock, DateTimeKind.Unspecified);
        return zone.IsInvalidTime(clock)
            ? throw arguments.Invalid($"The clocks of zone '{arguments.Text(1)}' skip this time when daylight saving begins.")
            : TimeZoneInfo.ConvertTimeToUtc(clock, zone);
    }

    private static TimeZoneInfo Zone(CallArguments arguments, int index)
    {
        var id = arguments.Text(index);
        switch (WindowsTimeZones.Find(id, out var zone))
        {
            case WindowsTimeZones.Outcome.Found:
                return zone!;
            case WindowsTimeZones.Outcome.NoSystemData:
                throw ExpressionErrors.Failed(
                    $"In the function '{arguments.Function.Name}', the time zone '{id}' is known, but this machine has no " +
                    "time zone data for it. Install the system's package of time zones (tzdata).");
            default:
                throw ExpressionErrors.Failed(
                    $"In the function '{arguments.Function.Name}', the value provided for the time zone id " +
                    $"'{ExpressionErrors.Quoted(id)}' was not valid.");
        }
    }
}
