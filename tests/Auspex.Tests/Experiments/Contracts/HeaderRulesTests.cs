using Auspex.Connectors.Formats;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Experiments.Contracts;

public sealed class HeaderRulesTests
{
    [Fact]
    public async Task Check_OfAFileThatFits_FindsNothing()
    {
        var report = await Census.CheckAsync(Census.Rows([.. Census.GoodRows]));

        Assert.Empty(report.Differences);
        Assert.True(report.Fits);
        Assert.True(report.IsWhole);
        Assert.Equal(3, report.Rows);
    }

    [Theory]
    [InlineData("Age", "'Age'")]
    [InlineData("\" age \"", "' age '")]
    [InlineData("AGE_", "'AGE_'")]
    [InlineData("agee", "'agee'")]
    [InlineData("aeg", "'aeg'")]
    public async Task Check_OfAMisspeltName_AsksWhetherItIsMeant(string name, string suggested)
    {
        var report = await Census.CheckAsync($"{name},hours,workclass\n39,40,Private\n");

        var difference = Census.Single(report, ErrorCode.ContractColumnMissing, DiagnosticSeverity.Error);
        Assert.Equal("age", difference.Column);
        Assert.Contains($"there is {suggested}", difference.Found, StringComparison.Ordinal);
        Assert.StartsWith($"Did you mean {suggested}?", difference.Remedy, StringComparison.Ordinal);
        Assert.Equal("a column of whole numbers (Int32)", difference.Expected);
    }

    [Fact]
    public async Task Check_OfMissingColumns_NamesEachAndSuggestsNothingFarFetched()
    {
        var report = await Census.CheckAsync("age,zip\n39,1\n");

        Assert.Equal([("AUX4201", "hours"), ("AUX4201", "workclass")], Census.Codes(report));
        Assert.All(report.Differences.Where(d => d.Severity == DiagnosticSeverity.Error), d => Assert.DoesNotContain("zip", d.Remedy, StringComparison.Ordinal));
    }

    // A label need not be there, and other columns pass through.
    [Fact]
    public async Task Check_OfExtraColumns_OnlyNotesThem()
    {
        var report = await Census.CheckAsync("id,age,hours,workclass,income,note\n1,39,40,Private,<=50K,x\n");

        Assert.Equal(["id", "note"], report.Differences.Select(difference => difference.Column));
        Assert.All(report.Differences, difference => Assert.Equal(
            (ErrorCode.ContractColumnExtra, DiagnosticSeverity.Information), (difference.Code, difference.Severity)));
        Assert.True(report.Fits);
    }

    [Fact]
    public async Task Check_OfARepeatedName_WarnsOnlyWhereItIsNeeded()
    {
        var report = await Census.CheckAsync("age,hours,note,workclass,note,age\n39,40,a,Private,b,40\n");

        var difference = Census.Single(report, ErrorCode.ContractColumnRepeated, DiagnosticSeverity.Warning);
        Assert.Equal("age", difference.Column);
        Assert.Contains("columns 1, 6", difference.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAScoredFile_RefusesTheNameThatScoringAdds()
    {
        var report = await Census.CheckAsync("age,hours,workclass,Scored Probabilities\n39,40,Private,0.5\n");

        Assert.Equal(
            "Scored Probabilities", Census.Single(report, ErrorCode.ContractNameTaken, DiagnosticSeverity.Error).Column);
    }

    [Theory]
    [InlineData("39,40,State-gov\n50,13,Private\n38,40,Private\n")]
    [InlineData("39,40,State-gov\n39,40,State-gov\n")]
    [InlineData("39,40,State-gov\n")]
    public async Task Check_WithoutAHeader_SaysSoAndTellsNoValue(string file)
    {
        var report = await Census.CheckAsync(file);

        var difference = Census.Single(report, ErrorCode.ContractHeaderAbsent, DiagnosticSeverity.Error);
        Assert.Contains("'age'", difference.Expected, StringComparison.Ordinal);
        Assert.DoesNotContain("State-gov", report.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("39", report.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("State-gov", report.ToJson().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAFileReadWithoutHeader_SaysWhy()
    {
        var report = await Census.CheckAsync("39,40,State-gov\n", DelimitedTextOptions.ForPath("people.nh.csv"));

        Assert.Contains(
            ".nh.csv", Census.Single(report, ErrorCode.ContractHeaderAbsent, DiagnosticSeverity.Error).Found, StringComparison.Ordinal);
    }

    // Names of years are no data: there are numbers below them and names beside.
    [Fact]
    public async Task Check_OfAnotherTable_SaysWhatIsMissingInstead()
    {
        var report = await Census.CheckAsync("town,2019,2020\nA,1,2\nB,3,4\n");
        var other = await Census.CheckAsync("town,population\nA,1\nB,3\n");

        Assert.Contains(("AUX4210", null), Census.Codes(report));
        Assert.Equal([("AUX4201", "age"), ("AUX4201", "hours"), ("AUX4201", "workclass")], Census.Codes(other));
    }

    [Theory]
    [InlineData("age;hours;workclass\n39;40;Private\n", "semicolons part into 3 names, 3 of them needed")]
    [InlineData("\"age\";\"hours\";\"workclass\"\n39;40;\"Private\"\n", "semicolons part into 3 names, 3 of them needed")]
    [InlineData("age\thours\tworkclass\n39\t40\tPrivate\n", "tabs part into 3 names")]
    [InlineData("Alter|Stunden|Klasse\n39|40|Private\n", "vertical bars part into 3 names, 0 of them needed")]
    public async Task Check_OfAnotherDelimiter_SaysWhich(string file, string expected)
    {
        var report = await Census.CheckAsync(file);

        var difference = Census.Single(report, ErrorCode.ContractDelimiterDiffers, DiagnosticSeverity.Error);
        Assert.Contains(expected, difference.Found, StringComparison.Ordinal);
        Assert.Equal("columns parted by commas", difference.Expected);
    }

    [Fact]
    public async Task Check_OfCommasInATsv_SaysSo()
    {
        var report = await Census.CheckAsync(Census.Rows([.. Census.GoodRows]), DelimitedTextOptions.Tsv);

        Assert.Equal(
            "columns parted by tabs", Census.Single(report, ErrorCode.ContractDelimiterDiffers, DiagnosticSeverity.Error).Expected);
    }
}
