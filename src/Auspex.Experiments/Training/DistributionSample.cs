using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring.Drift;

namespace Auspex.Experiments.Training;

/// <summary>Finds how a training table's columns, and a model's scores of it, are spread.</summary>
internal static class DistributionSample
{
    // Shares of ten bins are within half a percent; more rows would cost training time and tell nothing.
    private const int MostRows = 1 << 16;
    private const int Bins = 10;

    /// <summary>
    /// Looks at every row, or at rows evenly apart where there are many; the same rows each time. Null for models whose score is not one
    /// number or class.
    /// </summary>
    public static TrainingDistribution? Take(TrainedModel model, TableBatch table)
    {
        if (model.Task is not (ModelTask.Binary or ModelTask.Multiclass or ModelTask.Regression) || model.Description.GivesDeviation)
        {
            return null;
        }

        if (table.RowCount > MostRows)
        {
            table = table.Take([.. Enumerable.Range(0, MostRows).Select(row => (int)((long)row * table.RowCount / MostRows))]);
        }

        var features = model.Features.Fields
            .Select(field => Count(WatchedColumn.Find(field, table.Schema)!, table));
        var scored = model.Bind(table.Schema, appendScores: false);
        return new TrainingDistribution([.. features], Count(WatchedColumn.FindScore(model.Description, scored.Output), scored.Apply(table)));
    }

    private static ColumnDistribution Count(WatchedColumn column, TableBatch table)
    {
        var edges = column.Levels is null ? Edges(column, table) : [];
        var counter = new DriftCounts(new ColumnDistribution(edges, [.. new long[column.Levels?.Length ?? (edges.Length + 1)]], 0), column);
        counter.Add(table);
        return new ColumnDistribution(edges, [.. counter.Counts], counter.Missing);
    }

    private static ImmutableArray<double> Edges(WatchedColumn column, TableBatch table)
    {
        var values = new double[table.RowCount];
        column.ReadNumbers(table, 0, values);
        double[] known = [.. values.Where(value => !double.IsNaN(value)).Order()];
        return known.Length == 0
            ? []
            : [.. Enumerable.Range(1, Bins - 1).Select(bin => known[(int)((long)bin * known.Length / Bins)]).Where(double.IsFinite).Distinct()];
    }
}
