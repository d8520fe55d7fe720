using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Tests.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Train, Score and Evaluate Recommender: forms, selections, and what is refused.</summary>
public sealed partial class RecommenderModulesTests
{
    private const string Train = "Train Matchbox Recommender";
    private const string Score = "Score Matchbox Recommender";
    private const string Evaluate = "Evaluate Recommender";
    private const string Kind = "Recommender prediction kind";
    private const string Triples = "Training dataset of user-item-rating triples";
    private const string Quoted = "Ana \"the, one\" Ünal";

    // Two camps: what one likes the other does not; item 9 is liked by all.
    private static readonly TableBatch Ratings = GeneratedRatings.Table(
        from user in Enumerable.Range(0, 8)
        from item in Enumerable.Range(0, 10)
        where (user + item) % 5 != 0 || item == 9
        select new object?[] { User(user), item, item == 9 ? 10 : user % 2 == item % 2 ? 9 : 1 });

    [Fact]
    public async Task RatingPrediction_OfPairs_GivesUserItemRatingInTheirOrder()
    {
        var pairs = ModuleRuns.Batch(
            [ModuleRuns.Field("person", ColumnType.String), ModuleRuns.Field("thing", ColumnType.String)],
            [Quoted, "2"], [User(1), "2"], [null, "2"], ["nobody", "9"], [User(1), "777"]);

        var scored = await ScoreAsync(pairs, (Kind, "Rating Prediction"));

        Assert.Equal(["User", "Item", "Rating"], ModuleRuns.Names(scored));
        Assert.Equal([Quoted, User(1), null, "nobody", User(1)], ModuleRuns.Texts(scored, "User"));
        var ratings = ModuleRuns.Texts(scored, "Rating");
        Assert.Null(ratings[2]);
        Assert.InRange(Number(ratings[0]), 7, 10);
        Assert.InRange(Number(ratings[1]), 1, 3);

        // Who is new gets what items are worth to all; what is new is what the user thinks of anything.
        Assert.InRange(Number(ratings[3]), Number(ratings[4]), 10);
    }

    [Fact]
    public async Task RecommendItems_FromAllItems_PutsTheBestFirst()
    {
        var scored = await ScoreAsync(
            Users(0, 1), ("Recommended item selection", "From All Items"), ("Maximum number of items to recommend to a user", "4"),
            ("Whether to return the predicted ratings of the items along with the labels", "True"));

        Assert.Equal(
            ["User", "Item 1", "Rating 1", "Item 2", "Rating 2", "Item 3", "Rating 3", "Item 4", "Rating 4"], ModuleRuns.Names(scored));
        Assert.Equal(ColumnType.Int32, scored.Schema.Fields[1].Type);
        Assert.Equal(["9", "9"], ModuleRuns.Texts(scored, "Item 1"));
        Assert.All(Enumerable.Range(2, 3), place => Assert.Equal(
            [0.0, 1.0], ModuleRuns.Numbers(scored, $"Item {place}").Select(item => item % 2)));
        Assert.All(Enumerable.Range(2, 3), place => Assert.True(
            ModuleRuns.Numbers(scored, $"Rating {place - 1}")[0] >= ModuleRuns.Numbers(scored, $"Rating {place}")[0]));
    }

    [Fact]
    public async Task RecommendItems_FromUnratedItems_LeavesOutWhatWasRated()
    {
        var model = await MatchboxTests.TrainAsync(Ratings);
        var ofModel = await MatchboxTests.ScoreAsync(
            model, Users(0, 3), null, null, ("Recommended item selection", "From Unrated Items (to suggest new items to users)"));
        var few = GeneratedRatings.Table([[User(0), 9, 1], [User(0), 2, 1], [User(3), 1, 1]]);
        var ofTable = ModuleRuns.Table(
            await ModuleRuns.RunPortsAsync(
                Score,
                [
                    ("Trained Matchbox recommender", new ModelValue(model)),
                    ("Dataset to score", new TableValue(Users(0, 3))),
                    ("Training Dataset", new TableValue(few)),
                ],
                [("Recommended item selection", "From Unrated Items (to suggest new items to users)")]),
            "Scored dataset");

        // User 0 has not rated 0 and 5, user 3 not 2 and 7.
        Assert.Equal([User(0), User(3)], ModuleRuns.Texts(ofModel, "User"));
        Assert.Equal(["0", "7"], ModuleRuns.Texts(ofModel, "Item 1"));
        Assert.Equal(["5", "2"], ModuleRuns.Texts(ofModel, "Item 2"));
        Assert.Equal([null, null], ModuleRuns.Texts(ofModel, "Item 3"));
        var places = Enumerable.Range(1, 5).Select(place => ModuleRuns.Texts(ofTable, $"Item {place}")).ToArray();
        Assert.DoesNotContain(places, place => place[0] is "9" or "2" || place[1] is "1");
        Assert.Equal("9", places[0][1]);
    }

