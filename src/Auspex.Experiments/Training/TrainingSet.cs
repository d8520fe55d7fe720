using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Training;

/// <summary>A table made ready to learn from: rows that have a label, feature columns with their levels, and the targets.</summary>
internal sealed class TrainingSet
{
    private TrainingSet(TableBatch table, FeatureLayout layout, TableField label, Targets targets, long skippedRows)
    {
        Table = table;
        Layout = layout;
        Features = BoundFeature.Bind(layout, table.Schema);
        Label = label;
        Targets = targets;
        SkippedRows = skippedRows;
    }

    /// <summary>The rows to learn from.</summary>
    public TableBatch Table { get; }

    public int RowCount => Table.RowCount;

    public FeatureLayout Layout { get; }

    /// <summary>The feature columns in the order of the layout.</summary>
    public BoundFeature[] Features { get; }

    public TableField Label { get; }

    public Targets Targets { get; }

    /// <summary>Rows left out so far.</summary>
    public long SkippedRows { get; }

    /// <summary>What the feature columns held in the rows with a label; null until a learner has read them.</summary>
    public ImmutableArray<ColumnProfile>? FeatureProfiles { get; init; }

    /// <summary>Takes the rows that have a label, and the columns that learners may use.</summary>
    /// <exception cref="ModuleException">
    /// Label: not there (1), unsuitable (23), one class or too many for the learner (83), no row has one (21).
    /// Features: none (20), of a type without meaning for learners (17), with too many levels (14).
    /// </exception>
    public static TrainingSet Create(
        TableBatch table, string labelColumn, ModelTask task, bool allowsUnknownLevels, Action<string, long, long?>? report)
    {
        var labelIndex = table.Schema.IndexOf(labelColumn);
        if (labelIndex < 0)
        {
            throw new ModuleException(1, $"Label column '{labelColumn}' is not in the table; names are case-sensitive.");
        }

        var label = table.Schema.Fields[labelIndex];
        var targets = Targets.Read(table.Columns[labelIndex], label, task);
        var rows = targets.LabelledRows();
        var skipped = table.RowCount - rows.Length;
        if (rows.Length == 0)
        {
            throw new ModuleException(
                table.RowCount == 0 ? 21 : 130,
                $"None of the table's {table.RowCount} rows has a value in label column '{labelColumn}'; at least one is needed to train.");
        }

        if (skipped > 0)
        {
            report?.Invoke($"Warning: {skipped} rows without a value in label column '{labelColumn}' are left out of training", 0, null);
            table = table.Take(rows);
            targets = targets.Take(rows);
        }

        targets.CheckClasses(label, task);
        var layout = new FeatureLayout(FeatureColumns.Find(table, labelIndex), allowsUnknownLevels);
        return new TrainingSet(table, layout, label, targets, skipped);
    }

    /// <summary>Takes all rows, and the columns that learners may use, for what learns without a label.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="labelColumn">The label's column, which is then no feature; empty for none.</param>
    /// <param name="allowsUnknownLevels">Whether unknown levels get a slot.</param>
    /// <exception cref="ModuleException">No rows (21), no features (20), or such as no learner can use (14, 17); no such label (1).</exception>
    public static TrainingSet CreateUnlabelled(TableBatch table, string labelColumn, bool allowsUnknownLevels)
    {
        var labelIndex = labelColumn.Length == 0 ? -1 : table.Schema.IndexOf(labelColumn);
        if (labelIndex < 0 && labelColumn.Length > 0)
        {
            throw new ModuleException(1, $"Label column '{labelColumn}' is not in the table; names are case-sensitive.");
        }

        if (table.RowCount == 0)
        {
            throw new ModuleException(21, "The table has no rows; at least one is needed to train.");
        }

        var layout = new FeatureLayout(FeatureColumns.Find(table, labelIndex), allowsUnknownLevels);
        var missing = labelIndex < 0 ? 0 : table.Columns[labelIndex].CountNulls();
        var targets = new Targets(new double[table.RowCount], [], new ColumnProfile(table.RowCount, missing));
        return new TrainingSet(table, layout, labelIndex < 0 ? ModelDescription.NoLabel : table.Schema.Fields[labelIndex], targets, 0);
    }

    /// <summary>Leaves out rows in which a number, or a level without a slot of its own, is missing: linear sums have no use for them.</summary>
    /// <exception cref="ModuleException">No row is left (130), or a number is infinite (33).</exception>
    public TrainingSet WithoutMissing(ModelTask task, Action<string, long, long?>? report)
    {
        var profiles = new ColumnProfile[Features.Length];
        var complete = new bool[RowCount];
        Array.Fill(complete, true);
        var numbers = new double[RowCount];
        var codes = new int[RowCount];
        for (var column = 0; column < Features.Length; column++)
        {
            var tally = new ColumnTally();
            if (Layout.IsLevels(column))
            {
                Features[column].ReadCodes(Table, 0, codes);
                tally.Add(codes, Layout.Columns[column].Categories!.Levels.Length);
                profiles[column] = tally.ToProfile();
                for (var row = 0; row < codes.Length; row++)
                {
                    complete[row] &= codes[row] >= 0;
                }

                continue;
            }

            Features[column].ReadNumbers(Table, 0, numbers);
            tally.Add(numbers);
            profiles[column] = tally.ToProfile();
            for (var row = 0; row < numbers.Length; row++)
            {
                complete[row] &= !double.IsNaN(numbers[row]);
                if (double.IsInfinity(numbers[row]))
                {
                    throw new ModuleException(
                        33, $"Column '{Layout.Columns[column].Name}' has an infinite value; this learner needs finite numbers. "
                        + "Clip or clean the column.");
                }
            }
        }

        var skipped = complete.Count(isComplete => !isComplete);
        if (skipped == 0)
        {
            return new TrainingSet(Table, Layout, Label, Targets, SkippedRows) { FeatureProfiles = [.. profiles] };
        }

        if (skipped == RowCount)
        {
            throw new ModuleException(
                130, $"Each of the {RowCount} rows with a label has a missing value, which this learner cannot use. "
                + "Put Clean Missing Data before training.");
        }

        report?.Invoke($"Warning: {skipped} of {RowCount} rows with missing values are left out of training", 0, null);
        int[] rows = [.. Enumerable.Range(0, RowCount).Where(row => complete[row])];
        var targets = Targets.Take(rows);
        targets.CheckClasses(Label, task);
        return new TrainingSet(Table.Take(rows), Layout, Label, targets, SkippedRows + skipped) { FeatureProfiles = [.. profiles] };
    }

    /// <summary>The description of a model learned from this set.</summary>
    /// <param name="learner">The learner's name.</param>
    /// <param name="task">What it predicts.</param>
    /// <param name="parameters">The learner's parameters.</param>
    /// <param name="profiles">What the feature columns held, where the learner found out after the set was made.</param>
    public ModelDescription Describe(
        string learner,
        ModelTask task,
        IEnumerable<KeyValuePair<string, string>> parameters,
        ImmutableArray<ColumnProfile>? profiles = null) => new()
        {
            Learner = learner,
            Task = task,
            Label = Label with { Role = ColumnRole.Label },
            Features = new TableSchema(Layout.Columns),
            Classes = Targets.Classes,
            AllowsUnknownLevels = Layout.AllowsUnknownLevels,
            Parameters = parameters.ToImmutableSortedDictionary(StringComparer.Ordinal),
            TrainedRows = RowCount,
            SkippedRows = SkippedRows,
            Profile = (profiles ?? FeatureProfiles) is { } features ? new TrainingProfile(features, Targets.Profile) : null,
        };
}
