using Auspex.Expressions;
using Xunit;

namespace Auspex.Tests.Core.Expressions.Functions;

public sealed class TimeZoneFunctionsTests
{
    [Theory]
    [InlineData("@convertFromUtc('2024-07-01T12:00:00Z','Tokyo Standard Time')", "2024-07-01T21:00:00.0000000")]
    [InlineData("@convertFromUtc('2024-07-01T12:00:00','W. Europe Standard Time')", "2024-07-01T14:00:00.0000000")]
    [InlineData("@convertFromUtc('2024-01-01T12:00:00','w. europe standard time')", "2024-01-01T13:00:00.0000000")]
    [InlineData("@convertFromUtc('2024-07-01T12:00:00Z','AUS Eastern Standard Time','HH:mmK')", "22:00")]
    [InlineData("@convertFromUtc('2024-07-01T14:00:00+02:00','Tokyo Standard Time')", "2024-07-01T21:00:00.0000000")]
    [InlineData("@convertFromUtc('2024-07-01T12:00:00Z','UTC')", "2024-07-01T12:00:00.0000000")]
    [InlineData("@convertToUtc('2024-07-01T21:00:00','Tokyo Standard Time')", "2024-07-01T12:00:00.0000000Z")]
    [InlineData("@convertToUtc('2024-01-01T04:00:00','Pacific Standard Time','D')", "Monday, January 1, 2024")]
    [InlineData("@convertToUtc('2024-07-01T21:00:00Z','UTC')", "2024-07-01T21:00:00.0000000Z")]
    [InlineData("@convertTimeZone('2024-07-01T12:00:00','UTC','India Standard Time','HH:mm')", "17:30")]
    [InlineData("@convertTimeZone('2024-07-01T12:00:00Z','UTC','Pacific Standard Time')", "2024-07-01T05:00:00.0000000")]
    [InlineData("@convertTimeZone('2024-07-01T12:00:00','Tokyo Standard Time','UTC')", "2024-07-01T03:00:00.0000000Z")]
    [InlineData("@convertTimeZone('2024-12-01T12:00:00','Tokyo Standard Time','Eastern Standard Time')", "2024-11-30T22:00:00.0000000")]
    public void Convert_BetweenZones_MindsDaylightSaving(string text, string expected) => Evaluating.Gives(text, $"\"{expected}\"");

    [Theory]
    [InlineData("@convertFromUtc('2024-07-01T12:00:00','A.U.S. Eastern Standard Time')", "In the function 'convertFromUtc', the value provided for the time zone id 'A.U.S. Eastern Standard Time' was not valid.")]
    [InlineData("@convertTimeZone('2024-07-01T12:00:00','UTC','Nowhere')", "In the function 'convertTimeZone', the value provided for the time zone id 'Nowhere' was not valid.")]
    [InlineData("@convertToUtc('2024-07-01T12:00:00','Europe/Berlin')", "time zone id 'Europe/Berlin' was not valid")]
    [InlineData("@convertToUtc('2024-07-01T12:00:00Z','Tokyo Standard Time')", "already marked")]
    [InlineData("@convertToUtc('2024-03-31T02:30:00','W. Europe Standard Time')", "skip this time")]
    [InlineData("@convertToUtc('x','UTC')", "date time string 'x' was not valid")]
    [InlineData("@convertFromUtc('2024-07-01T12:00:00',null)", "of type 'Null'")]
    public void Convert_WrongArguments_Fails(string text, string part) => Evaluating.Fails(text, part);

    [Fact]
    public void Find_EveryKnownId_IsInTheSystemsTimeZoneData()
    {
        var missing = WindowsTimeZones.Ids.Where(id => WindowsTimeZones.Find(id, out _) != WindowsTimeZones.Outcome.Found);

        Assert.Empty(missing);
        Assert.True(WindowsTimeZones.Ids.Count > 135);
    }

    [Theory]
    [InlineData("Nepal Standard Time", 345)]
    [InlineData("Newfoundland Standard Time", -210)]
    [InlineData("Chatham Islands Standard Time", 765)]
    [InlineData("Dateline Standard Time", -720)]
    [InlineData("UTC+13", 780)]
    [InlineData("UTC-11", -660)]
    public void Find_Id_HasTheZonesOffset(string id, int minutes)
    {
        Assert.Equal(WindowsTimeZones.Outcome.Found, WindowsTimeZones.Find(id, out var zone));
        Assert.Equal(TimeSpan.FromMinutes(minutes), zone!.BaseUtcOffset);
    }
}
