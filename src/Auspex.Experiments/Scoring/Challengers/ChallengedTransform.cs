using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>
/// Champion and challengers in one pass: each batch is read once and scored by all; what comes out is the champion's alone, and what they
/// disagree about is counted.
/// </summary>
/// <remarks>Memory: about 2 MiB per challenger, and the scores of the batches under way. The champion's bits are not touched.</remarks>
public sealed class ChallengedTransform : IObservingTransform
{
    private readonly IRowTransform _champion;
    private readonly ScoreReading _championReading;
    private readonly ImmutableArray<Challenger> _challengers;
    private readonly ImmutableArray<ScoreReading> _readings;
    private readonly ImmutableArray<PairCounts> _pairs;
    private readonly RunningMetrics _metrics = new();
    private readonly Challenger _named;
    private readonly Lock _gate = new();

    private ChallengedTransform(
        Challenger champion, ScoreReading championReading, ImmutableArray<Challenger> challengers, ImmutableArray<ScoreReading> readings, ColumnFlow flow)
    {
        _named = champion;
        _champion = champion.Scoring;
        _championReading = championReading;
        _challengers = challengers;
        _readings = readings;
        _pairs = [.. challengers.Select(_ => new PairCounts(champion.Model.Description.Classes.Length))];
        Flow = flow;
    }

    /// <inheritdoc/>
    public TableSchema Output => _champion.Output;

    /// <inheritdoc/>
    public ColumnFlow Flow { get; }

    /// <summary>Puts challengers beside a champion.</summary>
    /// <param name="champion">Whose output is kept; its transform may be a watched one.</param>
    /// <param name="challengers">At least one; all bound to the champion's schema.</param>
    /// <exception cref="Modules.ModuleException">13: a challenger predicts something else, or its scores, or the champion's, are not in the output.</exception>
    public static ChallengedTransform Create(Challenger champion, ImmutableArray<Challenger> challengers)
    {
        ArgumentNullException.ThrowIfNull(champion);
        ArgumentOutOfRangeException.ThrowIfZero(challengers.Length);
        var readings = ImmutableArray.CreateBuilder<ScoreReading>();
        var reads = champion.Scoring.Flow.Reads;
        foreach (var challenger in challengers)
        {
            ScoreReading.RequireSameTask(challenger.Name, challenger.Model, champion.Model);
            readings.Add(Read(challenger, champion.Model.Description.Classes));
            reads = [.. reads.Zip(challenger.Scoring.Flow.Reads, (one, other) => one || other)];
        }

        // The label decides who is right; it is read even where the champion only passes it on.
        var label = champion.Scoring.Output.IndexOf(champion.Model.Label.Name);
        if (label >= 0 && champion.Scoring.Flow.Sources[label] is >= 0 and var source)
        {
            reads = reads.SetItem(source, true);
        }

        return new ChallengedTransform(
            champion, Read(champion, champion.Model.Description.Classes), challengers, readings.ToImmutable(), new ColumnFlow(champion.Scoring.Flow.Sources, reads));
    }

    /// <inheritdoc/>
    public TableBatch Apply(TableBatch batch)
    {
        var scored = Apply(batch, out var observed);
        lock (_gate)
        {
            Settle(observed, 0);
        }

        return scored;
    }

    /// <inheritdoc/>
    public TableBatch Apply(TableBatch batch, out object observed)
    {
        var scored = _champion.Apply(batch);
        var others = new ModelScores[_challengers.Length];
        for (var i = 0; i < others.Length; i++)
        {
            others[i] = ModelScores.Of(_readings[i], _challengers[i].Scoring.Apply(batch));
        }

        observed = new Observed(ModelScores.Of(_championReading, scored), others, TrueLabels.Of(_championReading, scored), batch.RowCount);
        return scored;
    }

    /// <inheritdoc/>
    public void Settle(object observed, long firstRow)
    {
        var (champion, others, truth, rows) = (Observed)observed;
        champion.Measure(truth, _metrics);
        for (var i = 0; i < others.Length; i++)
        {
            _pairs[i].Add(firstRow, champion, others[i], truth, rows);
        }
    }

    /// <summary>What was found so far.</summary>
    /// <param name="source">Whose rows they are, for people.</param>
    /// <param name="rowsBefore">Rows that an earlier attempt scored, and that are not counted.</param>
    public ChallengeReport Report(string source, long rowsBefore)
    {
        lock (_gate)
        {
            return new ChallengeReport(
                source,
                _named.Name,
                _named.Model.Learner,
                rowsBefore,
                [.. _metrics.Values()],
                _named.Model.Description.Classes,
                [.. _challengers.Select((challenger, i) => _pairs[i].Report(challenger.Name, challenger.Model.Learner))]);
        }
    }

    private static ScoreReading Read(Challenger scored, ImmutableArray<string> classes) =>
        ScoreReading.Require(scored.Name, scored.Model, scored.Scoring.Output, classes);

    private sealed record Observed(ModelScores Champion, ModelScores[] Others, TrueLabels Truth, int Rows);
}
