using System.Collections.Immutable;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>
/// A champion and challengers that score one after another, each by a graph of its own. Where all work row by row,
/// <see cref="ChallengedTransform"/> does it in one pass.
/// </summary>
/// <remarks>One caller at a time. A challenger's scores are not kept once they are counted.</remarks>
internal sealed class ScoredContest
{
    private readonly string _name;
    private readonly KeptScores _champion;
    private readonly RunningMetrics _metrics = new();
    private readonly ImmutableArray<ChallengerFinding>.Builder _findings = ImmutableArray.CreateBuilder<ChallengerFinding>();

    public ScoredContest(string name, KeptScores champion)
    {
        _name = name;
        _champion = champion;
        champion.Scores.Measure(champion.Truth, _metrics);
    }

    /// <summary>Whether any challenger was counted.</summary>
    public bool IsEmpty => _findings.Count == 0;

    /// <exception cref="ModuleException">13: the two cannot be compared row by row.</exception>
    public void Add(string name, KeptScores challenger)
    {
        ScoreReading.RequireSameTask(name, challenger.Model, _champion.Model);
        if (challenger.Rows != _champion.Rows)
        {
            throw new ModuleException(
                13, $"'{name}' scored {challenger.Rows} rows, '{_name}' {_champion.Rows}: which of them belong together is not known. A module before the scoring leaves out, repeats or draws rows.");
        }

        var pairs = new PairCounts(_champion.Model.Description.Classes.Length);
        pairs.Add(0, _champion.Scores, challenger.Scores, _champion.Truth, _champion.Rows);
        _findings.Add(pairs.Report(name, challenger.Model.Learner));
    }

    /// <param name="source">Whose rows they are, for people.</param>
    public ChallengeReport Report(string source) => new(
        source, _name, _champion.Model.Learner, 0, [.. _metrics.Values()], _champion.Model.Description.Classes, _findings.ToImmutable());
}
