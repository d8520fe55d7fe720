using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using MathNet.Numerics.Distributions;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Test Hypothesis Using t-Test": the probability of what the columns show if the null hypothesis held, and whether that
/// rejects it at a confidence. Student's test, or Welch's where variances may differ. Missing values are left out.
/// </summary>
internal sealed class TestHypothesisUsingTTestModule : IModule
{
    private const string Kind = "Type of t-test";
    private const string Single = "SingleSampleSet";
    private const string Paired = "PairedSamples";
    private const string Unpaired = "UnpairedSamples";
    private const string Mu = "Null hypothesized mu";
    private const string Selection = "Target column(s)";
    private const string EqualVariances = "Assume equal variances";
    private const string Mu1 = "Null hypothesized mu1";
    private const string Mu2 = "Null hypothesized mu2";
    private const string Hypothesis = "Hypothesis type";
    private const string TwoTails = "Two-tail";
    private const string Greater = "One Tail Greater Than";
    private const string Alpha = "alpha";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Test Hypothesis Using t-Test",
        Category = "Statistical Functions",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("P"), Declare.Dataset("Reject H0")],
        Parameters =
        [
            Declare.Choice(Kind, Single, [Single, Paired, Unpaired]),
            Number(Mu, Single, Paired),
            Declare.Columns(Selection),
            Declare.Boolean(EqualVariances, true, when: Declare.When(Kind, Unpaired)),
            Number(Mu1, Unpaired),
            Number(Mu2, Unpaired),
            Declare.Choice(Hypothesis, TwoTails, [TwoTails, Greater, "One Tail Less Than"]),
            Declare.Float(Alpha, "0.95", 0, 1),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var parameters = context.Parameters;
        var kind = parameters.Choice(Kind);
        var selected = NumericColumns.Of(context, Selection, table.Schema, Descriptor.Name, errorIfNone: 31);
        var needed = kind == Single ? 1 : 2;
        if (selected.Length < needed)
        {
            throw new ModuleException(31, $"'{Selection}' selects {selected.Length} columns; '{kind}' needs {needed}.");
        }

        if (selected.Length > needed)
        {
            throw new ModuleException(8, $"'{Selection}' selects {selected.Length} columns; '{kind}' takes {needed}.");
        }

        var (t, freedom) = Statistic(kind, table, selected, parameters);
        var p = parameters.Choice(Hypothesis) switch
        {
            TwoTails => 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(t)),
            Greater => StudentT.CDF(0, 1, freedom, -t),
            _ => StudentT.CDF(0, 1, freedom, t),
        };
        var name = kind switch { Single => "ss", Paired => "ps", _ => "us" }
            + $"({string.Join(", ", selected.Select(index => table.Schema.Fields[index].Name))})";
        context.Set("P", One($"P_{name}", ColumnType.Double, p));
        context.Set("Reject H0", One($"RejectH0_{name}", ColumnType.Boolean, p < 1 - parameters.Float(Alpha)));
        return Task.CompletedTask;
    }

    private static (double T, double Freedom) Statistic(string kind, TableBatch table, ImmutableArray<int> columns, ModuleParameters parameters)
    {
        switch (kind)
        {
            case Single:
                return OneSample(Sample(table, columns[0]), parameters.Float(Mu), table.Schema.Fields[columns[0]].Name);
            case Paired:
                var (left, right) = (table.Columns[columns[0]], table.Columns[columns[1]]);
                double[] differences =
                [
                    .. Numbers(table, columns[0]).Zip(Numbers(table, columns[1]), (one, other) => one - other)
                        .Where((_, row) => !left.IsNull(row) && !right.IsNull(row)),
                ];
                return OneSample(differences, parameters.Float(Mu), table.Schema.Fields[columns[0]].Name);
            default:
                var (first, second) = (Sample(table, columns[0]), Sample(table, columns[1]));
                RequireRows(first, table.Schema.Fields[columns[0]].Name);
                RequireRows(second, table.Schema.Fields[columns[1]].Name);
                var (meanOne, varianceOne) = Moments(first);
                var (meanTwo, varianceTwo) = Moments(second);
                var difference = meanOne - meanTwo - (parameters.Float(Mu1) - parameters.Float(Mu2));
                var (a, b) = (varianceOne / first.Length, varianceTwo / second.Length);
                if (!parameters.Boolean(EqualVariances))
                {
                    return (
                        Ratio(difference, Math.Sqrt(a + b)),
                        a + b == 0 ? first.Length + second.Length - 2 : (a + b) * (a + b) / ((a * a / (first.Length - 1)) + (b * b / (second.Length - 1))));
                }

                double freedom = first.Length + second.Length - 2;
                var pooled = (((first.Length - 1) * varianceOne) + ((second.Length - 1) * varianceTwo)) / freedom;
                return (Ratio(difference, Math.Sqrt(pooled * ((1.0 / first.Length) + (1.0 / second.Length)))), freedom);
        }
    }

    private static (double T, double Freedom) OneSample(double[] values, double mu, string column)
    {
        RequireRows(values, column);
        var (mean, variance) = Moments(values);
        return (Ratio(mean - mu, Math.Sqrt(variance / values.Length)), values.Length - 1);
    }

    // Values that do not vary and miss the hypothesis reject it surely.
    private static double Ratio(double difference, double error) =>
        error == 0 ? difference == 0 ? 0 : double.CopySign(double.PositiveInfinity, difference) : difference / error;

    private static (double Mean, double Variance) Moments(double[] values)
    {
        var mean = values.Sum() / values.Length;
        return (mean, values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private static double[] Sample(TableBatch table, int index)
    {
        var column = table.Columns[index];
        return [.. Numbers(table, index).Where((_, row) => !column.IsNull(row))];
    }

    private static double[] Numbers(TableBatch table, int index)
    {
        var column = table.Columns[index];
        var values = NumericValues.Of(column).ToArray();
        for (var row = 0; row < values.Length; row++)
        {
            if (!column.IsNull(row) && !double.IsFinite(values[row]))
            {
                var name = table.Schema.Fields[index].Name;
                throw double.IsNaN(values[row])
                    ? new ModuleException(32, $"Column '{name}' has a value that is not a number; clean it first.")
                    : new ModuleException(33, $"Column '{name}' has an infinite value; clip or clean it first.");
            }
        }

        return values;
    }

    private static void RequireRows(double[] values, string column)
    {
        if (values.Length < 2)
        {
            throw new ModuleException(21, $"Column '{column}' has {values.Length} values to test; at least two are needed.");
        }
    }

    private static TableBatch One(string name, ColumnType type, object value) =>
        TableBatches.FromRows(new TableSchema([new() { Name = name, Type = type }]), [value]);

    private static ModuleParameter Number(string name, params string[] kinds) =>
        new() { Name = name, Kind = ParameterKind.Float, Default = "0", VisibleWhen = Declare.When(Kind, kinds) };
}
