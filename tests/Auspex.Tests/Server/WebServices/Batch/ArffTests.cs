using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Server.WebServices.Batch;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Batch;

public sealed class ArffTests
{
    [Fact]
    public async Task ReadHead_Attributes_BecomeColumns()
    {
        const string Text = "% c\n@relation 'r s'\n@attribute a numeric\n@attribute 'b c' {x,'y z'}\n@attribute d date \"yyyy\"\n@attribute e integer\n@data\n1,x,2010,3\n";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Text));

        var options = await Arff.ReadHeadAsync(stream, "f.arff", CancellationToken.None);

        Assert.Equal(
            ["a Double", "b c String", "d DateTime", "e Int64"],
            options.Schema!.Fields.Select(field => $"{field.Name} {field.Type}"));
        Assert.Equal(7, options.SkipLines);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "line 1")]
    [InlineData("@relation r\n@data\n", "without columns")]
    [InlineData("@attribute a\n@data\n", "without name or type")]
    [InlineData("@relation r\n", "end of the file")]
    public async Task ReadHead_NoHead_SaysWhere(string text, string expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));

        var error = await Assert.ThrowsAsync<TableFormatException>(() => Arff.ReadHeadAsync(stream, "f.arff", CancellationToken.None));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteHead_Types_AreArffs()
    {
        var head = Encoding.UTF8.GetString(Arff.WriteHead(
            new TableSchema(
            [
                new TableField { Name = "it's", Type = ColumnType.Double },
                new TableField { Name = "c", Type = ColumnType.String, Categories = new CategoryDomain(["a", "b"]) },
                new TableField { Name = "b", Type = ColumnType.Boolean },
            ]),
            "r"));

        Assert.Equal("@relation 'r'\n\n@attribute 'it\\'s' numeric\n@attribute 'c' {'a','b'}\n@attribute 'b' {True,False}\n\n@data\n", head);
    }
}
