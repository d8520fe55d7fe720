using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Triggers;
using Auspex.Engine.Triggers;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Engine.Triggers;

public sealed class RecurrenceTests
{
    private const int Seed = 4711;

    [Theory]
    [InlineData("""{"frequency": "Minute", "interval": 15, "startTime": "2026-01-01T00:07:30Z"}""", "2026-01-01T01:00:00Z", "01 01:07:30, 01 01:22:30, 01 01:37:30")]
    [InlineData("""{"frequency": "Hour", "interval": 6, "startTime": "2026-01-01T01:00:00Z"}""", "2026-01-03T00:00:00Z", "03 01:00:00, 03 07:00:00, 03 13:00:00")]
    [InlineData("""{"frequency": "Hour", "interval": 2, "startTime": "2026-01-01T01:20:00Z", "schedule": {"minutes": [0, 30]}}""", "2026-01-01T00:00:00Z", "01 01:30:00, 01 03:00:00, 01 03:30:00")]
    [InlineData("""{"frequency": "Minute", "interval": 30, "startTime": "2026-01-01T00:00:00Z", "schedule": {"hours": [9, 17]}}""", "2026-01-01T00:00:00Z", "01 09:00:00, 01 09:30:00, 01 17:00:00")]
    [InlineData("""{"frequency": "Day", "interval": 1, "startTime": "2026-01-01T06:15:00Z"}""", "2026-01-01T06:15:00Z", "02 06:15:00, 03 06:15:00, 04 06:15:00")]
    [InlineData("""{"frequency": "Day", "interval": 3, "startTime": "2026-01-01T06:15:00Z", "schedule": {"hours": [5, 17], "minutes": [15, 45]}}""", "2026-01-01T00:00:00Z", "01 17:15:00, 01 17:45:00, 04 05:15:00")]
    [InlineData("""{"frequency": "Week", "interval": 2, "startTime": "2026-01-01T08:00:00Z", "schedule": {"weekDays": ["monday", "Saturday"]}}""", "2026-01-01T00:00:00Z", "03 08:00:00, 12 08:00:00, 17 08:00:00")]
    [InlineData("""{"frequency": "Week", "interval": 1, "startTime": "2026-01-01T08:00:00Z"}""", "2026-01-01T08:00:00Z", "08 08:00:00, 15 08:00:00, 22 08:00:00")]
    [InlineData("""{"frequency": "Month", "interval": 1, "startTime": "2026-01-31T08:00:00Z"}""", "2026-01-01T08:00:00Z", "31 08:00:00, 28 08:00:00, 31 08:00:00")]
    [InlineData("""{"frequency": "Month", "interval": 1, "startTime": "2026-01-01T08:00:00Z", "schedule": {"monthDays": [31]}}""", "2026-02-01T00:00:00Z", "31 08:00:00, 31 08:00:00, 31 08:00:00")]
    [InlineData("""{"frequency": "Month", "interval": 1, "startTime": "2028-01-01T08:00:00Z", "schedule": {"monthDays": [-1, 29]}}""", "2028-01-01T00:00:00Z", "29 08:00:00, 31 08:00:00, 29 08:00:00")]
    [InlineData("""{"frequency": "Month", "interval": 1, "startTime": "2026-01-01T08:00:00Z", "schedule": {"monthlyOccurrences": [{"day": "Friday", "occurrence": -1}]}}""", "2026-01-01T00:00:00Z", "30 08:00:00, 27 08:00:00, 27 08:00:00")]
    [InlineData("""{"frequency": "Month", "interval": 1, "startTime": "2026-01-01T08:00:00Z", "schedule": {"monthlyOccurrences": [{"day": "Thursday", "occurrence": 5}]}}""", "2026-01-01T00:00:00Z", "29 08:00:00, 30 08:00:00, 30 08:00:00")]
    [InlineData("""{"frequency": "Month", "interval": 1, "startTime": "2026-01-01T08:00:00Z", "schedule": {"monthlyOccurrences": [{"day": "Thursday"}]}}""", "2026-01-08T09:00:00Z", "15 08:00:00, 22 08:00:00, 29 08:00:00")]
    [InlineData("""{"frequency": "Year", "interval": 1, "startTime": "2028-02-29T08:00:00Z"}""", "2028-03-01T00:00:00Z", "28 08:00:00, 28 08:00:00, 28 08:00:00")]
    public void After_ByTable_GivesWhatTheCalendarSays(string recurrence, string after, string expected)
    {
        var found = Recurrence.After(Read(recurrence), At(after)).Take(3).Select(moment => moment.ToString("dd HH:mm:ss", CultureInfo.InvariantCulture));

        Assert.Equal(expected, string.Join(", ", found));
    }

