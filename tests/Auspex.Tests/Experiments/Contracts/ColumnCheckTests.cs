using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Contracts;
using Xunit;

namespace Auspex.Tests.Experiments.Contracts;

public sealed class ColumnCheckTests
{
    [Fact]
    public async Task Type_WhereEveryCellIsText_Refuses()
    {
        var report = await Census.CheckAsync(Census.Rows("young,40,Private", "old,13,Private", ",13,Private"));

        var difference = report.Differences[0];
        Assert.Equal((ErrorCode.ContractTypeDiffers, DiagnosticSeverity.Error), (difference.Code, difference.Severity));
        Assert.Equal("text in 2 of 2 filled cells (100 %), first in row 1", difference.Found);
        Assert.Equal("whole numbers (Int32)", difference.Expected);
        Assert.DoesNotContain("young", report.ToText(), StringComparison.Ordinal);
    }

    // A few bad cells are the business of the job's policy on bad rows.
    [Fact]
    public async Task Type_WhereSomeCellsAreText_WarnsWithTheShareAndTheFirstRow()
    {
        var report = await Census.CheckAsync(Census.Rows("39,40,Private", "50,13,Private", "many,13,Private", "38,13,Private"));

        var difference = Census.Single(report, ErrorCode.ContractTypeDiffers, DiagnosticSeverity.Warning);
        Assert.Equal(("age", 1L, 3L, 0.25), (difference.Column, difference.Rows, difference.FirstRow, difference.Share));
        Assert.True(report.Fits);
    }

    [Fact]
    public async Task Type_WhereTheColumnIsMostlyEmpty_OnlyWarns()
    {
        var report = await Census.CheckAsync(Census.Rows("39,,Private", "50,,Private", "38,much,Private"));

        Assert.Equal("hours", Census.Single(report, ErrorCode.ContractTypeDiffers, DiagnosticSeverity.Warning).Column);
    }

    [Theory]
    [InlineData("39.5", "a fraction", "train again")]
    [InlineData("\"1,039\"", "a comma", "thousands separators")]
    [InlineData("3000000000", "beyond 32 bits", "whole numbers (Int32)")]
    [InlineData("2024-02-01", "dates", "whole numbers (Int32)")]
    [InlineData("true", "true or false", "whole numbers (Int32)")]
    public async Task Type_SaysWhatTheCellsSeemToBe(string cell, string found, string remedy)
    {
        var report = await Census.CheckAsync(Census.Rows($"{cell},40,Private"));

        var difference = Census.Single(report, ErrorCode.ContractTypeDiffers, DiagnosticSeverity.Error);
        Assert.Contains(found, difference.Found, StringComparison.Ordinal);
        Assert.Contains(remedy, difference.Remedy, StringComparison.Ordinal);
    }

    // What reading takes is no difference: blanks and markers are missing values, exponents are numbers.
    [Fact]
    public async Task Type_OfCellsThatReadingTakes_FindsNothing()
    {
        var report = await Census.CheckAsync(Census.Rows(" 39 ,4e1,Private", "50,  ,Private", "17,?,Private", "18,NaN,Private"));

        Assert.Empty(report.Differences);
    }

    [Fact]
    public async Task Type_OfALabel_IsCheckedAndItsMissingValuesAreNot()
    {
        var model = Census.Model();
        var contract = InputContract.Of(new Auspex.Experiments.Models.LinearModel(
            model.Description with { Task = Auspex.Experiments.Models.ModelTask.Regression, Label = Tables.Number("income"), Classes = [] }, model.Weights, 0));

        var report = await Census.CheckAsync("age,hours,workclass,income\n39,40,Private,much\n39,40,Private,\n39,40,Private,1\n", contract: contract);
        var empty = await Census.CheckAsync("age,hours,workclass,income\n39,40,Private,\n", contract: contract);

        Assert.Equal("income", Census.Single(report, ErrorCode.ContractTypeDiffers, DiagnosticSeverity.Warning).Column);
        Assert.Empty(empty.Differences);
    }

