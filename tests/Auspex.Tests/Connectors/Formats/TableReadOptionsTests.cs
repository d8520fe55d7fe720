using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Formats;

/// <summary>Wanted columns and types, the same in every format.</summary>
public sealed class TableReadOptionsTests
{
    public static TheoryData<string> Paths => new("t.parquet", "t.arrow", "t.arrows", "t.csv.gz", "t.csv");

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Schema_OtherOrderAndTypes_AreConvertedAsTextWouldBe(string path)
    {
        var table = TableBatches.FromRows(
            FormatTables.SchemaOf(("i", ColumnType.Int32), ("s", ColumnType.String), ("d", ColumnType.Double), ("t", ColumnType.DateTime), ("x", ColumnType.Boolean)),
            [1, "39", 4.0, new DateTime(2024, 1, 2), true],
            [-2, " 1e3 ", -0.5, null, false],
            [null, "?", null, null, null]);
        var wanted = new TableSchema(
        [
            new TableField { Name = "t", Type = ColumnType.String },
            new TableField { Name = "s", Type = ColumnType.Double },
            new TableField { Name = "i", Type = ColumnType.Double },
            new TableField { Name = "x", Type = ColumnType.String, Categories = new CategoryDomain(["False", "other"]) },
        ]);

        var found = await FormatTables.ReadAsync(
            await FormatTables.WriteAsync(table, path), path, new TableReadOptions { Schema = wanted, MissingMarkers = ["?"] });

        Assert.Equal(wanted.Fields, found.Schema.Fields);
        Assert.Equal(
            [["2024-01-02T00:00:00", "39", "1", null], [null, "1000", "-2", "False"], [null, null, null, null]],
            Enumerable.Range(0, 3).Select(row => found.Columns.Select(column => ColumnText.Text(column, row, CellFormat.File)).ToArray()).ToArray());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Schema_MissingColumn_IsNamedWithItsLikeness(string path)
    {
        var file = await FormatTables.WriteAsync(
            TableBatches.FromRows(FormatTables.SchemaOf(("Age", ColumnType.Int32), ("b", ColumnType.Int32)), [1, 2]), path);

        var failure = await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(
            file, path, new TableReadOptions { Name = path, Schema = FormatTables.SchemaOf(("age", ColumnType.Int32), ("c", ColumnType.Int32)) }));

        Assert.Equal("AUX3005", failure.Code.Value);
        Assert.Contains("'age', 'c'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Is 'Age' meant as 'age'?", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task ExtraColumns_AreSkippedIncludedOrRefused(string path)
    {
        var file = await FormatTables.WriteAsync(
            TableBatches.FromRows(FormatTables.SchemaOf(("a", ColumnType.Int32), ("b", ColumnType.Int32), ("c", ColumnType.Int32)), [1, 2, 3]), path);
        var options = new TableReadOptions { Schema = FormatTables.SchemaOf(("b", ColumnType.Int64)) };

        var skipped = await FormatTables.ReadAsync(file, path, options);
        var included = await FormatTables.ReadAsync(file, path, options with { ExtraColumns = ExtraColumns.Include });
        var chosen = await FormatTables.ReadAsync(
            file, path, options with { Schema = null, ChooseSchema = own => new TableSchema([own.Fields[2], own.Fields[0]]) });
        var failure = await Assert.ThrowsAsync<TableFormatException>(
            () => FormatTables.ReadAsync(file, path, options with { ExtraColumns = ExtraColumns.Fail }));

        Assert.Equal(["b"], skipped.Schema.Fields.Select(field => field.Name));
        Assert.Equal(["b", "a", "c"], included.Schema.Fields.Select(field => field.Name));
        Assert.Equal(["c", "a"], chosen.Schema.Fields.Select(field => field.Name));
        Assert.Equal("AUX3006", failure.Code.Value);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task OnBadRow_ValueOfAnotherType_KeepsTheOtherRows(string path)
    {
        var rows = Enumerable.Range(0, 1000)
            .Select(row => new object?[] { row % 400 == 399 ? "many, \"very\"" : $"{row}", row })
            .ToArray();
        var file = await FormatTables.WriteAsync(
            TableBatches.FromRows(FormatTables.SchemaOf(("n", ColumnType.String), ("m", ColumnType.Int32)), rows), path, batchRows: 150);
        var bad = new List<(long Row, string? Column, string Record)>();
        var options = new TableReadOptions
        {
            Schema = FormatTables.SchemaOf(("n", ColumnType.Double), ("m", ColumnType.Int32)),
            BatchRows = 64,
        };

        var failure = await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(file, path, options));
        var found = await FormatTables.ReadAsync(file, path, options with
        {
            OnBadRow = row =>
            {
                bad.Add((row.Location.Row, row.Location.Column, Encoding.UTF8.GetString(row.Record.Span)));
                return BadRowAction.Skip;
            },
        });

        Assert.Equal("AUX3004", failure.Code.Value);
        Assert.Contains("row 400", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("many", failure.Message, StringComparison.Ordinal);
        Assert.Equal(998, found.RowCount);
        Assert.Equal(
            [(400L, "n", "\"many, \"\"very\"\"\",399"), (800L, "n", "\"many, \"\"very\"\"\",799")], bad);
    }

    [Fact]
    public async Task Schema_DoubleAsWholeNumber_TakesWholeOnesOnly()
    {
        var table = TableBatches.FromRows(FormatTables.SchemaOf(("d", ColumnType.Double)), [3.0], [3.5]);
        var rejected = 0;

        var found = await FormatTables.ReadAsync(
            await FormatTables.WriteAsync(table, "t.parquet"),
            "t.parquet",
            new TableReadOptions
            {
                Schema = FormatTables.SchemaOf(("d", ColumnType.Int32)),
                OnBadRow = _ =>
                {
                    rejected++;
                    return BadRowAction.Skip;
                },
            });

        Assert.Equal([3], ((Int64Column)found.Columns[0]).Values.ToArray());
        Assert.Equal(1, rejected);
    }

    [Fact]
    public async Task Read_NaN_IsNotMissing()
    {
        foreach (var path in (string[])["t.parquet", "t.arrow"])
        {
            var table = TableBatches.FromRows(FormatTables.SchemaOf(("d", ColumnType.Double)), [double.NaN], [null]);

            var found = await FormatTables.ReadAsync(await FormatTables.WriteAsync(table, path), path);

            Assert.False(found.Columns[0].IsNull(0));
            Assert.True(found.Columns[0].IsNull(1));
        }
    }
}