    [Fact]
    public async Task RecommendItems_FromRatedItems_LeavesOutUsersWithASmallPool()
    {
        var test = GeneratedRatings.Table([[User(0), 1, 1], [User(0), 2, 9], [User(0), 2, 9], [User(1), 1, 9], [User(2), 50, 3], [User(2), 4, 9]]);

        var scored = await ScoreAsync(test, ("Maximum number of items to recommend to a user", "3"));

        Assert.Equal(["User", "Item 1", "Item 2", "Item 3"], ModuleRuns.Names(scored));
        Assert.Equal([User(0), User(2)], ModuleRuns.Texts(scored, "User"));
        Assert.Equal(["2", "4"], ModuleRuns.Texts(scored, "Item 1"));
        Assert.Equal(["1", "50"], ModuleRuns.Texts(scored, "Item 2"));
        Assert.Equal(3, (await ScoreAsync(test, ("Minimum size of the recommendation pool for each user", "1"))).RowCount);
    }

    [Fact]
    public async Task RelatedUsers_OfTwoCamps_AreOfTheSameCamp()
    {
        var all = await ScoreAsync(
            Users(0, 1), (Kind, "Related Users"), ("Related user selection", "From All Users"),
            ("Maximum number of related users to find for a user", "3"));
        var rated = await ScoreAsync(
            Ratings, (Kind, "Related Users"), ("Maximum number of related users to find for a user", "3"));

        Assert.Equal(["User", "Related User 1", "Related User 2", "Related User 3"], ModuleRuns.Names(all));
        foreach (var table in new[] { all, rated })
        {
            for (var place = 1; place <= 3; place++)
            {
                Assert.Equal(
                    ModuleRuns.Texts(table, "User").Select(Camp), ModuleRuns.Texts(table, $"Related User {place}").Select(Camp));
            }

            Assert.All(Enumerable.Range(0, table.RowCount), row => Assert.NotEqual(
                ModuleRuns.Texts(table, "User")[row], ModuleRuns.Texts(table, "Related User 1")[row]));
        }

        Assert.Equal(8, rated.RowCount);
        Assert.Equal(0, (await ScoreAsync(
            Ratings, (Kind, "Related Users"), ("Minimum number of items that the query user and the related user must have rated in common", "50")))
            .RowCount);
        Assert.Equal(0, (await ScoreAsync(
            Ratings, (Kind, "Related Users"), ("Minimum size of the related user pool for each user", "8"))).RowCount);
    }

    [Theory]
    [InlineData("From All Items")]
    [InlineData("From Rated Items (for model evaluation)")]
    public async Task RelatedItems_OfTwoCamps_AreOfTheSameCamp(string selection)
    {
        var scored = await ScoreAsync(
            Ratings, (Kind, "Related Items"), ("Related item selection", selection), ("Maximum number of related items to find for an item", "2"));

        Assert.Equal(["Item", "Related Item 1", "Related Item 2"], ModuleRuns.Names(scored));
        Assert.Equal(10, scored.RowCount);
        var items = ModuleRuns.Numbers(scored, "Item");
        var related = ModuleRuns.Numbers(scored, "Related Item 1");
        Assert.All(
            Enumerable.Range(0, 10).Where(row => items[row] != 9), row => Assert.Equal(items[row] % 2, related[row] % 2));
    }

    [Fact]
    public async Task RelatedItems_OfAColumnOfItems_TakesItAsItems()
    {
        var scored = await ScoreAsync(
            ModuleRuns.Single("thing", ColumnType.Int32, 2, 3), (Kind, "Related Items"), ("Related item selection", "From All Items"));

        Assert.Equal(["2", "3"], ModuleRuns.Texts(scored, "Item"));
        Assert.Equal([0.0, 1.0], ModuleRuns.Numbers(scored, "Related Item 1").Select(item => item % 2));
    }

