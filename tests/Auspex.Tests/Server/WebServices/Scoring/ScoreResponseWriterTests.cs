using System.Text;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Server.Api;
using Auspex.Server.WebServices.Scoring;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Scoring;

public sealed class ScoreResponseWriterTests
{
    private static readonly TableBatch Table = SmallTables.Of(
        [("n", ColumnType.Double), ("i", ColumnType.Int32), ("b", ColumnType.Boolean), ("t", ColumnType.DateTime), ("s", ColumnType.String)],
        [0.059025701135397112, 7, true, new DateTime(2010, 5, 30, 18, 9, 0), "Grüße \"x\" <b>"],
        [double.NaN, null, false, null, null]);

    [Theory]
    [InlineData(false, false, """{"Results":{"o":{"type":"table","value":{"Values":[["0.0590257011353971","7","True","5/30/2010 6:09:00 PM","Grüße \"x\" <b>"],["NaN",null,"False",null,null]]}}}}""")]
    [InlineData(true, false, """{"Results":{"o":[{"n":"0.0590257011353971","i":"7","b":"True","t":"5/30/2010 6:09:00 PM","s":"Grüße \"x\" <b>"},{"n":"NaN","i":null,"b":"False","t":null,"s":null}]}}""")]
    public void Write_Cells_AreTexts(bool rows, bool details, string expected) =>
        Assert.Equal(expected, Write(new ScoreFormat(rows, details)));

    [Fact]
    public void Write_Details_NameColumnsAndTypes()
    {
        var text = Write(new ScoreFormat(false, true));

        Assert.StartsWith(
            """{"Results":{"o":{"type":"table","value":{"ColumnNames":["n","i","b","t","s"],"ColumnTypes":["Double","Int32","Boolean","DateTime","String"],"Values":[""",
            text,
            StringComparison.Ordinal);
    }

    private static string Write(ScoreFormat format)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Json.WriterOptions))
        {
            ScoreResponseWriter.Write(writer, [KeyValuePair.Create("o", Table)], format);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
