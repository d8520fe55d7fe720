using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Selection;
using Xunit;

namespace Auspex.Tests.Experiments.Modules.Selection;

public sealed class ColumnSelectorTests
{
    private static readonly TableSchema Schema = new(
    [
        ModuleRuns.Field("id", ColumnType.Int32, ColumnRole.None),
        ModuleRuns.Field("age", ColumnType.Int32),
        ModuleRuns.Field("hours, weekly", ColumnType.Double),
        ModuleRuns.Category("job", "a", "b"),
        ModuleRuns.Field("Straße \"x\"", ColumnType.String),
        ModuleRuns.Field("income", ColumnType.String, ColumnRole.Label),
        ModuleRuns.Field("ok", ColumnType.Boolean),
        ModuleRuns.Field("Scored Labels", ColumnType.String, ColumnRole.None) with { Score = new ScoreKind("t", "Scored Labels") },
        ModuleRuns.Field("w", ColumnType.Double, ColumnRole.Weight),
        ModuleRuns.Field("when", ColumnType.DateTime),
        ModuleRuns.Field("took", ColumnType.TimeSpan),
    ]);

    [Theory]
    [InlineData("age, id", "1,0")]
    [InlineData("age,age,id", "1,0")]
    [InlineData("\"hours, weekly\", age", "2,1")]
    [InlineData("\"Straße \"\"x\"\"\"", "4")]
    [InlineData("[\"hours, weekly\",\"id\"]", "2,0")]
    [InlineData("AllNumeric", "0,1,2,8")]
    [InlineData("NumericAll", "0,1,2,8")]
    [InlineData("all columns, -id, -w", "1,2,3,4,5,6,7,9,10")]
    [InlineData("-id, -\"hours, weekly\"", "1,3,4,5,6,7,8,9,10")]
    [InlineData("AllFeatures", "1,2,3,4,6,9,10")]
    [InlineData("All labels", "5")]
    [InlineData("Label", "5")]
    [InlineData("AllScores", "7")]
    [InlineData("AllWeights", "8")]
    [InlineData("StringFeature", "4")]
    [InlineData("CategoricalAll", "3")]
    [InlineData("AllBooleans, AllDateTimes, AllTimeSpans", "6,9,10")]
    [InlineData("AllIntegers", "0,1")]
    [InlineData("AllDoubles", "2,8")]
    [InlineData("AllNonCategorical, -AllNumeric", "4,5,6,7,9,10")]
    public void Select_PlainForms_GiveColumnsInOrder(string text, string expected) =>
        Assert.Equal(expected, string.Join(',', ColumnSelector.Parse(text).Select(Schema)));

