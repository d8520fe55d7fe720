using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Drift;

/// <summary>
/// Counts what goes through a row transform, in the pass that scores it: the model's columns and scores, against those of its training.
/// </summary>
/// <remarks>Thread-safe. Memory: the bins of every column. The transform's results are not touched.</remarks>
public sealed class DriftWatch : IRowTransform
{
    private readonly IRowTransform _scoring;
    private readonly Lock _gate = new();
    private readonly DriftCounts[] _features;
    private readonly DriftCounts? _score;
    private readonly ImmutableArray<string> _others;
    private long _rows;

    private DriftWatch(IRowTransform scoring, DriftCounts[] features, DriftCounts? score, ImmutableArray<string> others)
    {
        _scoring = scoring;
        _features = features;
        _score = score;
        _others = others;
    }

    /// <inheritdoc/>
    public TableSchema Output => _scoring.Output;

    /// <inheritdoc/>
    public ColumnFlow Flow => _scoring.Flow;

    /// <summary>Watches a transform; null where the model does not know how its training was spread.</summary>
    /// <param name="model">The model in it.</param>
    /// <param name="scoring">What is watched.</param>
    /// <param name="input">The schema that it is bound to.</param>
    /// <param name="reaches">Whether a column of the input comes to the model as it is.</param>
    public static DriftWatch? Create(TrainedModel model, IRowTransform scoring, TableSchema input, Func<string, bool> reaches)
    {
        if (model.Description.Distribution is not { } training)
        {
            return null;
        }

        var features = new List<DriftCounts>();
        var others = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < model.Features.Fields.Length; i++)
        {
            var field = model.Features.Fields[i];
            if (reaches(field.Name) && WatchedColumn.Find(field, input) is { } column && scoring.Flow.Reads[input.IndexOf(field.Name)])
            {
                features.Add(new DriftCounts(training.Features[i], column));
            }
            else
            {
                others.Add(field.Name);
            }
        }

        var scoreName = model.Task == ModelTask.Binary ? ScoreNames.ScoredProbabilities : ScoreNames.ScoredLabels;
        var score = scoring.Output.IndexOf(scoreName) >= 0
            ? new DriftCounts(training.Score, WatchedColumn.FindScore(model.Description, scoring.Output))
            : null;
        return new DriftWatch(scoring, [.. features], score, others.ToImmutable());
    }

    /// <summary>
    /// Holds a table that was scored already against the model's training; null where the model does not know how that was spread.
    /// </summary>
    /// <param name="model">What scored it.</param>
    /// <param name="input">The table as it came to the model.</param>
    /// <param name="scored">The same rows with their scores.</param>
    /// <param name="source">Whose rows they are, for people.</param>
    internal static DriftReport? Measure(TrainedModel model, TableBatch input, TableBatch scored, string source)
    {
        var watch = Create(model, new Done(scored, input.Schema.Fields.Length), input.Schema, _ => true);
        watch?.Apply(input);
        return watch?.Report(source, 0);
    }

    /// <inheritdoc/>
    public TableBatch Apply(TableBatch batch)
    {
        var scored = _scoring.Apply(batch);
        DriftCounts[] found = [.. _features.Select(counts => new DriftCounts(counts.Training, counts.Column))];
        foreach (var counts in found)
        {
            counts.Add(batch);
        }

        var score = _score is null ? null : new DriftCounts(_score.Training, _score.Column);
        score?.Add(scored);
        lock (_gate)
        {
            _rows += batch.RowCount;
            for (var i = 0; i < found.Length; i++)
            {
                _features[i].Add(found[i]);
            }

            if (score is not null)
            {
                _score!.Add(score);
            }
        }

        return scored;
    }

    /// <summary>What was found so far.</summary>
    /// <param name="source">Whose rows they are, for people.</param>
    /// <param name="rowsBefore">Rows that another attempt scored, and that are not counted here.</param>
    public DriftReport Report(string source, long rowsBefore)
    {
        lock (_gate)
        {
            return new DriftReport(
                source,
                _rows,
                rowsBefore,
                _score is null ? null : ColumnDrift.Of(_score),
                [.. _features.Select(ColumnDrift.Of).OrderByDescending(column => column.Psi)],
                _others);
        }
    }

    /// <summary>What has been scored, as if it were scored now.</summary>
    private sealed class Done(TableBatch scored, int columns) : IRowTransform
    {
        public TableSchema Output => scored.Schema;

        public ColumnFlow Flow { get; } = ColumnFlow.Opaque(columns, scored.Schema.Fields.Length);

        public TableBatch Apply(TableBatch batch) => scored;
    }
}
