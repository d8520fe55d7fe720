using Auspex.Experiments.Execution;

namespace Auspex.Experiments.Training.Recommendation;

/// <summary>How to train a recommender.</summary>
/// <param name="Traits">Traits of each user and item; 0 for biases alone.</param>
/// <param name="Iterations">Rounds over all ratings.</param>
/// <param name="Batches">Parts of the users; items learn after each.</param>
/// <param name="Threads">Threads to use; the result does not depend on it.</param>
internal sealed record MatchboxOptions(int Traits, int Iterations, int Batches, int Threads)
{
    /// <summary>The most traits that are learned: each user and item takes memory by their square.</summary>
    public const int MostTraits = 1000;
}

/// <summary>
/// Matchbox (Stern, Herbrich and Graepel 2009): a rating is the mean, a bias of the user, one of the item, and the inner product of their
/// traits, with normal noise; biases and traits are normal around what features say. Messages pass variationally between users and
/// items. Bias and traits of one user, or item, are believed jointly rather than one by one, which takes fewer rounds.
/// </summary>
internal sealed class MatchboxTrainer
{
    private const double LeastNoise = 1e-4;

    // Traits of which there is no sign shrink to nothing; these many imagined users or items keep them from doing so at once.
    private const double TraitWeight = 2;
    private const double BiasWeight = 1;

    private readonly RatingGraph _graph;
    private readonly MatchboxOptions _options;
    private readonly FeatureWeights? _userWeights;
    private readonly FeatureWeights? _itemWeights;
    private readonly double[] _values;
    private readonly double[] _weight;
    private double _noise;

    /// <param name="graph">The ratings.</param>
    /// <param name="userFeatures">Features of every user; null for none.</param>
    /// <param name="itemFeatures">Features of every item; null for none.</param>
    /// <param name="options">How to train.</param>
    public MatchboxTrainer(RatingGraph graph, FeatureRows? userFeatures, FeatureRows? itemFeatures, MatchboxOptions options)
    {
        _graph = graph;
        _options = options;
        var size = options.Traits + 1;
        Mean = graph.Ratings.Sum() / graph.Ratings.Length;
        _values = [.. graph.Ratings.Select(rating => rating - Mean)];
        var variance = Math.Max(_values.Sum(value => value * value) / _values.Length, 0.01);
        _noise = 0.5 * variance;
        _weight = new double[size];
        Array.Fill(_weight, TraitWeight);
        _weight[0] = BiasWeight;
        Users = new Beliefs(graph.ByUser.Count, size);
        Items = new Beliefs(graph.ByItem.Count, size);
        Array.Fill(Users.Variances, 1);
        Array.Fill(Items.Variances, 0.3 * variance / Math.Max(1, options.Traits));
        Users.Variances[0] = Items.Variances[0] = 0.1 * variance;
        _userWeights = userFeatures is null ? null : new FeatureWeights(userFeatures, size);
        _itemWeights = itemFeatures is null ? null : new FeatureWeights(itemFeatures, size);
        StartItems(size);
    }

    /// <summary>The mean of all ratings.</summary>
    public double Mean { get; }

    public Beliefs Users { get; }

    public Beliefs Items { get; }

    /// <summary>A weight per slot of the users' features and element; null without features.</summary>
    public double[]? UserWeights => _userWeights?.Values;

    /// <summary>A weight per slot of the items' features and element; null without features.</summary>
    public double[]? ItemWeights => _itemWeights?.Values;

    public void Run(Action<string, long, long?>? report, CancellationToken cancellationToken)
    {
        // All users, before any item forgets where it started for want of users who know it.
        UpdateAll(Users, 0, Users.Count, _graph.ByUser, Items, cancellationToken);
        for (var round = 0; round < _options.Iterations; round++)
        {
            report?.Invoke("Passing messages", round, _options.Iterations);
            for (var batch = 0; batch < _options.Batches; batch++)
            {
                var (from, to) = (Part(batch), Part(batch + 1));
                if (from < to)
                {
                    UpdateAll(Users, from, to, _graph.ByUser, Items, cancellationToken);
                    UpdateAll(Items, 0, Items.Count, _graph.ByItem, Users, cancellationToken);
                }
            }

            LearnNoise(cancellationToken);
            Users.LearnVariances(_weight);
            Items.LearnVariances(_weight);
            _userWeights?.Update(Users);
            _itemWeights?.Update(Items);
        }

        // Features as they are known in the end have their say in what is believed of each.
        if (_userWeights is not null || _itemWeights is not null)
        {
            UpdateAll(Users, 0, Users.Count, _graph.ByUser, Items, cancellationToken);
            UpdateAll(Items, 0, Items.Count, _graph.ByItem, Users, cancellationToken);
        }

        report?.Invoke("Passing messages", _options.Iterations, _options.Iterations);
    }

    private int Part(int batch) => (int)((long)batch * Users.Count / _options.Batches);

    // Somewhere traits must differ, or there would be nothing to learn for either side. Sums of even numbers are about normal and
    // the same on every machine.
    private void StartItems(int size)
    {
        var random = new SeededRandom(1);
        var mean = new double[size];
        for (var item = 0; item < Items.Count; item++)
        {
            for (var trait = 1; trait < size; trait++)
            {
                var sum = -6.0;
                for (var i = 0; i < 12; i++)
                {
                    sum += random.NextDouble();
                }

                mean[trait] = sum;
            }

            Items.Set(item, mean);
        }
    }

    private void UpdateAll(
        Beliefs beliefs, int from, int to, RatingIndex index, Beliefs others, CancellationToken cancellationToken) =>
        Parallel.For(
            from,
            to,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellationToken },
            () => new BeliefScratch(beliefs.Size),
            (owner, _, scratch) =>
            {
                beliefs.Update(owner, others, index.OthersOf(owner), index.RowsOf(owner), _values, _noise, scratch);
                return scratch;
            },
            _ => { });

    private void LearnNoise(CancellationToken cancellationToken)
    {
        var byUser = new double[Users.Count];
        Parallel.For(
            0,
            Users.Count,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellationToken },
            user =>
            {
                var rows = _graph.ByUser.RowsOf(user);
                var items = _graph.ByUser.OthersOf(user);
                for (var i = 0; i < rows.Length; i++)
                {
                    byUser[user] += Users.ExpectedError(user, Items, items[i], _values[rows[i]]);
                }
            });

        // Summed in order, so that threads have no part in the rounding.
        _noise = Math.Max((byUser.Sum() + _noise) / (_values.Length + 1), LeastNoise);
    }
}
