using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Clean Missing Data": fills or drops missing values in the selected columns whose ratio of missing values lies
/// within bounds, and gives the cleaning as a transform. NaN is a value, not a missing one. Columns keep their type: the mean
/// of integers is rounded.
/// </summary>
internal sealed class CleanMissingDataModule : IModule
{
    private const string Selection = "Columns to be cleaned";
    private const string LeastRatio = "Minimum missing value ratio";
    private const string GreatestRatio = "Maximum missing value ratio";
    private const string Mode = "Cleaning mode";
    private const string Replacement = "Replacement value";
    private const string AllMissing = "Cols with all missing values";
    private const string Indicator = "Generate missing value indicator column";
    private const string ChainRounds = "Number of iterations";
    private const string ComponentRounds = "Number of iterations for PCA prediction";

    private const string Mice = "Replace using MICE";
    private const string Custom = "Custom substitution value";
    private const string Mean = "Replace with mean";
    private const string Median = "Replace with median";
    private const string Commonest = "Replace with mode";
    private const string RemoveRow = "Remove entire row";
    private const string RemoveColumn = "Remove entire column";
    private const string Components = "Replace using Probabilistic PCA";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Clean Missing Data",
        Category = "Data Transformation/Manipulation",
        FamilyId = "d2c5ca2f732341a39b7eda917c99f0c4",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Cleaned dataset"), Declare.Transform("Cleaning transformation")],
        Parameters =
        [
            Declare.Columns(Selection, "All columns"),
            Declare.Float(LeastRatio, "0", 0, 1),
            Declare.Float(GreatestRatio, "1", 0, 1),
            Declare.Choice(Mode, Custom, [Mice, Custom, Mean, Median, Commonest, RemoveRow, RemoveColumn, Components]),
            Declare.Text(Replacement, "0", isOptional: true, when: Declare.When(Mode, Custom)),
            Declare.Choice(
                AllMissing, "Remove", ["Remove", "Propagate"], when: Declare.When(Mode, Mice, Mean, Median, Commonest)),
            Declare.Boolean(
                Indicator, false, when: Declare.When(Mode, Mice, Custom, Mean, Median, Commonest, Components)),
            Declare.Integer(ChainRounds, "5", 1, 10, "Number of Iterations", Declare.When(Mode, Mice)),
            Declare.Integer(
                ComponentRounds, "10", 1, 50, "Number of Iterations for PCA Prediction", Declare.When(Mode, Components)),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        var least = context.Parameters.Float(LeastRatio);
        var greatest = context.Parameters.Float(GreatestRatio);
        if (least > greatest)
        {
            throw new ModuleException(
                8, FormattableString.Invariant($"'{LeastRatio}' is {least}; it must be at most '{GreatestRatio}', which is {greatest}."));
        }

        var selected = table.Schema.Fields.IsEmpty ? [] : context.Parameters.Columns(Selection, table.Schema);
        ImmutableArray<int> gated = [.. selected.Where(index => Ratio(table.Columns[index]) is var ratio && ratio >= least && ratio <= greatest)];
        var transform = new CleaningTransform(Plan(table, gated, context.Parameters, cancellationToken));
        context.Set("Cleaned dataset", transform.Bind(table.Schema).Apply(table));
        context.Set("Cleaning transformation", new TransformValue(transform));
        return Task.CompletedTask;
    }

    private static double Ratio(Column column) => column.Length == 0 ? 0 : (double)column.CountNulls() / column.Length;

    private static CleaningPlan Plan(
        TableBatch table, ImmutableArray<int> gated, ModuleParameters parameters, CancellationToken cancellationToken)
    {
        var mode = parameters.Choice(Mode);
        if (mode == RemoveRow)
        {
            return new CleaningPlan { RequiredColumns = Names(table, gated) };
        }

        if (mode == RemoveColumn)
        {
            return new CleaningPlan
            {
                RemovedColumns = Names(table, gated.Where(index => table.Columns[index].CountNulls() > 0)),
            };
        }

        var indicators = parameters.Boolean(Indicator);
        if (mode == Custom)
        {
            return new CleaningPlan
            {
                Fills = [.. gated.Select(index => CustomFill(table.Schema.Fields[index], parameters.Text(Replacement) ?? ""))],
                Indicators = indicators ? Names(table, gated) : [],
            };
        }

        var isEmpty = gated.ToLookup(index => table.RowCount > 0 && table.Columns[index].CountNulls() == table.RowCount);
        var filled = isEmpty[false].ToArray();
        var removed = mode != Components && parameters.Choice(AllMissing) == "Remove" ? Names(table, isEmpty[true]) : [];
        var plan = new CleaningPlan
        {
            RemovedColumns = removed,
            Indicators = indicators ? Names(table, gated.Where(index => !removed.Contains(table.Schema.Fields[index].Name))) : [],
        };
        if (table.RowCount == 0)
        {
            // There is nothing to learn from, and nothing to fill.
            return plan;
        }

        return mode switch
        {
            Mice => plan with
            {
                Imputer = ChainedImputer.Fit(table, filled, parameters.Integer(ChainRounds), cancellationToken),
            },
            Components => plan with
            {
                Imputer = ComponentImputer.Fit(table, filled, parameters.Integer(ComponentRounds), cancellationToken),
            },
            _ => plan with { Fills = [.. filled.SelectMany(index => StatisticalFill(table, index, mode))] },
        };
    }

    private static ColumnFill CustomFill(TableField field, string value)
    {
        if (FilledColumn.TryParse(value, field.Type) is null)
        {
            throw new ModuleException(
                2,
                $"'{Replacement}' is '{value}', which is no {field.Type} as column '{field.Name}' needs; "
                + "give another value, or select columns of one type.");
        }

        return new ColumnFill(field.Name, field.Type, value, field.Role == ColumnRole.Label);
    }

    private static IEnumerable<ColumnFill> StatisticalFill(TableBatch table, int index, string mode)
    {
        var field = table.Schema.Fields[index];
        var column = table.Columns[index];
        var fits = !field.IsCategorical && (field.IsNumeric || (mode == Mean && field.Type == ColumnType.Boolean));
        if (mode != Commonest && !fits)
        {
            // A text column without gaps stands in most selections of "all columns"; only gaps make it a mistake.
            return column.CountNulls() == 0
                ? []
                : throw new ModuleException(
                    18,
                    $"Column '{field.Name}' has missing values and is {(field.IsCategorical ? "categorical" : field.Type)}; "
                    + $"'{mode}' takes numbers{(mode == Mean ? " and Booleans" : "")} only. Select other columns, or use '{Commonest}'.");
        }

        var value = mode switch
        {
            Mean => ColumnStatistics.Mean(field, column),
            Median => ColumnStatistics.Median(field, column),
            _ => ColumnStatistics.Mode(field, column),
        };
        return value is null ? [] : [new ColumnFill(field.Name, field.Type, value, field.Role == ColumnRole.Label)];
    }

    private static ImmutableArray<string> Names(TableBatch table, IEnumerable<int> indexes) =>
        [.. indexes.Select(index => table.Schema.Fields[index].Name)];
}
