using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Learners;

namespace Auspex.Experiments.Training;

/// <summary>Trains one learner on a table, without an experiment: what <c>auspex train</c> does.</summary>
/// <remarks>
/// Text columns are features by their distinct values, missing text being a level of its own; missing numbers go their own
/// way in trees, and rows with any are left out by linear learners, which also give such rows no score.
/// </remarks>
public static class TableTrainer
{
    // More distinct whole numbers than this are quantities, not classes.
    private const int MostWholeNumberClasses = 20;

    /// <summary>Names of the learners that can be asked for.</summary>
    public static IReadOnlyList<string> Learners { get; } =
        [.. ModuleCatalog.CreateDefault().Modules.OfType<LearnerModule>().Where(module => module.NeedsLabel).Select(module => module.Descriptor.Name)];

    /// <summary>Trains, and measures.</summary>
    /// <exception cref="ModuleException">
    /// No such learner, parameter (2) or label (1); or the table does not fit the learner, with Studio's numbers.
    /// </exception>
    public static TrainedTable Train(
        TableBatch table, TableTraining training, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (training.HeldOut is not (>= 0 and <= 0.9))
        {
            throw new ModuleException(8, $"The part of rows to hold out is {training.HeldOut}; it must be between 0 and 0.9.");
        }

        var learner = Find(training.Learner ?? Choose(table, training.Label), training.Parameters);
        var options = new TrainingOptions(training.Threads, training.ReportProgress);
        ModelMetrics? heldOut = null;
        if (training.HeldOut > 0)
        {
            var (kept, held) = Divide(table.RowCount, training.HeldOut, training.Seed);
            if (kept.Length > 0 && held.Length > 0)
            {
                var measured = learner.Train(table.Take(kept), training.Label, options, cancellationToken);
                heldOut = Evaluate(measured, table.Take(held));
            }
        }

        var model = learner.Train(table, training.Label, options, cancellationToken).WithTrainingData(table, hash: null);
        var metrics = heldOut ?? Evaluate(model, table);
        return new TrainedTable(model, table.RowCount, clock.GetElapsedTime(started), metrics, heldOut is not null);
    }

    private static ModelMetrics Evaluate(TrainedModel model, TableBatch table) =>
        ModelMetrics.Evaluate(model.Bind(table.Schema, appendScores: false).Apply(table));

    private static ILearner Find(string name, IReadOnlyDictionary<string, string> values)
    {
        if (!ModuleCatalog.CreateDefault().TryFind(name, out var module) || module is not LearnerModule { NeedsLabel: true } learner)
        {
            throw new ModuleException(2, $"There is no learner '{name}'; expected one of {string.Join(", ", Learners)}.{NearestName.Hint(name, Learners)}");
        }

        var parameters = learner.Descriptor.Parameters;
        foreach (var given in values.Keys)
        {
            if (!parameters.Any(parameter => parameter.Name == given || parameter.GraphName == given))
            {
                throw new ModuleException(
                    2, $"{learner.Descriptor.Name} has no parameter '{given}'; it has {string.Join(", ", parameters.Select(parameter => $"'{parameter.Name}'"))}.");
            }
        }

        return learner.Create(new ModuleParameters(learner.Descriptor, values));
    }

    private static string Choose(TableBatch table, string label)
    {
        var index = table.Schema.IndexOf(label);
        if (index < 0)
        {
            throw new ModuleException(1, $"Label column '{label}' is not in the table; names are case-sensitive.{NearestName.Hint(label, table.Schema.Fields.Select(field => field.Name))}");
        }

        var texts = new LabelTexts(table.Columns[index]);
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        for (var row = 0; row < table.RowCount && distinct.Count <= MostWholeNumberClasses; row++)
        {
            if (texts.Text(row) is { } text)
            {
                distinct.Add(text);
            }
        }

        var field = table.Schema.Fields[index];
        var isQuantity = field is { IsNumeric: true, IsCategorical: false }
            && (field.Type == ColumnType.Double || distinct.Count > MostWholeNumberClasses);
        return distinct.Count == 2 ? BoostedTreesModule.TwoClass.Descriptor.Name
            : isQuantity ? BoostedTreesModule.Regression.Descriptor.Name
            : LogisticRegressionModule.Multiclass.Descriptor.Name;
    }

    private static (int[] Kept, int[] Held) Divide(int rows, double part, int seed)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        new SeededRandom(seed).Shuffle<int>(order);
        var held = (int)Math.Round(rows * part);
        return ([.. order[held..].Order()], [.. order[..held].Order()]);
    }
}
