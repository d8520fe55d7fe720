using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Tables;

public sealed class TableBatchesTests
{
    private static readonly TableSchema AllTypes = new(
    [
        new TableField { Name = "b", Type = ColumnType.Boolean },
        new TableField { Name = "i", Type = ColumnType.Int32 },
        new TableField { Name = "l", Type = ColumnType.Int64 },
        new TableField { Name = "d", Type = ColumnType.Double },
        new TableField { Name = "s", Type = ColumnType.String },
        new TableField { Name = "t", Type = ColumnType.DateTime },
        new TableField { Name = "p", Type = ColumnType.TimeSpan },
        new TableField { Name = "c", Type = ColumnType.String, Categories = new CategoryDomain(["x", "y"]) },
    ]);

    [Fact]
    public void FromRows_EveryType_HoldsValuesAndMissingOnes()
    {
        var table = TableBatches.FromRows(
            AllTypes,
            [true, 1, 2L, 2.5, "é", new DateTime(2020, 1, 2), TimeSpan.FromHours(1), "y"],
            [null, null, null, null, null, null, null, null],
            ["False", "7", "8", "9.5", "", "2020-01-02", "00:01:00", "x"]);

        Assert.Equal(["True", "1", "2", "2.5", "é", "2020-01-02T00:00:00", "01:00:00", "y"], Texts(table, 0));
        Assert.All(Texts(table, 1), Assert.Null);
        Assert.Equal(["False", "7", "8", "9.5", "", "2020-01-02T00:00:00", "00:01:00", "x"], Texts(table, 2));
        Assert.Equal(-1, ((CategoryColumn)table.Columns[7]).Values[1]);
    }

    [Fact]
    public void FromRows_WrongType_SaysRowAndColumn()
    {
        var error = Assert.Throws<ArgumentException>(
            () => TableBatches.FromRows(AllTypes, [null, 1L + int.MaxValue, null, null, null, null, null, null]));

        Assert.Contains("Row 0, column 'i'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AppendRow_AfterAWrongOne_ContinuesWithWholeRows()
    {
        var builder = new TableBatchBuilder(AllTypes);
        Assert.Throws<ArgumentException>(() => builder.AppendRow(true, 1, 2L, "not a number", null, null, null, null));
        Assert.Throws<ArgumentException>(() => builder.AppendRow(true, 1, 2L, 1.0, "text", null, null, "no level"));
        builder.AppendRow(null, 5, null, 1.0, "kept", null, null, "x");

        var table = builder.Build();

        Assert.Equal(1, table.RowCount);
        Assert.Equal([null, "5", null, "1", "kept", null, null, "x"], Texts(table, 0));
    }

    [Fact]
    public void Concatenate_DifferentDomains_JoinsLevelsFirstOnesFirst()
    {
        var first = Categorical(["b", "a"], "a", null, "b");
        var second = Categorical(["c", "a"], "c", "a");

        var table = TableBatches.Concatenate(first, second);

        Assert.Equal(["b", "a", "c"], table.Schema.Fields[0].Categories!.Levels);
        Assert.Equal([1, -1, 0, 2, 1], ((CategoryColumn)table.Columns[0]).Values.ToArray());
        Assert.Same(table.Schema.Fields[0].Categories, ((CategoryColumn)table.Columns[0]).Domain);
    }

    [Fact]
    public void Concatenate_NumbersOfDifferentWidth_Widens()
    {
        var table = TableBatches.Concatenate(
            Single(ColumnType.Int32, 1, null), Single(ColumnType.Int64, long.MaxValue), Single(ColumnType.Double, 0.5));

        Assert.Equal(ColumnType.Double, table.Schema.Fields[0].Type);
        Assert.Equal(["1", null, "9.223372036854776E+18", "0.5"], ColumnTexts(table, 0));
    }

    [Fact]
    public void Concatenate_CategoricalAndPlain_BecomesPlain()
    {
        var table = TableBatches.Concatenate(Single(ColumnType.String, "z"), Categorical(["a"], "a"));
        var reversed = TableBatches.Concatenate(Categorical(["a"], "a"), Single(ColumnType.String, "z"));

        Assert.Null(table.Schema.Fields[0].Categories);
        Assert.Equal(["z", "a"], ColumnTexts(table, 0));
        Assert.Equal(["a", "z"], ColumnTexts(reversed, 0));
    }

    [Fact]
    public void Concatenate_DifferentNamesOrTypes_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => TableBatches.Concatenate(Single(ColumnType.String, "z"), Single(ColumnType.Int32, 1)));
        Assert.Throws<ArgumentException>(() => TableBatches.Concatenate());
    }

