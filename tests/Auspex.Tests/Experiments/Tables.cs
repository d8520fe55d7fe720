using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Experiments;

/// <summary>Tables for tests of learning and scoring.</summary>
internal static class Tables
{
    public static TableField Number(string name) => new() { Name = name, Type = ColumnType.Double };

    public static TableField Text(string name) => new() { Name = name, Type = ColumnType.String };

    public static TableField Truth(string name) => new() { Name = name, Type = ColumnType.Boolean };

    public static TableField Whole(string name) => new() { Name = name, Type = ColumnType.Int32 };

    public static TableField Category(string name, params ImmutableArray<string> levels) =>
        new() { Name = name, Type = ColumnType.String, Categories = new CategoryDomain(levels) };

    public static TableBatch Of(TableField[] fields, int rows, Func<int, object?[]> row)
    {
        var builder = new TableBatchBuilder(new TableSchema([.. fields]), rows);
        for (var i = 0; i < rows; i++)
        {
            builder.AppendRow(row(i));
        }

        return builder.Build();
    }

    public static double[] Doubles(TableBatch table, string column)
    {
        var values = (DoubleColumn)table.Columns[table.Schema.IndexOf(column)];
        return [.. Enumerable.Range(0, values.Length).Select(row => values.IsNull(row) ? double.NaN : values.Values[row])];
    }

    /// <summary>Rows of a real data set, every fourth row (by a seeded shuffle) in the second table.</summary>
    public static async Task<(TableBatch Train, TableBatch Test)> SplitSharedAsync(string file, int seed)
    {
        var table = await LoadSharedAsync(file);
        int[] order = [.. Enumerable.Range(0, table.RowCount)];
        new Random(seed).Shuffle(order);
        var cut = table.RowCount * 3 / 4;
        return (table.Take(order.AsSpan(0, cut)), table.Take(order.AsSpan(cut)));
    }

    /// <summary>A real data set, <c>?</c> read as missing; skips the test where the shared folder is not there.</summary>
    public static async Task<TableBatch> LoadSharedAsync(string file)
    {
        var folder = new[]
        {
            Path.Combine(RepositoryRoot.Path, "..", "shared"),
            Environment.GetEnvironmentVariable("AUSPEX_SHARED") ?? "",
        }.FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, "data", file)));
        Assert.SkipUnless(folder is not null, $"{file} is not beside the checkout, nor under AUSPEX_SHARED.");
        await using var stream = File.OpenRead(Path.Combine(folder!, "data", file));
        var options = DelimitedTextOptions.Csv with { MissingMarkers = ["?"], InferenceRows = 100_000 };
        await using var reader = await DelimitedTextReader.OpenAsync(stream, options, TestContext.Current.CancellationToken);
        var batches = new List<TableBatch>();
        await foreach (var batch in reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            batches.Add(batch);
        }

        return TableBatches.Concatenate(batches);
    }
}
