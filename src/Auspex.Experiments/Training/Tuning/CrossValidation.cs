using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training.Tuning;

/// <summary>One fold: its rows scored by the model that the other folds gave.</summary>
/// <param name="Rows">The fold's rows in the table.</param>
/// <param name="Scored">The rows with scores.</param>
/// <param name="Metrics">How good the scores are.</param>
internal sealed record ScoredFold(int[] Rows, TableBatch Scored, ModelMetrics Metrics);

/// <summary>Trains on all folds but one and scores that one, for each fold.</summary>
internal static class CrossValidation
{
    /// <summary>Scores one fold.</summary>
    public static ScoredFold Score(
        ILearner learner, TableBatch table, string label, FoldAssignment folds, int fold, bool appendScores, int threads,
        CancellationToken cancellationToken)
    {
        var rows = folds.Rows(fold);
        var model = learner.Train(
            table.Take(folds.Rows(fold, others: true)), label, new TrainingOptions(threads, null), cancellationToken);
        var held = table.Take(rows);
        var scored = model.Bind(held.Schema, appendScores).Apply(held);
        return new ScoredFold(rows, scored, ModelMetrics.Evaluate(scored));
    }

    /// <summary>
    /// Does something for each index side by side. Which index fails does not depend on the number of threads: the first one
    /// that does is told, as if they had run one after another.
    /// </summary>
    public static T[] ForEach<T>(int count, int threads, Func<int, int, T> work, CancellationToken cancellationToken)
    {
        var results = new T[count];
        var failures = new Exception?[count];
        var wide = Math.Clamp(Math.Min(threads, count), 1, int.MaxValue);
        Parallel.For(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = wide, CancellationToken = cancellationToken },
            index =>
            {
                try
                {
                    results[index] = work(index, Math.Max(1, threads / wide));
                }
                catch (Modules.ModuleException failure)
                {
                    failures[index] = failure;
                }
            });
        if (Array.Find(failures, failure => failure is not null) is { } first)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }

        return results;
    }

    /// <summary>Scored folds as one table in the order of the input rows; a class that a fold's model did not know has no probability there.</summary>
    public static TableBatch Join(IReadOnlyList<(int[] Rows, TableBatch Scored)> folds)
    {
        var fields = new List<TableField>(folds[0].Scored.Schema.Fields);
        foreach (var (_, scored) in folds)
        {
            for (var i = 0; i < scored.Schema.Fields.Length; i++)
            {
                var field = scored.Schema.Fields[i];
                if (fields.TrueForAll(known => known.Name != field.Name))
                {
                    // Behind the neighbour it has in its own table.
                    var before = i == 0 ? -1 : fields.FindIndex(known => known.Name == scored.Schema.Fields[i - 1].Name);
                    fields.Insert(before + 1, field);
                }
            }
        }

        var aligned = folds.Select(fold => Align(fold.Scored, fields)).ToList();
        var joined = TableBatches.Concatenate(aligned);
        int[] rows = [.. folds.SelectMany(fold => fold.Rows)];
        int[] positions = [.. Enumerable.Range(0, rows.Length)];
        Array.Sort(rows, positions);
        return joined.Take(positions);
    }

    private static TableBatch Align(TableBatch table, List<TableField> fields)
    {
        var columns = ImmutableArray.CreateBuilder<Column>(fields.Count);
        var own = ImmutableArray.CreateBuilder<TableField>(fields.Count);
        foreach (var field in fields)
        {
            var index = table.Schema.IndexOf(field.Name);
            if (index >= 0)
            {
                own.Add(table.Schema.Fields[index]);
                columns.Add(table.Columns[index]);
                continue;
            }

            var missing = ColumnBuilder.For(field, table.RowCount);
            for (var row = 0; row < table.RowCount; row++)
            {
                missing.AppendNull();
            }

            own.Add(field);
            columns.Add(missing.Build());
        }

        return new TableBatch(new TableSchema(own.ToImmutable()), columns.ToImmutable(), table.RowCount);
    }
}
