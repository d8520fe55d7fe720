using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Challengers;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// Champion and challengers of a web service that is no single row-wise function: each challenger's graph runs on the inputs that the champion's
/// ran on, as far as its scores need it, one after another. What they disagree about is counted at the nodes that score.
/// </summary>
/// <remarks>Modules that write somewhere do not run for a challenger; those that read from outside before the scoring do. One caller at a time.</remarks>
public sealed class GraphContest
{
    private readonly string _name;
    private readonly IWebServiceRuntime _champion;
    private readonly GraphWatch _watch;
    private readonly Dictionary<string, ScoredContest> _contests = new(StringComparer.Ordinal);

    /// <param name="name">The champion's.</param>
    /// <param name="champion">The service whose output is kept.</param>
    /// <param name="watch">Of its run, which is over; kept the scores of <see cref="Keeps"/>.</param>
    public GraphContest(string name, IWebServiceRuntime champion, GraphWatch watch)
    {
        _name = name;
        _champion = champion;
        _watch = watch;
    }

    /// <summary>What a watch keeps where there are no challengers.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Nothing { get; } = ImmutableDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>What a watch of the champion's run has to keep.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Keeps(IWebServiceRuntime champion) => champion.ScoringNodes.ToImmutableDictionary(
        node => node.Id, node => node.Model.Description.Classes, StringComparer.Ordinal);

    /// <summary>Runs a challenger and counts where it disagrees.</summary>
    /// <param name="name">The challenger's.</param>
    /// <param name="challenger">Its service.</param>
    /// <param name="inputs">The tables that the champion had.</param>
    /// <param name="parameters">The champion's.</param>
    /// <param name="services">What modules may reach.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null, or why there is nothing to compare, in words: the job goes on.</returns>
    public async Task<string?> TryAddAsync(
        string name,
        IWebServiceRuntime challenger,
        IReadOnlyDictionary<string, TableBatch> inputs,
        IReadOnlyDictionary<string, string> parameters,
        ModuleServices services,
        CancellationToken cancellationToken)
    {
        var pairs = Pair(challenger);
        if (pairs.Count == 0)
        {
            return _champion.ScoringNodes.Count == 0
                ? $"No module scores rows with a model that was there before the job, so that '{name}' has nothing to be compared with."
                : $"'{name}' scores at no module that can be held against one of '{_name}'.";
        }

        var watch = new GraphWatch
        {
            Source = _watch.Source,
            Name = name,
            Keeps = pairs.ToImmutableDictionary(pair => pair.Challenger, pair => Keeps(_champion)[pair.Champion], StringComparer.Ordinal),
        };
        try
        {
            await challenger.ScoreAsync(inputs, parameters, services, watch, cancellationToken);
            foreach (var (here, there) in pairs)
            {
                if (!_contests.TryGetValue(here, out var contest))
                {
                    _contests[here] = contest = new ScoredContest(_name, _watch.ScoresOf(here));
                }

                contest.Add(name, watch.ScoresOf(there));
            }

            return null;
        }
        catch (ModuleException failed)
        {
            return $"'{name}' could not be compared: {failed.Report}";
        }
        catch (WebServiceCallException refused)
        {
            return $"'{name}' could not be compared: {refused.Message}";
        }
    }

    /// <summary>What was found, by the champion's scoring node; without those where nothing could be compared.</summary>
    public IReadOnlyList<KeyValuePair<string, ChallengeReport>> Reports() =>
        [.. _contests.Where(contest => !contest.Value.IsEmpty).Select(contest => KeyValuePair.Create(contest.Key, contest.Value.Report(_watch.Source)))];

    // Of the same id, which versions of one service share; where each has just one, these.
    private List<(string Champion, string Challenger)> Pair(IWebServiceRuntime challenger)
    {
        var (here, there) = (_champion.ScoringNodes, challenger.ScoringNodes);
        return here is [var one] && there is [var other]
            ? [(one.Id, other.Id)]
            : [.. here.Where(node => there.Any(found => found.Id == node.Id)).Select(node => (node.Id, node.Id))];
    }
}