    [Fact]
    public async Task Evaluate_Ratings_GivesMeanErrors()
    {
        var test = GeneratedRatings.Table([["a", 1, 3], ["a", 2, 5], ["b", 1, 1], ["b", 2, null]]);
        var scored = ModuleRuns.Batch(
            [ModuleRuns.Field("User", ColumnType.String), ModuleRuns.Field("Item", ColumnType.Int32), ModuleRuns.Field("Rating", ColumnType.Double)],
            ["b", 1, 2.0], ["a", 1, 3.0], ["a", 2, 1.0], ["b", 2, 5.0], ["c", 1, 1.0]);

        var metrics = await ModuleRuns.OutputAsync(Evaluate, [test, scored]);

        Assert.Equal(["MAE", "RMSE"], ModuleRuns.Names(metrics));
        Assert.Equal(5.0 / 3, ModuleRuns.Numbers(metrics, "MAE")[0], 1e-12);
        Assert.Equal(Math.Sqrt(17.0 / 3), ModuleRuns.Numbers(metrics, "RMSE")[0], 1e-12);
    }

    [Fact]
    public async Task Evaluate_Items_DiscountsGainsByPlace()
    {
        var test = GeneratedRatings.Table([["a", 1, 3], ["a", 2, 5], ["a", 3, 1], ["b", 7, 2]]);
        var scored = ModuleRuns.Batch(
            [ModuleRuns.Field("User", ColumnType.String), ModuleRuns.Field("Item 1", ColumnType.Int32), ModuleRuns.Field("Item 2", ColumnType.Int32)],
            ["a", 3, 2], ["b", 8, 7]);

        var metrics = await ModuleRuns.OutputAsync(Evaluate, [test, scored]);

        var second = 1 / Math.Log2(3);
        var expected = (((1 + (5 * second)) / (5 + (3 * second))) + (2 * second / 2)) / 2;
        Assert.Equal(["NDCG"], ModuleRuns.Names(metrics));
        Assert.Equal(expected, ModuleRuns.Numbers(metrics, "NDCG")[0], 1e-12);
    }

    [Fact]
    public async Task Evaluate_RelatedUsers_GainsByLikeRatings()
    {
        // b agrees with a; c is 2 apart in both; d has one item in common only.
        var test = GeneratedRatings.Table(
            [["a", 1, 3], ["a", 2, 5], ["b", 1, 3], ["b", 2, 5], ["c", 1, 1], ["c", 2, 3], ["d", 1, 3]]);
        var scored = ModuleRuns.Batch(
            [
                ModuleRuns.Field("User", ColumnType.String), ModuleRuns.Field("Related User 1", ColumnType.String),
                ModuleRuns.Field("Related User 2", ColumnType.String),
            ],
            ["a", "c", "b"], ["d", "a", "b"]);

        var metrics = await ModuleRuns.OutputAsync(Evaluate, [test, scored]);

        var second = 1 / Math.Log2(3);
        Assert.Equal(["L1 Sim NDCG", "L2 Sim NDCG"], ModuleRuns.Names(metrics));
        Assert.Equal(((1.0 / 3) + second) / (1 + (second / 3)), ModuleRuns.Numbers(metrics, "L1 Sim NDCG")[0], 1e-12);
        Assert.Equal(((1.0 / 3) + second) / (1 + (second / 3)), ModuleRuns.Numbers(metrics, "L2 Sim NDCG")[0], 1e-12);
    }

    [Theory]
    [InlineData("From All Items")]
    [InlineData("From Rated Items (for model evaluation)")]
    public async Task Evaluate_ItemsOfAGoodModel_AreNearlyInOrder(string selection)
    {
        var scored = await ScoreAsync(Ratings, ("Recommended item selection", selection));

        var metrics = await ModuleRuns.OutputAsync(Evaluate, [Ratings, scored]);

        Assert.InRange(ModuleRuns.Numbers(metrics, "NDCG")[0], selection == "From All Items" ? 0.7 : 0.98, 1);
    }

    private static async Task<TableBatch> ScoreAsync(TableBatch table, params (string Name, string Value)[] parameters) =>
        await MatchboxTests.ScoreAsync(await MatchboxTests.TrainAsync(Ratings), table, null, null, parameters);

    private static TableBatch Users(params int[] users) =>
        ModuleRuns.Single("who", ColumnType.String, [.. users.Select(user => (object?)User(user))]);

    private static string User(int number) => number == 0 ? Quoted : $"user {number}";

    private static int Camp(string? user) => user == Quoted ? 0 : (user![^1] - '0') % 2;

    private static double Number(string? text) => double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);
}
