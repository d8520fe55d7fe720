using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Keys;
using Auspex.Experiments.Modules.Statistics;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Summarize Data": a row for each column with counts and, for numbers, moments and quantiles. Columns of other types
/// have counts only. NaN counts as missing here.
/// </summary>
internal sealed class SummarizeDataModule : IModule
{
    private static readonly (string Name, Func<ColumnMoments, double> Of)[] Statistics =
    [
        ("Min", values => values.Min),
        ("Max", values => values.Max),
        ("Mean", values => values.Mean),
        ("Mean Deviation", values => values.MeanDeviation),
        ("1st Quartile", values => values.Quantile(0.25)),
        ("Median", values => values.Median),
        ("3rd Quartile", values => values.Quantile(0.75)),
        ("Mode", values => values.Mode),
        ("Range", values => values.Max - values.Min),
        ("Sample Variance", values => values.SampleVariance),
        ("Sample Standard Deviation", values => Math.Sqrt(values.SampleVariance)),
        ("Sample Skewness", values => values.SampleSkewness),
        ("Sample Kurtosis", values => values.SampleKurtosis),
        ("P0.5", values => values.Quantile(0.005)),
        ("P1", values => values.Quantile(0.01)),
        ("P5", values => values.Quantile(0.05)),
        ("P95", values => values.Quantile(0.95)),
        ("P99.5", values => values.Quantile(0.995)),
    ];

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Summarize Data",
        Category = "Statistical Functions",
        FamilyId = "2c57074f674f45dead85d84e4726f04e",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        if (table.Columns.IsEmpty)
        {
            throw new ModuleException(20, "The dataset has no columns; at least one is needed to summarize.");
        }

        if (table.RowCount == 0)
        {
            throw new ModuleException(21, "The dataset has no rows; at least one is needed to summarize.");
        }

        var rows = new object?[table.Columns.Length][];
        Parallel.For(
            0,
            rows.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, context.Services.Threads), CancellationToken = cancellationToken },
            index => rows[index] = Row(table, index));
        var schema = new TableSchema(
        [
            new() { Name = "Feature", Type = ColumnType.String },
            new() { Name = "Count", Type = ColumnType.Int32 },
            new() { Name = "Unique Value Count", Type = ColumnType.Int32 },
            new() { Name = "Missing Value Count", Type = ColumnType.Int32 },
            .. Statistics.Select(statistic => new TableField { Name = statistic.Name, Type = ColumnType.Double }),
        ]);
        context.Set("Results dataset", TableBatches.FromRows(schema, rows));
        return Task.CompletedTask;
    }

    private static object?[] Row(TableBatch table, int index)
    {
        var (field, column) = (table.Schema.Fields[index], table.Columns[index]);
        if (!field.IsNumeric || field.IsCategorical)
        {
            var missing = column.CountNulls();
            var groups = new RowGroups(new TableBatch(new TableSchema([field]), [column], table.RowCount), 0).Count;
            return
            [
                field.Name, table.RowCount, groups - (missing > 0 ? 1 : 0), missing,
                .. Statistics.Select(_ => (object?)null),
            ];
        }

        var values = new ColumnMoments(NumericValues.Present(column));
        return
        [
            field.Name, table.RowCount, values.Distinct, table.RowCount - values.Count,
            .. Statistics.Select(statistic => values.Count > 0 && statistic.Of(values) is var value && !double.IsNaN(value) ? value : (object?)null),
        ];
    }
}
