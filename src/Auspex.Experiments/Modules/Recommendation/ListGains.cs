using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Training.Recommendation;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>
/// How well lists are ordered: the discounted gains of each, by the best that there could be (NDCG, Jarvelin and Kekalainen 2002), in the
/// mean over all lists that could have any gain.
/// </summary>
internal static class ListGains
{
    /// <summary>Items recommended to users: the gain of an item is its rating in the test, or nothing.</summary>
    /// <exception cref="ModuleException">18: a rating below 0, or no list of a user with ratings.</exception>
    public static IReadOnlyList<Metric> OfItems(RatingTable test, TableBatch scored, CancellationToken cancellationToken)
    {
        if (test.Ratings.Any(rating => rating < 0))
        {
            throw new ModuleException(18, "The test dataset has ratings below 0, and gains cannot be negative; shift the ratings.");
        }

        var ratings = new PairRatings(test);
        var byUser = new List<double>?[test.Users.Count];
        foreach (var ((user, _), rating) in ratings.All)
        {
            (byUser[user] ??= []).Add(rating);
        }

        var lists = ScoredLists.Read(scored, "Users", RecommendationNames.Item);
        var mean = new Mean();
        for (var row = 0; row < lists.Count; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (lists.Asker(row) is { } asker && ratings.UserOf(asker) is >= 0 and var user && byUser[user] is { } ideal)
            {
                mean.Add(
                    [.. lists.Places(row).Select(item => item is null ? 0 : ratings.Of(user, ratings.ItemOf(item)) ?? 0)],
                    ideal,
                    lists.Length);
            }
        }

        return [new("NDCG", mean.Value(scored.RowCount))];
    }

    /// <summary>Related users, or items: the gain of one is how alike its ratings are to those of the one that asked.</summary>
    /// <exception cref="ModuleException">18: no list of one that has enough in common with any.</exception>
    public static IReadOnlyList<Metric> OfRelated(
        RatingTable test, TableBatch scored, bool isUsers, int least, CancellationToken cancellationToken)
    {
        var ratings = new PairRatings(test);
        var known = ratings.All.Keys.OrderBy(pair => pair.User).ThenBy(pair => pair.Item).ToArray();
        int[] users = [.. known.Select(pair => pair.User)];
        int[] items = [.. known.Select(pair => pair.Item)];
        var byUser = RatingIndex.Of(users, items, test.Users.Count);
        var byItem = RatingIndex.Of(items, users, test.Items.Count);
        var (own, other) = isUsers ? (byUser, byItem) : (byItem, byUser);
        using var common = new CommonCounts(own, other);
        var lists = ScoredLists.Read(
            scored, isUsers ? "Users" : "Items", isUsers ? RecommendationNames.RelatedUser : RecommendationNames.RelatedItem);
        var (first, second) = (new Mean(), new Mean());
        for (var row = 0; row < lists.Count; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (lists.Asker(row) is not { } text || Number(text) is not (>= 0 and var asker))
            {
                continue;
            }

            var alike = common.With(asker, least).ToDictionary(neighbour => neighbour, neighbour => Alike(asker, neighbour));
            (double First, double Second)[] gains = [.. lists.Places(row).Select(place =>
                place is not null && alike.TryGetValue(Number(place), out var gain) ? gain : (0, 0))];
            first.Add([.. gains.Select(gain => gain.First)], [.. alike.Values.Select(gain => gain.First)], lists.Length);
            second.Add([.. gains.Select(gain => gain.Second)], [.. alike.Values.Select(gain => gain.Second)], lists.Length);
        }

        return [new("L1 Sim NDCG", first.Value(scored.RowCount)), new("L2 Sim NDCG", second.Value(scored.RowCount))];

        int Number(string text) => isUsers ? ratings.UserOf(text) : ratings.ItemOf(text);

        // 1 for equal ratings; less, the farther they are apart in the mean, and in the mean square.
        (double First, double Second) Alike(int one, int two)
        {
            var (absolute, square, count) = (0.0, 0.0, 0);
            foreach (var shared in own.OthersOf(one))
            {
                var (left, right) = isUsers
                    ? (ratings.Of(one, shared), ratings.Of(two, shared))
                    : (ratings.Of(shared, one), ratings.Of(shared, two));
                if (left is { } a && right is { } b)
                {
                    absolute += Math.Abs(a - b);
                    square += (a - b) * (a - b);
                    count++;
                }
            }

            return (1 / (1 + (absolute / count)), 1 / (1 + Math.Sqrt(square / count)));
        }
    }

    private sealed class Mean
    {
        private double _sum;
        private int _count;

        public void Add(double[] gains, IEnumerable<double> possible, int length)
        {
            var best = Discounted(possible.OrderDescending().Take(length));
            if (best > 0)
            {
                _sum += Discounted(gains) / best;
                _count++;
            }
        }

        public double Value(int lists) => _count > 0
            ? _sum / _count
            : throw new ModuleException(
                18, $"None of the {lists} lists is of one that the test dataset has enough ratings of; score users and items of the test dataset.");

        private static double Discounted(IEnumerable<double> gains) => gains.Select((gain, place) => gain / Math.Log2(place + 2)).Sum();
    }
}
