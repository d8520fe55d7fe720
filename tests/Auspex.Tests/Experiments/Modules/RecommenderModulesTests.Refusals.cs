using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Tests.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>What training, scoring and evaluating refuse, by number; and what of the unusual they take.</summary>
public sealed partial class RecommenderModulesTests
{
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