    [Theory]

    // Clocks go from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October 2026.
    [InlineData("Day", "W. Europe Standard Time", "2026-03-28T02:30:00", "2026-03-28T00:00:00Z", "28 01:30, 29 01:30, 30 00:30")]
    [InlineData("Day", "Europe/Berlin", "2026-10-24T02:30:00", "2026-10-24T00:00:00Z", "24 00:30, 25 00:30, 26 01:30")]
    [InlineData("Hour", "W. Europe Standard Time", "2026-03-29T00:30:00", "2026-03-28T00:00:00Z", "28 23:30, 29 00:30, 29 01:30")]
    [InlineData("Day", "Lord Howe Standard Time", "2026-04-04T02:00:00", "2026-04-03T00:00:00Z", "03 15:00, 04 15:30, 05 15:30")]
    [InlineData("Day", "Nepal Standard Time", "2026-01-01T00:00:00", "2025-12-01T00:00:00Z", "31 18:15, 01 18:15, 02 18:15")]

    // Samoa left out 30 December 2011 altogether.
    [InlineData("Day", "Samoa Standard Time", "2011-12-29T09:00:00", "2011-12-29T00:00:00Z", "29 19:00, 30 19:00, 31 19:00")]
    public void After_InAZoneWhoseClocksChange_FollowsThem(string frequency, string zone, string start, string after, string expected)
    {
        Assert.SkipWhen(LocalTime.FindZone(zone) is null, $"This machine has no rules for {zone}.");
        var recurrence = Read($$"""{"frequency": "{{frequency}}", "interval": 1, "startTime": "{{start}}", "timeZone": "{{zone}}"}""");

        var found = Recurrence.After(recurrence, At(after)).Take(3).Select(moment => moment.ToString("dd HH:mm", CultureInfo.InvariantCulture));

        Assert.Equal(expected, string.Join(", ", found));
    }

    [Fact]
    public void After_TimesOfWhichOneIsLeftOut_GivesNoMomentTwice()
    {
        var recurrence = Read("""{"frequency": "Day", "interval": 1, "startTime": "2026-03-29T00:00:00", "timeZone": "Europe/Berlin", "schedule": {"hours": [2, 3], "minutes": [30]}}""");

        Assert.Equal(
            [At("2026-03-29T01:30:00Z"), At("2026-03-30T00:30:00Z")],
            Recurrence.After(recurrence, At("2026-03-28T23:00:00Z")).Take(2));
    }

    [Theory]
    [InlineData("""{"frequency": "Minute", "interval": 60, "startTime": "2026-01-01T00:00:00Z", "schedule": {"minutes": [30]}}""")]
    [InlineData("""{"frequency": "Hour", "interval": 24, "startTime": "2026-01-01T05:00:00Z", "schedule": {"hours": [6]}}""")]
    [InlineData("""{"frequency": "Month", "interval": 12, "startTime": "2026-02-01T05:00:00Z", "schedule": {"monthDays": [30]}}""")]
    [InlineData("""{"frequency": "Day", "interval": 2000000000, "startTime": "2026-02-01T05:00:00Z"}""")]
    [InlineData("""{"frequency": "Hour", "interval": 2147483647, "startTime": "2026-02-01T05:00:00Z"}""")]
    [InlineData("""{"frequency": "Week", "interval": 2147483647, "startTime": "2026-02-01T05:00:00Z"}""")]
    [InlineData("""{"frequency": "Month", "interval": 2147483647, "startTime": "2026-02-01T05:00:00Z"}""")]
    [InlineData("""{"frequency": "Year", "interval": 2147483647, "startTime": "2026-02-01T05:00:00Z"}""")]
    public void Next_OfWhatNeverComes_IsNone(string recurrence) =>
        Assert.Null(Recurrence.Next(Read(recurrence), At("2026-02-01T05:00:00Z")));