    [Fact]
    public void Slice_AcrossValidityWords_KeepsValuesAndMissingOnes()
    {
        var builder = new TableBatchBuilder(AllTypes);
        for (var row = 0; row < 300; row++)
        {
            builder.AppendRow(row % 2 == 0, row % 7 == 0 ? null : row, (long)row, row / 4.0, row % 5 == 0 ? null : $"r{row}", null, null, "x");
        }

        var table = builder.Build();
        var slice = table.Slice(61, 140);

        Assert.Equal(140, slice.RowCount);
        for (var row = 0; row < slice.RowCount; row++)
        {
            Assert.Equal(Texts(table, row + 61), Texts(slice, row));
        }
    }

    [Fact]
    public async Task ReadAllAsync_SourceOfBatches_GivesAllRowsInOrder()
    {
        var schema = Single(ColumnType.Int32, 1).Schema;
        await using var source = TableBatches.ToSource(
            schema, TableBatches.FromRows(schema, [1], [2]), TableBatches.Empty(schema), TableBatches.FromRows(schema, [3]));

        var table = await source.ReadAllAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["1", "2", "3"], ColumnTexts(table, 0));
    }

    [Fact]
    public void CategoryBuilder_WithoutDomain_CollectsLevelsInOrder()
    {
        var builder = new CategoryColumnBuilder();
        foreach (var level in new[] { "q", "p", null, "q" })
        {
            builder.AppendLevel(level);
        }

        var column = (CategoryColumn)builder.Build();

        Assert.Equal(["q", "p"], column.Domain.Levels);
        Assert.Equal([0, 1, -1, 0], column.Values.ToArray());
        Assert.Equal(1, column.CountNulls());
    }

    [Fact]
    public void CategoryDomain_WithOtherLevels_ForgetsTheOldOnes()
    {
        var domain = new CategoryDomain(["a"]);
        Assert.Equal(0, domain.IndexOf("a"u8));

        var changed = domain with { Levels = ["é"] };

        Assert.Equal(-1, changed.IndexOf("a"));
        Assert.Equal(0, changed.IndexOf("é"u8));
        Assert.Equal("é"u8, changed.Utf8(0));
        Assert.Equal(new CategoryDomain(["é"]), changed);
    }

    [Fact]
    public void Convert_TextThatIsNoNumber_GivesItsRow()
    {
        var text = Single(ColumnType.String, "1", "", null, "x");

        Assert.Null(ColumnText.Convert(text.Columns[0], new TableField { Name = "n", Type = ColumnType.Double }, out var row));
        Assert.Equal(3, row);
    }

    [Fact]
    public void TryGetUtf8_ForTheWire_FollowsStudio()
    {
        var table = TableBatches.FromRows(
            AllTypes, [true, 1, 2L, 0.1 + 0.2, "s", new DateTime(2010, 5, 30, 18, 9, 0), TimeSpan.Zero, "x"]);

        Assert.Equal("0.3", ColumnText.Text(table.Columns[3], 0, CellFormat.Wire));
        Assert.Equal("0.30000000000000004", ColumnText.Text(table.Columns[3], 0, CellFormat.File));
        Assert.Equal("5/30/2010 6:09:00 PM", ColumnText.Text(table.Columns[5], 0, CellFormat.Wire));
    }

    private static TableBatch Categorical(string[] levels, params object?[] values) => TableBatches.FromRows(
        new TableSchema([new TableField { Name = "v", Type = ColumnType.String, Categories = new CategoryDomain([.. levels]) }]),
        [.. values.Select(value => new[] { value })]);

    private static TableBatch Single(ColumnType type, params object?[] values) => TableBatches.FromRows(
        new TableSchema([new TableField { Name = "v", Type = type }]), [.. values.Select(value => new[] { value })]);

    private static string?[] Texts(TableBatch table, int row) =>
        [.. table.Columns.Select(column => ColumnText.Text(column, row, CellFormat.File))];

    private static string?[] ColumnTexts(TableBatch table, int column) =>
        [.. Enumerable.Range(0, table.RowCount).Select(row => ColumnText.Text(table.Columns[column], row, CellFormat.File))];
}
