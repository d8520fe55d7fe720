using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Keys;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Statistics;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Group Data into Bins": the number of the bin that a value falls into, by quantiles, equal widths, given edges, or the
/// edges that tell the classes of a label apart; and the binning as a transform.
/// </summary>
internal sealed class GroupDataIntoBinsModule : IModule
{
    private const string Mode = "Binning mode";
    private const string Quantiles = "Quantiles";
    private const string Entropy = "Entropy MDL";
    private const string EqualWidth = "Equal Width";
    private const string Custom = "Custom Edges";
    private const string Stepped = "Equal Width with Custom Start and Stop";
    private const string Label = "Label column";
    private const string Selection = "Columns to bin";
    private const string Categorical = "Tag columns as categorical";
    private const string Bins = "Number of bins";
    private const string Normalization = "Quantile normalization";
    private const string Edges = "Comma-separated list of bin edges";
    private const string First = "First edge position";
    private const string Width = "Bin width";
    private const string Last = "Last edge position";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Group Data into Bins",
        Category = "Data Transformation/Scale and Reduce",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Quantized dataset"), Declare.Transform("Binning transformation")],
        Parameters =
        [
            Declare.Choice(Mode, Quantiles, [Quantiles, Entropy, EqualWidth, Custom, Stepped]),
            Declare.Columns(Label, when: Declare.When(Mode, Entropy)),
            Declare.Columns(Selection, "NumericAll"),
            OutputMode.Declare(OutputMode.Append),
            Declare.Boolean(Categorical, true),
            Declare.Integer(Bins, "10", 1, when: Declare.When(Mode, Quantiles, EqualWidth, Entropy, Stepped)),
            Declare.Choice(Normalization, "Percent", ["Percent", "PQuantile", "QuantileIndex"], when: Declare.When(Mode, Quantiles)),
            Declare.Text(Edges, when: Declare.When(Mode, Custom)),
            Number(First, "0"),
            Number(Width, "0.5"),
            Number(Last, "1"),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var parameters = context.Parameters;
        var mode = parameters.Choice(Mode);
        var selected = NumericColumns.Of(context, Selection, table.Schema, Descriptor.Name);
        var edgesOf = EdgesOf(mode, table, parameters);
        var bins = ImmutableArray.CreateBuilder<ColumnBins>(selected.Length);
        foreach (var index in selected)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var field = table.Schema.Fields[index];
            bins.Add(new ColumnBins(field.Name, edgesOf(table.Columns[index]), field.Role == ColumnRole.Label));
        }

        var transform = new BinningTransform(
            bins.MoveToImmutable(),
            mode != Quantiles ? BinValue.Index : parameters.Choice(Normalization) switch
            {
                "Percent" => BinValue.Percent,
                "PQuantile" => BinValue.Part,
                _ => BinValue.Index,
            },
            parameters.Boolean(Categorical),
            parameters.Choice(OutputMode.Name));
        context.Set("Quantized dataset", transform.Bind(table.Schema).Apply(table));
        context.Set("Binning transformation", new TransformValue(transform));
        return Task.CompletedTask;
    }

    private static Func<Column, double[]> EdgesOf(string mode, TableBatch table, ModuleParameters parameters)
    {
        if (mode is Custom or Stepped)
        {
            var edges = mode == Custom ? ReadEdges(parameters.Required(Edges)) : SteppedEdges(parameters);
            return _ => edges;
        }

        var count = parameters.Integer(Bins);
        if (table.RowCount == 0)
        {
            throw new ModuleException(21, $"The dataset has no rows; '{mode}' needs at least one to learn its edges from.");
        }

        if (mode != Entropy)
        {
            return column => mode == Quantiles
                ? BinEdges.Quantiles(NumericValues.Present(column), count)
                : BinEdges.EqualWidth(NumericValues.Present(column), count);
        }

        if (parameters.Text(Label) is null && table.Schema.LabelIndex < 0)
        {
            throw new ModuleException(24, $"'{Entropy}' needs a label column; give '{Label}', or mark one with Edit Metadata.");
        }

        var label = parameters.Text(Label) is null ? table.Schema.LabelIndex : parameters.LabelColumn(Label, table.Schema);
        var groups = new RowGroups(table, label).Of;
        return column =>
        {
            var values = NumericValues.Of(column).ToArray();
            int[] rows = [.. Enumerable.Range(0, values.Length)
                .Where(row => !column.IsNull(row) && !double.IsNaN(values[row]) && !table.Columns[label].IsNull(row))];
            return BinEdges.Entropy([.. rows.Select(row => values[row])], [.. rows.Select(row => groups[row])], count);
        };
    }

    private static double[] SteppedEdges(ModuleParameters parameters)
    {
        var (first, width, last) = (parameters.Float(First), parameters.Float(Width), parameters.Float(Last));
        if (!(width > 0))
        {
            throw new ModuleException(4, FormattableString.Invariant($"'{Width}' is {width}; it must be greater than 0."));
        }

        const int Most = 100_000;
        return last > first && (last - first) / width <= Most
            ? BinEdges.Stepped(first, width, last)
            : throw new ModuleException(
                75,
                FormattableString.Invariant($"'{First}' is {first}, '{Last}' {last} and '{Width}' {width}; the last must be greater than the first, and there may be {Most} bins."));
    }

    private static double[] ReadEdges(string text)
    {
        var edges = new List<double>();
        foreach (var part in text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var edge) || double.IsNaN(edge))
            {
                throw new ModuleException(2, $"'{Edges}' has '{part}'; expected numbers separated by commas.");
            }

            if (edges.Count > 0 && edge <= edges[^1])
            {
                throw new ModuleException(75, FormattableString.Invariant($"'{Edges}' has {edge} behind {edges[^1]}; edges must ascend."));
            }

            edges.Add(edge);
        }

        return edges.Count > 0 ? [.. edges] : throw new ModuleException(38, $"'{Edges}' has no number; expected at least one edge.");
    }

    private static ModuleParameter Number(string name, string @default) =>
        new() { Name = name, Kind = ParameterKind.Float, Default = @default, VisibleWhen = Declare.When(Mode, Stepped) };
}