    [Theory]
    [InlineData("Minute")]
    [InlineData("Hour")]
    [InlineData("Day")]
    [InlineData("Week")]
    [InlineData("Month")]
    [InlineData("Year")]
    public void After_AtTheCalendarsEnds_EndsWithoutFault(string frequency)
    {
        foreach (var zone in new[] { "UTC", "Line Islands Standard Time", "Dateline Standard Time" })
        {
            foreach (var start in new[] { "0001-01-01T00:00:00", "9999-12-31T23:59:59", "9999-11-30T23:59:59" })
            {
                var recurrence = Read($$"""{"frequency": "{{frequency}}", "interval": 7, "startTime": "{{start}}", "timeZone": "{{zone}}"}""");
                var found = Recurrence.After(recurrence, At("9999-12-29T00:00:00Z")).ToList();
                Assert.True(found.SequenceEqual(found.Order()));
                _ = Recurrence.After(recurrence, DateTimeOffset.MinValue).Take(3).ToList();
                Assert.Empty(Recurrence.After(recurrence, DateTimeOffset.MaxValue));
            }
        }
    }

    [Fact]
    public void After_EndTime_IsTheLastThatMayBe()
    {
        var recurrence = Read("""{"frequency": "Day", "interval": 1, "startTime": "2026-01-01T00:00:00Z", "endTime": "2026-01-03T00:00:00Z"}""");

        Assert.Equal(3, Recurrence.After(recurrence, DateTimeOffset.MinValue).Count());
    }

    [Fact]
    public void After_AnyRecurrence_IsWhatAskingEveryMinuteGives()
    {
        var random = new Random(Seed);
        string[] zones = ["UTC", "W. Europe Standard Time", "America/New_York", "Lord Howe Standard Time", "Nepal Standard Time", "Pacific/Apia", "Africa/Casablanca", "Chatham Islands Standard Time", "E. South America Standard Time"];
        for (var round = 0; round < 30; round++)
        {
            var recurrence = RecurrenceText.Random(random, zones[random.Next(zones.Length)]);
            var definition = Read(recurrence);
            var from = definition.Start.AddDays(random.Next(-10, 400));
            var to = from.AddDays(definition.Frequency is RecurrenceFrequency.Month or RecurrenceFrequency.Year ? 130 : 15);

            var found = Recurrence.After(definition, from).TakeWhile(moment => moment <= to).ToList();
            var expected = NaiveRecurrence.Between(definition, from, to).ToList();

            Assert.True(
                expected.SequenceEqual(found),
                $"seed {Seed}, round {round}: {recurrence}\nfrom {from:O}\nexpected {Text(expected)}\nfound    {Text(found)}");
        }
    }

    [Fact]
    public void Next_StepByStepOverYears_SkipsAndDoublesNothing()
    {
        var random = new Random(Seed + 1);
        for (var round = 0; round < 25; round++)
        {
            var definition = Read(RecurrenceText.Random(random, "Europe/London"));
            var whole = Recurrence.After(definition, definition.Start).Take(300).ToList();
            var at = definition.Start;
            foreach (var expected in whole)
            {
                // From anywhere between two occurrences the next one is the same.
                var between = at + ((expected - at) * random.NextDouble());
                Assert.Equal(expected, Recurrence.Next(definition, between < expected ? between : at));
                Assert.True(expected > at);
                at = expected;
            }
        }
    }

    internal static RecurrenceDefinition Read(string recurrence)
    {
        var source = new JsonObject
        {
            ["name"] = "T",
            ["properties"] = new JsonObject
            {
                ["type"] = "ScheduleTrigger",
                ["typeProperties"] = new JsonObject { ["recurrence"] = JsonNode.Parse(recurrence) },
            },
        };
        var trigger = TriggerLoader.Load(source, new DefinitionOrigin(null), ImmutableArray.CreateBuilder<Diagnostic>())!;
        var (detail, diagnostics) = TriggerReader.Read(trigger);
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return Assert.IsType<ScheduleTrigger>(detail).Recurrence;
    }

    private static string Text(IEnumerable<DateTimeOffset> moments) =>
        string.Join(" ", moments.Take(40).Select(moment => moment.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