    [Fact]
    public async Task Levels_ThatTrainingHasNotSeen_AreCountedAndNotNamed()
    {
        var report = await Census.CheckAsync(Census.Rows("39,40,Private", "50,13,Martian", "38,13, private", "38,13,Private"));

        var difference = Census.Single(report, ErrorCode.ContractLevelsUnseen, DiagnosticSeverity.Warning);
        Assert.Equal((2L, 2L, 0.5), (difference.Rows, difference.FirstRow, difference.Share));
        Assert.Contains("1 of them would be known but for case or blanks", difference.Found, StringComparison.Ordinal);
        Assert.Equal("one of the 2 levels of training", difference.Expected);
        Assert.Contains("scored as unknown", difference.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("Martian", report.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, DiagnosticSeverity.Warning)]
    [InlineData(false, DiagnosticSeverity.Error)]
    public async Task Levels_WhereNoneIsKnown_RefusesIfSuchRowsGetNoScore(bool allowsUnknownLevels, DiagnosticSeverity severity)
    {
        var contract = InputContract.Of(Census.Model(allowsUnknownLevels));

        var report = await Census.CheckAsync(Census.Rows("39,40,Martian", "39,40,Martian"), contract: contract);

        Census.Single(report, ErrorCode.ContractLevelsUnseen, severity);
    }

    [Fact]
    public async Task Missing_WhereTrainingHadNone_WarnsAndElsewhereDoesNot()
    {
        var report = await Census.CheckAsync(Census.Rows(",,Private", "50,13,", "38,13,Private"));

        Assert.Equal([("AUX4206", "age"), ("AUX4206", "workclass")], Census.Codes(report));
        Assert.Equal([1L, 2L], report.Differences.Select(difference => difference.FirstRow));
    }

    [Fact]
    public async Task Missing_InEveryRow_WarnsThatTheColumnIsEmpty()
    {
        var report = await Census.CheckAsync(Census.Rows("39,,Private", "50,,Private"));

        var difference = Census.Single(report, ErrorCode.ContractColumnEmpty, DiagnosticSeverity.Warning);
        Assert.Equal("hours", difference.Column);
        Assert.Contains("97.5 %", difference.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("163", null)]
    [InlineData("164", "above")]
    [InlineData("-56", null)]
    [InlineData("-57", "below")]
    public async Task Range_BeyondItsOwnWidth_Warns(string age, string? side)
    {
        var report = await Census.CheckAsync(Census.Rows("39,40,Private", $"{age},40,Private"));

        if (side is null)
        {
            Assert.Empty(report.Differences);
            return;
        }

        var difference = Census.Single(report, ErrorCode.ContractRangeLeft, DiagnosticSeverity.Warning);
        Assert.Equal(("age", 2L), (difference.Column, difference.FirstRow));
        Assert.Contains($"far {side}", difference.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Range_OfInfinity_Warns() => Census.Single(
        await Census.CheckAsync(Census.Rows("39,inf,Private")), ErrorCode.ContractRangeLeft, DiagnosticSeverity.Warning);

    [Fact]
    public async Task Check_AgainstAModelWithoutProfile_LeavesMissingAndRangeAlone()
    {
        var contract = InputContract.Of(Census.Model(hasProfile: false));

        var report = await Census.CheckAsync(Census.Rows(",40,Private", "5000,40,Private", "50,40,Martian"), contract: contract);

        Census.Single(report, ErrorCode.ContractLevelsUnseen, DiagnosticSeverity.Warning);
        Assert.Contains("train it again", contract.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_WhoseTypesAndValuesDiffer_IsReportedAlike()
    {
        TableField[] fields = [Tables.Text("age"), Tables.Number("hours"), Tables.Text("workclass"), Tables.Text("id")];
        var table = Tables.Of(fields, 3, row => [$"{row}", row == 0 ? null : 5000.0, row == 2 ? "Martian" : "Private", "x"]);

        var report = await InputCheck.RunAsync(
            InputContract.Of(Census.Model()), new TableSource(table), "a table", null, TestContext.Current.CancellationToken);

        Assert.Equal([("AUX4204", "age"), ("AUX4207", "hours"), ("AUX4205", "workclass")], Census.Codes(report));
        Assert.Equal("a column of text (String)", report.Differences[0].Found);
        Assert.Equal((3L, null, true), (report.Rows, report.Bytes, report.IsWhole));
    }

    [Fact]
    public async Task Table_OfNumbersAsCategories_FindsTheirLevels()
    {
        var domain = new CategoryDomain(["1", "2"]);
        var field = Tables.Whole("age") with { Categories = domain };
        var model = new Auspex.Experiments.Models.LinearModel(
            Census.Model().Description with { Features = new TableSchema([field]), Profile = null }, [0, 0, 0], 0);

        var report = await Census.CheckAsync("age\n1\n2\n3\n", contract: InputContract.Of(model));

        Assert.Equal(3, Census.Single(report, ErrorCode.ContractLevelsUnseen, DiagnosticSeverity.Warning).FirstRow);
    }

    private sealed class TableSource(TableBatch table) : ITableSource
    {
        public TableSchema Schema => table.Schema;

        public async IAsyncEnumerable<TableBatch> ReadAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return table;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
