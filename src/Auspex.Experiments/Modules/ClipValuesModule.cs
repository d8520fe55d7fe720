using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Statistics;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Clip Values": numbers beyond a threshold become the threshold, the mean or median of the others, or missing.
/// Thresholds are constants or percentiles of the column. Missing values and NaN stay as they are.
/// </summary>
internal sealed class ClipValuesModule : IModule
{
    private const string Set = "Set of thresholds";
    private const string Peaks = "ClipPeaks";
    private const string Subpeaks = "ClipSubPeaks";
    private const string Both = "ClipPeaksAndSubpeaks";
    private const string UpperKind = "Upper threshold";
    private const string LowerKind = "Lower threshold";
    private const string BothKind = "Threshold";
    private const string UpperConstant = "Constant value for upper threshold";
    private const string LowerConstant = "Constant value for lower threshold";
    private const string UpperPercentile = "Percentile number for upper threshold";
    private const string LowerPercentile = "Percentile number for lower threshold";
    private const string PeakSubstitute = "Substitute value for peaks";
    private const string SubpeakSubstitute = "Substitute value for subpeaks";
    private const string Selection = "List of columns";
    private const string Overwrite = "Overwrite flag";
    private const string Indicators = "Add indicator columns";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Clip Values",
        Category = "Data Transformation/Scale and Reduce",
        FamilyId = "cdc62e1db64f424cac09bb050918a668",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Choice(Set, Peaks, [Peaks, Subpeaks, Both], "clipmode"),
            Declare.Choice(UpperKind, "Constant", ["Constant", "Percentile"], when: Declare.When(Set, Peaks)),
            Declare.Choice(LowerKind, "Constant", ["Constant", "Percentile"], when: Declare.When(Set, Subpeaks)),
            Declare.Choice(BothKind, "Constant", ["Constant", "Percentile"], when: Declare.When(Set, Both)),

            // Which of these count is for two of the choices above to say.
            new() { Name = UpperConstant, Kind = ParameterKind.Float, Default = "1" },
            new() { Name = LowerConstant, Kind = ParameterKind.Float, Default = "-1" },
            Declare.Integer(UpperPercentile, "99", 1, 99),
            Declare.Integer(LowerPercentile, "1", 1, 99),
            Declare.Choice(PeakSubstitute, "Threshold", ["Threshold", "Mean", "Median", "Missing"], when: Declare.When(Set, Peaks, Both)),
            Declare.Choice(SubpeakSubstitute, "Threshold", ["Threshold", "Mean", "Median", "Missing"], when: Declare.When(Set, Subpeaks, Both)),
            Declare.Columns(Selection),
            Declare.Boolean(Overwrite, true),
            Declare.Boolean(Indicators, false),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var selected = NumericColumns.Of(context, Selection, table.Schema, Descriptor.Name);
        var overwrites = context.Parameters.Boolean(Overwrite);
        var fields = table.Schema.Fields.ToList();
        var columns = table.Columns.ToList();
        var taken = fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var index in selected)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var field = table.Schema.Fields[index];
            var (clipped, changed) = Clip(table.Columns[index], field, context.Parameters);
            if (overwrites)
            {
                columns[index] = clipped;
            }
            else
            {
                Add($"{field.Name}_clipped", field.Type, clipped, field.Role == ColumnRole.Feature ? ColumnRole.Feature : ColumnRole.None);
            }

            if (context.Parameters.Boolean(Indicators))
            {
                Add($"{field.Name}_clipped_indicator", ColumnType.Boolean, new BooleanColumn(changed, changed.Length, null), ColumnRole.Feature);
            }
        }

        context.Set("Results dataset", new TableBatch(new TableSchema([.. fields]), [.. columns], table.RowCount));
        return Task.CompletedTask;

        void Add(string name, ColumnType type, Column column, ColumnRole role)
        {
            fields.Add(new TableField { Name = ColumnNames.MakeUnique(name, 1, taken), Type = type, Role = role });
            columns.Add(column);
        }
    }

    private static (Column Clipped, bool[] Changed) Clip(Column column, TableField field, ModuleParameters parameters)
    {
        var set = parameters.Choice(Set);
        var values = NumericValues.Of(column).ToArray();
        var present = new ColumnMoments(NumericValues.Present(column));
        double upper = double.PositiveInfinity, lower = double.NegativeInfinity;
        if (set != Subpeaks)
        {
            upper = parameters.Choice(set == Both ? BothKind : UpperKind) == "Constant"
                ? parameters.Float(UpperConstant)
                : present.Quantile(parameters.Integer(UpperPercentile) / 100.0);
        }

        if (set != Peaks)
        {
            lower = parameters.Choice(set == Both ? BothKind : LowerKind) == "Constant"
                ? parameters.Float(LowerConstant)
                : present.Quantile(parameters.Integer(LowerPercentile) / 100.0);
        }

        if (lower > upper)
        {
            throw new ModuleException(
                8, FormattableString.Invariant($"For column '{field.Name}' the lower threshold is above the upper one; the lower must be between minus infinity and the upper."));
        }

        // What stands in for outliers is computed of the others alone.
        var inside = new ColumnMoments([.. values.Where((value, row) => !column.IsNull(row) && value >= lower && value <= upper)]);
        var (forPeak, forSubpeak) = (
            set != Subpeaks ? Substitute(parameters.Choice(PeakSubstitute), upper, inside) : null,
            set != Peaks ? Substitute(parameters.Choice(SubpeakSubstitute), lower, inside) : null);
        var changed = new bool[values.Length];
        var validity = column.Validity?.ToArray();
        for (var row = 0; row < values.Length; row++)
        {
            if (column.IsNull(row) || !(values[row] > upper || values[row] < lower))
            {
                continue;
            }

            changed[row] = true;
            if ((values[row] > upper ? forPeak : forSubpeak) is { } value)
            {
                values[row] = value;
            }
            else
            {
                validity ??= Column.AllValid(values.Length);
                validity[row >> 6] &= ~(1UL << (row & 63));
            }
        }

        // Columns keep their type, so what stands in among whole numbers is rounded.
        return (
            field.Type == ColumnType.Double
                ? new DoubleColumn(values, values.Length, validity)
                : new Int64Column([.. Whole((Int64Column)column, values, changed)], values.Length, validity),
            changed);
    }

    private static IEnumerable<long> Whole(Int64Column column, double[] values, bool[] changed)
    {
        for (var row = 0; row < values.Length; row++)
        {
            yield return changed[row] ? ColumnStatistics.ToInt64(values[row]) : column.Values[row];
        }
    }

    private static double? Substitute(string choice, double threshold, ColumnMoments inside) => choice switch
    {
        "Threshold" => threshold,
        "Mean" when inside.Count > 0 => inside.Mean,
        "Median" when inside.Count > 0 => inside.Median,
        _ => null,
    };
}
