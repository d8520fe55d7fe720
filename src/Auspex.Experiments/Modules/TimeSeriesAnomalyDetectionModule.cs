using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Time Series Anomaly Detection": tests row by row whether values still come as those before did, by a martingale over
/// how strange each value is among the last ones (Vovk et al. 2003; Fedorova et al. 2012; Ho and Wechsler 2010). The score is the
/// logarithm, base 10, of what a gambler against "nothing has changed" would have won over the window, and never below 0.
/// </summary>
internal sealed class TimeSeriesAnomalyDetectionModule : IModule
{
    private const string Data = "Data Column";
    private const string Time = "Time Column";
    private const string Martingale = "Martingale Type";
    private const string Epsilon = "Epsilon";
    private const string Strangeness = "Strangeness Function Type";
    private const string MartingaleLength = "Length of Martingale";
    private const string StrangenessLength = "Length of Strangeness Values";
    private const string Threshold = "Alert Threshold";
    private const string Port = "Input data containing time stamps and values";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Time Series Anomaly Detection",
        Category = "Time Series",
        Inputs = [Declare.Dataset(Port)],
        Outputs = [Declare.Dataset("Time series annotated with anomaly scores")],
        Parameters =
        [
            Declare.Columns(Data),
            Declare.Columns(Time),
            Declare.Choice(Martingale, "PowerAvg", ["PowerAvg", "Power"]),
            new()
            {
                Name = Epsilon,
                Kind = ParameterKind.Float,
                Default = "0.1",
                Minimum = 0,
                MinimumIsExclusive = true,
                Maximum = 1,
                VisibleWhen = Declare.When(Martingale, "Power"),
            },
            Declare.Choice(Strangeness, "RangePercentile", ["RangePercentile", "SlowPosTrend", "SlowNegTrend"]),
            Declare.Integer(MartingaleLength, "500", 0, 5000),
            Declare.Integer(StrangenessLength, "500", 0, 5000),
            Declare.Float(Threshold, "3.25", 0, 100),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table(Port);
        var parameters = context.Parameters;
        var data = parameters.SingleColumn(Data, table.Schema);
        NumericColumns.Require(table.Schema.Fields[data], Descriptor.Name);
        RequireSortedTimes(table, parameters.SingleColumn(Time, table.Schema));
        var threshold = parameters.Float(Threshold);
        var scores = Scores(
            table.Columns[data],
            parameters.Choice(Strangeness),
            parameters.Integer(StrangenessLength),
            parameters.Integer(MartingaleLength),
            parameters.Choice(Martingale) == "Power" ? parameters.Float(Epsilon) : null,
            cancellationToken);
        var taken = table.Schema.Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        context.Set("Time series annotated with anomaly scores", new TableBatch(
            new TableSchema(
            [
                .. table.Schema.Fields,
                new() { Name = ColumnNames.MakeUnique("Anomaly Score", 1, taken), Type = ColumnType.Double },
                new() { Name = ColumnNames.MakeUnique("Alert", 1, taken), Type = ColumnType.Int32 },
            ]),
            [
                .. table.Columns,
                new DoubleColumn(scores, scores.Length, null),
                new Int64Column([.. scores.Select(score => score >= threshold ? 1L : 0)], scores.Length, null),
            ],
            table.RowCount));
        return Task.CompletedTask;
    }

    private static void RequireSortedTimes(TableBatch table, int time)
    {
        var field = table.Schema.Fields[time];
        if (table.Columns[time] is not DateTimeColumn times)
        {
            throw new ModuleException(17, $"Time column '{field.Name}' is {(field.IsCategorical ? "categorical" : field.Type)}; expected DateTime. Cast it with Edit Metadata.");
        }

        for (var row = 0; row < times.Length; row++)
        {
            if (times.IsNull(row) || (row > 0 && times.Values[row] <= times.Values[row - 1]))
            {
                throw new ModuleException(
                    19, $"Time column '{field.Name}' does not ascend at row {row + 1}, or has no time there; sort the rows by time, each time once.");
            }
        }
    }

    private static double[] Scores(
        Column column, string strangeness, int history, int window, double? epsilon, CancellationToken cancellationToken)
    {
        var values = NumericValues.Of(column).ToArray();
        var scores = new double[values.Length];
        var strange = new List<double>(values.Length);
        var seen = new List<double>(values.Length);
        var bets = new List<double>(values.Length);
        var score = 0.0;
        for (var row = 0; row < values.Length; row++)
        {
            if (row % 1024 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            // A gap says nothing: the score stays.
            if (!column.IsNull(row) && double.IsFinite(values[row]))
            {
                strange.Add(Strange(strangeness, seen, values[row], history));
                seen.Add(values[row]);
                bets.Add(Bet(PValue(strange, history), epsilon));
                score = Wealth(bets, window);
            }

            scores[row] = score;
        }

        return scores;
    }

    /// <summary>How far a value lies outside of the quartiles of the last ones, or how long they have been rising or falling.</summary>
    private static double Strange(string kind, List<double> seen, double value, int history)
    {
        var start = Math.Max(0, seen.Count - Math.Max(1, history));
        if (kind == "RangePercentile")
        {
            if (seen.Count - start < 2)
            {
                return 0;
            }

            double[] sorted = [.. seen.Skip(start).Order()];
            var (low, high) = (sorted[(sorted.Length - 1) / 20], sorted[^(1 + ((sorted.Length - 1) / 20))]);
            var width = high > low ? high - low : 1;
            return Math.Max(value - high, low - value) / width;
        }

        var sign = kind == "SlowPosTrend" ? 1 : -1;
        var length = 0;
        for (var i = seen.Count - 1; i >= start && sign * (value - seen[i]) > 0; i--)
        {
            length++;
        }

        return length;
    }

    /// <summary>The part of the last values that are at least as strange as the newest; ties count half.</summary>
    private static double PValue(List<double> strange, int history)
    {
        var start = Math.Max(0, strange.Count - Math.Max(1, history));
        var newest = strange[^1];
        double above = 0, equal = 0;
        for (var i = start; i < strange.Count; i++)
        {
            above += strange[i] > newest ? 1 : 0;
            equal += strange[i].Equals(newest) ? 1 : 0;
        }

        return (above + (equal / 2)) / (strange.Count - start);
    }

    /// <summary>The factor by which a p-value multiplies the gambler's wealth, as a logarithm; of all powers at once for null.</summary>
    private static double Bet(double p, double? epsilon)
    {
        if (epsilon is { } power)
        {
            return Math.Log10(power) + ((power - 1) * Math.Log10(p));
        }

        // The mean over all powers of e p^(e - 1): (p ln p - p + 1) / (p ln^2 p).
        var log = Math.Log(p);
        return Math.Log10(Math.Abs(log) < 1e-6 ? 0.5 : ((p * log) - p + 1) / (p * log * log));
    }

    /// <summary>The greatest win of a gambler who began anywhere in the window.</summary>
    private static double Wealth(List<double> bets, int window)
    {
        double sum = 0, best = 0;
        for (var i = bets.Count - 1; i >= Math.Max(0, bets.Count - window); i--)
        {
            sum += bets[i];
            best = Math.Max(best, sum);
        }

        return best;
    }
}