    [Theory]
    [InlineData("{\"isFilter\":true,\"rules\":[{\"ruleType\":\"ColumnNames\",\"columns\":[\"ok\",\"age\"],\"exclude\":false}],\"ui\":{\"withRules\":true}}", "6,1")]
    [InlineData("{\"isFilter\":true,\"rules\":[{\"ruleType\":\"AllColumns\",\"exclude\":false},{\"ruleType\":\"ColumnNames\",\"columns\":[\"id\"],\"exclude\":true}]}", "1,2,3,4,5,6,7,8,9,10")]
    [InlineData("{\"isFilter\":true,\"rules\":[{\"ruleType\":\"ColumnIndexes\",\"columns\":[\"4\",\"1-2\"],\"exclude\":false}]}", "3,0,1")]
    [InlineData("{\"isFilter\":true,\"rules\":[{\"ruleType\":\"ColumnTypes\",\"columnTypes\":[\"All\"],\"columnKinds\":[\"Feature\"],\"exclude\":false}]}", "1,2,3,4,6,9,10")]
    [InlineData("{\"isFilter\":true,\"rules\":[{\"ruleType\":\"ColumnTypes\",\"columnTypes\":[\"Integer\",\"Boolean\"],\"columnKinds\":[\"All\"]}]}", "0,1,6")]
    [InlineData("{\"isFilter\":false,\"rules\":[{\"ruleType\":\"ColumnNames\",\"columns\":[\"w\",\"id\"]}]}", "8,0")]
    [InlineData("%7B%22isFilter%22%3Atrue%2C%22rules%22%3A%5B%7B%22ruleType%22%3A%22ColumnNames%22%2C%22columns%22%3A%5B%22hours%2C%20weekly%22%5D%7D%5D%7D", "2")]
    [InlineData("{\\\"isFilter\\\":true,\\\"rules\\\":[{\\\"ruleType\\\":\\\"ColumnNames\\\",\\\"columns\\\":[\\\"age\\\"]}]}", "1")]
    [InlineData("%7B%5C%22isFilter%5C%22%3Atrue%2C%5C%22rules%5C%22%3A%5B%7B%5C%22ruleType%5C%22%3A%5C%22AllColumns%5C%22%7D%5D%7D", "0,1,2,3,4,5,6,7,8,9,10")]
    [InlineData("[{\"ColumnNames\":[\"age\"]},{\"ColumnIndices\":[1,\"2-3\"]}]", "1,0,2")]
    [InlineData("[\"AllColumns\",{\"ColumnIndices\":[\"2-11\"],\"exclude\":true}]", "0")]
    [InlineData("[{\"ColumnKinds\":[\"Label\"]},{\"ColumnTypes\":[\"Categorical\"]}]", "5,3")]
    [InlineData("{\"rules\":[{\"ColumnNames\":[\"w\",\"age\"]}],\"KeepInputDataOrder\":true}", "1,8")]
    public void Select_JsonForms_GiveColumnsInOrder(string text, string expected) =>
        Assert.Equal(expected, string.Join(',', ColumnSelector.Parse(text).Select(Schema)));

    [Fact]
    public void Select_ColumnNamedLikeAWord_MeansTheColumn()
    {
        var schema = new TableSchema([ModuleRuns.Field("x", ColumnType.Int32), ModuleRuns.Field("Label", ColumnType.Int32)]);

        Assert.Equal([1], ColumnSelector.Parse("Label").Select(schema));
        Assert.Empty(ColumnSelector.Parse("AllLabels").Select(schema));
    }

    [Theory]
    [InlineData(1, "Age")]
    [InlineData(1, "\"AllColumns\"")]
    [InlineData(1, "{\"rules\":[{\"ruleType\":\"AllColumns\"},{\"ruleType\":\"ColumnNames\",\"columns\":[\"gone\"],\"exclude\":true}]}")]
    [InlineData(59, "{\"rules\":[{\"ruleType\":\"ColumnIndexes\",\"columns\":[\"x\"]}]}")]
    [InlineData(59, "{\"rules\":[{\"ruleType\":\"ColumnIndexes\",\"columns\":[\"1-\"]}]}")]
    [InlineData(60, "{\"rules\":[{\"ruleType\":\"ColumnIndexes\",\"columns\":[\"12\"]}]}")]
    [InlineData(60, "{\"rules\":[{\"ruleType\":\"ColumnIndexes\",\"columns\":[\"0\"]}]}")]
    [InlineData(60, "{\"rules\":[{\"ruleType\":\"ColumnIndexes\",\"columns\":[\"3-2\"]}]}")]
    [InlineData(2, "{\"rules\":")]
    [InlineData(2, "{\"isFilter\":true}")]
    [InlineData(2, "{\"rules\":[{\"ruleType\":\"Odd\"}]}")]
    [InlineData(2, "{\"rules\":[{\"ruleType\":\"ColumnTypes\",\"columnTypes\":[\"Odd\"]}]}")]
    [InlineData(2, "[{\"Odd\":1}]")]
    [InlineData(2, "[5]")]
    [InlineData(2, "\"open, age")]
    [InlineData(2, "\"age\" x")]
    public void Select_ThatCannotBe_FailsWithStudiosNumber(int number, string text)
    {
        var failure = Assert.Throws<ModuleException>(() => ColumnSelector.Parse(text).Select(Schema));

        Assert.Equal(number, failure.Number);
    }

    [Fact]
    public void Select_MisspeltName_OffersTheNearest()
    {
        var failure = Assert.Throws<ModuleException>(() => ColumnSelector.Parse("Incom").Select(Schema));

        Assert.Contains("did you mean 'income'", failure.Message, StringComparison.Ordinal);
    }
}
