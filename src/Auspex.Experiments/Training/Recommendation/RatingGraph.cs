namespace Auspex.Experiments.Training.Recommendation;

/// <summary>Ratings by user and by item: who rated what, and how.</summary>
internal sealed class RatingGraph
{
    private RatingGraph(int[] users, int[] items, double[] ratings, int userCount, int itemCount)
    {
        Ratings = ratings;
        ByUser = RatingIndex.Of(users, items, userCount);
        ByItem = RatingIndex.Of(items, users, itemCount);
    }

    /// <summary>The rating of each row.</summary>
    public double[] Ratings { get; }

    public RatingIndex ByUser { get; }

    public RatingIndex ByItem { get; }

    /// <param name="users">The user of each rating, from 0.</param>
    /// <param name="items">The item of each rating, from 0.</param>
    /// <param name="ratings">The ratings.</param>
    /// <param name="userCount">The number of users.</param>
    /// <param name="itemCount">The number of items.</param>
    public static RatingGraph Of(int[] users, int[] items, double[] ratings, int userCount, int itemCount) =>
        new(users, items, ratings, userCount, itemCount);
}

/// <summary>The ratings of each user, or of each item, side by side and in the order of rows.</summary>
/// <param name="Starts">Where the ratings of each begin; one more than there are.</param>
/// <param name="Rows">The row of each rating.</param>
/// <param name="Others">The item, or the user, of each rating.</param>
internal sealed record RatingIndex(int[] Starts, int[] Rows, int[] Others)
{
    public int Count => Starts.Length - 1;

    public static RatingIndex Of(int[] owners, int[] others, int count)
    {
        var starts = new int[count + 1];
        foreach (var owner in owners)
        {
            starts[owner + 1]++;
        }

        for (var i = 0; i < count; i++)
        {
            starts[i + 1] += starts[i];
        }

        var next = starts[..count];
        var (rows, sorted) = (new int[owners.Length], new int[owners.Length]);
        for (var row = 0; row < owners.Length; row++)
        {
            var at = next[owners[row]]++;
            rows[at] = row;
            sorted[at] = others[row];
        }

        return new RatingIndex(starts, rows, sorted);
    }

    public ReadOnlySpan<int> RowsOf(int owner) => Rows.AsSpan(Starts[owner]..Starts[owner + 1]);

    public ReadOnlySpan<int> OthersOf(int owner) => Others.AsSpan(Starts[owner]..Starts[owner + 1]);
}
