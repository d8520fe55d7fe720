using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Tests.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Train, Score and Evaluate Recommender: forms, selections, and what is refused.</summary>
public sealed class RecommenderModulesTests
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

    public static TheoryData<int, string> WrongTriples => new()
    {
        { 22, "two columns" },
        { 3, "no rows" },
        { 17, "ratings of text" },
        { 17, "users of dates" },
        { 18, "fractions" },
        { 18, "NaN" },
        { 18, "infinity" },
        { 18, "no user" },
        { 18, "no item" },
        { 18, "no rating" },
        { 18, "far apart" },
        { 34, "twice" },
    };

    [Theory]
    [MemberData(nameof(WrongTriples))]
    public async Task Train_WrongTriples_FailsByNumber(int number, string what)
    {
        var failure = await ModuleRuns.FailPortsAsync(number, Train, [(Triples, new TableValue(Wrong(what)))]);

        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Number of traits", "-1", 5)]
    [InlineData("Number of traits", "1001", 7)]
    [InlineData("Number of traits", "ten", 2)]
    [InlineData("Number of recommendation algorithm iterations", "0", 5)]
    [InlineData("Number of training batches", "0", 5)]
    public async Task Train_ParametersOutOfRange_FailByNumber(string name, string value, int number) =>
        await ModuleRuns.FailPortsAsync(number, Train, [(Triples, new TableValue(Ratings))], (name, value));

    [Fact]
    public async Task Train_WholeNumbersAsDoublesOrCategories_AreRatings()
    {
        var doubles = ModuleRuns.Batch(
            [ModuleRuns.Field("u", ColumnType.Double), ModuleRuns.Field("i", ColumnType.String), ModuleRuns.Field("r", ColumnType.Double)],
            [1.0, "x", 3.0], [2.5, "x", 5.0], [1.0, "", 4.0]);
        var categories = ModuleRuns.Batch(
            [ModuleRuns.Category("u", "a", "b"), ModuleRuns.Field("i", ColumnType.Int64), ModuleRuns.Category("r", "1", "5")],
            ["a", 5_000_000_000L, "5"], ["b", 1L, "1"]);

        foreach (var table in new[] { doubles, categories })
        {
            var model = await MatchboxTests.TrainAsync(table);
            var scored = await MatchboxTests.ScoreAsync(model, table, null, null, (Kind, "Item Recommendation"), ("Recommended item selection", "From All Items"));
            Assert.Equal(2, scored.RowCount);
        }
    }

    [Fact]
    public async Task Train_MoreBatchesThanUsersAndManyTraits_StillLearns()
    {
        var model = await MatchboxTests.TrainAsync(
            Ratings, parameters: [("Number of training batches", "50"), ("Number of traits", "20"), ("Number of recommendation algorithm iterations", "1")]);

        Assert.Equal(20, ((RecommenderModel)model).Traits);
    }

    [Theory]
    [InlineData(36, "twice")]
    [InlineData(18, "no id")]
    [InlineData(35, "one missing")]
    [InlineData(53, "no rows")]
    [InlineData(20, "ids alone")]
    [InlineData(33, "infinity")]
    [InlineData(17, "dates")]
    public async Task Train_WrongFeatures_FailByNumber(int number, string what)
    {
        var rows = Enumerable.Range(0, 8).Select(user => new object?[] { User(user), user * 1.5 }).ToList();
        switch (what)
        {
            case "twice":
                rows.Add([User(3), 2.0]);
                break;
            case "no id":
                rows.Add([null, 2.0]);
                break;
            case "one missing":
                rows.RemoveAt(2);
                break;
            case "no rows":
                rows.Clear();
                break;
            case "infinity":
                rows[0][1] = double.PositiveInfinity;
                break;
        }

        var features = ModuleRuns.Batch(
            [ModuleRuns.Field("u", ColumnType.String), ModuleRuns.Field("x", what == "dates" ? ColumnType.DateTime : ColumnType.Double)],
            [.. what == "dates" ? rows.Select(row => new object?[] { row[0], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) }) : rows]);
        if (what == "ids alone")
        {
            features = new TableBatch(new TableSchema([features.Schema.Fields[0]]), [features.Columns[0]], features.RowCount);
        }

        await ModuleRuns.FailPortsAsync(
            number, Train, [(Triples, new TableValue(Ratings)), ("Training dataset of user features", new TableValue(features))]);
    }

    [Fact]
    public async Task Score_ModelThatNeedsFeatures_FailsWithout53AndForAnUnknown35()
    {
        var features = ModuleRuns.Batch(
            [ModuleRuns.Field("u", ColumnType.String), ModuleRuns.Field("x", ColumnType.Double)],
            [.. Enumerable.Range(0, 8).Select(user => new object?[] { User(user), user % 2.0 })]);
        var model = new ModelValue(await MatchboxTests.TrainAsync(Ratings, users: features));
        var unknown = GeneratedRatings.Table([["nobody", 1, 1], ["nobody", 2, 1]]);

        await ModuleRuns.FailPortsAsync(53, Score, [("Trained Matchbox recommender", model), ("Dataset to score", new TableValue(Ratings))]);
        await ModuleRuns.FailPortsAsync(
            35, Score,
            [("Trained Matchbox recommender", model), ("Dataset to score", new TableValue(unknown)), ("User features", new TableValue(features))]);
        await ModuleRuns.FailPortsAsync(
            36, Score,
            [
                ("Trained Matchbox recommender", model), ("Dataset to score", new TableValue(Ratings)),
                ("User features", new TableValue(TableBatches.Concatenate(features, features))),
            ]);
        await ModuleRuns.FailPortsAsync(
            1, Score,
            [
                ("Trained Matchbox recommender", model), ("Dataset to score", new TableValue(Ratings)),
                ("User features", new TableValue(ModuleRuns.Single("u", ColumnType.String, "a"))),
            ]);
    }

    [Fact]
    public async Task Score_WrongModelOrColumns_FailsByNumber()
    {
        var regression = new ModelValue(LearnerSuite.Train(
            LearnerSuite.Create("Linear Regression"), LearnerSuite.Table(ModelTask.Regression, 20)));
        var learner = new LearnerValue(LearnerSuite.Create("Linear Regression"));
        var model = new ModelValue(await MatchboxTests.TrainAsync(Ratings));
        (string, PortValue) table = ("Dataset to score", new TableValue(Ratings));
        (string, PortValue) users = ("Dataset to score", new TableValue(Users(0)));

        await ModuleRuns.FailPortsAsync(13, Score, [("Trained Matchbox recommender", regression), table]);
        await ModuleRuns.FailPortsAsync(12, Score, [("Trained Matchbox recommender", learner), table]);
        await ModuleRuns.FailPortsAsync(22, Score, [("Trained Matchbox recommender", model), users]);
        await ModuleRuns.FailPortsAsync(22, Score, [("Trained Matchbox recommender", model), users], (Kind, "Rating Prediction"));
        await ModuleRuns.FailPortsAsync(
            22, Score, [("Trained Matchbox recommender", model), ("Dataset to score", new TableValue(Ratings.Wider()))], (Kind, "Rating Prediction"));
        await ModuleRuns.FailPortsAsync(
            129, Score, [("Trained Matchbox recommender", model), table], ("Maximum number of items to recommend to a user", "70000"));
        await ModuleRuns.FailPortsAsync(13, "Score Model", [("Trained model", model), ("Dataset", new TableValue(Ratings))]);
    }

    [Fact]
    public async Task Score_NoRows_GivesNoneWithTheSameColumns()
    {
        foreach (var kind in new[] { "Rating Prediction", "Item Recommendation", "Related Users", "Related Items" })
        {
            var empty = await ScoreAsync(Ratings.Slice(0, 0), (Kind, kind));
            var full = await ScoreAsync(Ratings, (Kind, kind));

            Assert.Equal(0, empty.RowCount);
            Assert.Equal(full.Schema.Fields, empty.Schema.Fields);
        }
    }

    [Fact]
    public async Task Evaluate_WhatDoesNotFit_FailsByNumber()
    {
        var scored = await ScoreAsync(Ratings);
        var others = GeneratedRatings.Table([["x", 1, 1], ["x", 2, 2]]);
        var negative = GeneratedRatings.Table([[User(0), 1, -1], [User(0), 2, 2]]);

        await ModuleRuns.FailAsync(22, Evaluate, [scored, scored]);
        await ModuleRuns.FailAsync(3, Evaluate, [Ratings.Slice(0, 0), scored]);
        await ModuleRuns.FailAsync(34, Evaluate, [TableBatches.Concatenate(Ratings, Ratings), scored]);
        await ModuleRuns.FailAsync(17, Evaluate, [Wrong("ratings of text"), scored]);
        await ModuleRuns.FailAsync(18, Evaluate, [Wrong("fractions"), scored]);
        await ModuleRuns.FailAsync(18, Evaluate, [Ratings, Ratings]);
        await ModuleRuns.FailAsync(18, Evaluate, [others, scored]);
        await ModuleRuns.FailAsync(18, Evaluate, [others, await ScoreAsync(Ratings, (Kind, "Rating Prediction"))]);
        await ModuleRuns.FailAsync(18, Evaluate, [others, await ScoreAsync(Ratings, (Kind, "Related Users"))]);
        await ModuleRuns.FailAsync(18, Evaluate, [negative, scored]);
        await ModuleRuns.FailAsync(
            2, Evaluate, [Ratings, scored],
            ("Minimum number of items that the query user and the related user must have rated in common", "few"));
        await ModuleRuns.FailAsync(
            5, Evaluate, [Ratings, scored],
            ("Minimum number of users that the query item and the related item must have been rated by in common", "0"));
    }

    private static async Task<TableBatch> ScoreAsync(TableBatch table, params (string Name, string Value)[] parameters) =>
        await MatchboxTests.ScoreAsync(await MatchboxTests.TrainAsync(Ratings), table, null, null, parameters);

    private static TableBatch Users(params int[] users) =>
        ModuleRuns.Single("who", ColumnType.String, [.. users.Select(user => (object?)User(user))]);

    private static string User(int number) => number == 0 ? Quoted : $"user {number}";

    private static int Camp(string? user) => user == Quoted ? 0 : (user![^1] - '0') % 2;

    private static double Number(string? text) => double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);

    private static TableBatch Wrong(string what)
    {
        TableField[] fields =
        [
            ModuleRuns.Field("u", what == "users of dates" ? ColumnType.DateTime : ColumnType.String),
            ModuleRuns.Field("i", ColumnType.String),
            ModuleRuns.Field("r", what == "ratings of text" ? ColumnType.String : ColumnType.Double),
        ];
        object?[][] rows = what switch
        {
            "no rows" => [],
            "ratings of text" => [["secret", "x", "good"]],
            "users of dates" => [[new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Unspecified), "x", 1.0]],
            "fractions" => [["secret", "x", 1.5]],
            "NaN" => [["secret", "x", 1.0], ["secret", "y", double.NaN]],
            "infinity" => [["secret", "x", double.PositiveInfinity]],
            "no user" => [[null, "x", 1.0]],
            "no item" => [["secret", null, 1.0]],
            "no rating" => [["secret", "x", null]],
            "far apart" => [["secret", "x", 1.0], ["secret", "y", 101.0]],
            _ => [["secret", "x", 1.0], ["secret", "x", 2.0]],
        };
        var table = ModuleRuns.Batch(fields, rows);
        return what == "two columns" ? new TableBatch(new TableSchema([.. fields[..2]]), table.Columns[..2], table.RowCount) : table;
    }
}

/// <summary>Tables that are a column too wide.</summary>
internal static class WiderTables
{
    public static TableBatch Wider(this TableBatch table) => new(
        new TableSchema(table.Schema.Fields.Add(ModuleRuns.Field("one more", ColumnType.Int32))),
        table.Columns.Add(table.Columns[^1]),
        table.RowCount);
}
