using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Statistics;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Compute Elementary Statistics": one statistic of each numeric column, in one row.</summary>
internal sealed class ComputeElementaryStatisticsModule : IModule
{
    private const string Method = "Method";
    private const string Order = "Order";
    private const string Selection = "Column set";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Compute Elementary Statistics",
        Category = "Statistical Functions",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Choice(
                Method,
                "Mean",
                [
                    "DeviationSquared", "GeometricMean", "HarmonicMean", "InterquartileDistance", "KthCentralMoment", "Max", "Mean",
                    "MeanDeviation", "Median", "MedianDeviation", "Min", "Mode", "PopulationStandardDeviation", "PopulationVariance",
                    "Product", "Range", "SampleKurtosis", "SampleSkewness", "SampleStandardDeviation", "SampleVariance", "Sum",
                ]),
            Declare.Integer(Order, "3", 1, when: Declare.When(Method, "KthCentralMoment")),
            Declare.Columns(Selection, "NumericAll"),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var method = context.Parameters.Choice(Method);
        var order = method == "KthCentralMoment" ? context.Parameters.Integer(Order) : 0;
        var selected = NumericColumns.Of(context, Selection, table.Schema, Descriptor.Name);
        var values = new object?[selected.Length];
        for (var i = 0; i < values.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var value = Compute(method, order, NumericValues.Present(table.Columns[selected[i]]));
            values[i] = double.IsNaN(value) ? null : value;
        }

        var schema = new TableSchema([.. selected.Select(index => new TableField
        {
            Name = $"{method}({table.Schema.Fields[index].Name})",
            Type = ColumnType.Double,
        })]);
        context.Set("Results dataset", TableBatches.FromRows(schema, values));
        return Task.CompletedTask;
    }

    private static double Compute(string method, int order, double[] present)
    {
        var values = new ColumnMoments(present);
        return method switch
        {
            _ when values.Count == 0 => double.NaN,
            "DeviationSquared" => values.SquaredDeviations,
            "GeometricMean" => values.Min < 0 ? double.NaN : Math.Exp(values.Average(Math.Log)),
            "HarmonicMean" => values.Min <= 0 ? double.NaN : 1 / values.Average(value => 1 / value),
            "InterquartileDistance" => values.Quantile(0.75) - values.Quantile(0.25),
            "KthCentralMoment" => values.Power(order),
            "Max" => values.Max,
            "Mean" => values.Mean,
            "MeanDeviation" => values.MeanDeviation,
            "Median" => values.Median,
            "MedianDeviation" => values.MedianDeviation,
            "Min" => values.Min,
            "Mode" => values.Mode,
            "PopulationStandardDeviation" => Math.Sqrt(values.PopulationVariance),
            "PopulationVariance" => values.PopulationVariance,
            "Product" => present.Aggregate(1.0, (product, value) => product * value),
            "Range" => values.Max - values.Min,
            "SampleKurtosis" => values.SampleKurtosis,
            "SampleSkewness" => values.SampleSkewness,
            "SampleStandardDeviation" => Math.Sqrt(values.SampleVariance),
            "SampleVariance" => values.SampleVariance,
            _ => values.Sum,
        };
    }
}
