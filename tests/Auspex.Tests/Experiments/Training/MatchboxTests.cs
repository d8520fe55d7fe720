using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Tests.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

/// <summary>How well the recommender learns what there is to learn.</summary>
public sealed class MatchboxTests
{
    [Theory]
    [InlineData(3, 0.5, 50)]
    [InlineData(5, 0.7, 60)]
    public async Task Train_RatingsOfFewTraits_PredictsAlmostToTheNoise(int traits, double noise, int each)
    {
        var ratings = new GeneratedRatings(400, 200, traits, noise);
        var (train, test) = ratings.Split(each);

        var full = await ErrorAsync(await TrainAsync(train), test);
        var biases = await ErrorAsync(await TrainAsync(train, parameters: ("Number of traits", "0")), test);
        var floor = Math.Sqrt(Triples(test).Average(t => Math.Pow(t.Rating - Math.Clamp(ratings.Expected(t.User, t.Item), 0, 10), 2)));
        var means = Triples(train).GroupBy(t => t.Item).ToDictionary(group => group.Key, group => group.Average(t => t.Rating));
        var itemMeans = Math.Sqrt(Triples(test).Average(t => Math.Pow(t.Rating - means.GetValueOrDefault(t.Item, 5), 2)));

        Assert.True(full < 1.16 * floor, $"{full}, with noise alone {floor}");
        Assert.True(full < 0.75 * biases, $"{full}, by biases alone {biases}");
        Assert.True(biases < itemMeans, $"{biases}, by means of items {itemMeans}");
    }

    [Fact]
    public async Task Train_OnOneThreadAndOnSeveral_GivesTheSameBytes()
    {
        var ratings = new GeneratedRatings(60, 40, 2, 0.5, groups: 3);
        var (train, _) = ratings.Split(15);

        var one = await TrainAsync(train, ratings.UserFeatures(), ratings.ItemFeatures(), ModuleRuns.Services with { Threads = 1 });
        var many = await TrainAsync(train, ratings.UserFeatures(), ratings.ItemFeatures(), ModuleRuns.Services with { Threads = 7 });

        Assert.Equal(Bytes(one), Bytes(many));
    }

    [Fact]
    public async Task Train_WithFeatures_RatesUsersThatItHasNotSeen()
    {
        var ratings = new GeneratedRatings(400, 150, 3, 0.3, groups: 6);
        var (all, _) = ratings.Split(25);
        var train = GeneratedRatings.Table(Triples(all).Where(t => t.User >= 100).Select(Row));
        var cold = GeneratedRatings.Table(Triples(all).Where(t => t.User < 100).Select(Row));

        var (users, items) = (ratings.UserFeatures(), ratings.ItemFeatures());
        var with = await ErrorAsync(await TrainAsync(train, users, items), cold, users, items);
        var without = await ErrorAsync(await TrainAsync(train), cold);

        Assert.True(with < 0.65 * without, $"{with}, without features {without}");
    }

    [Fact]
    public async Task Train_WithFeaturesThatSayNothing_PredictsAsWellAsWithout()
    {
        var ratings = new GeneratedRatings(300, 150, 3, 0.5);
        var (train, test) = ratings.Split(50);
        var (users, items) = (ratings.UserFeatures(), ratings.ItemFeatures());

        var with = await ErrorAsync(await TrainAsync(train, users, items), test, users, items);
        var without = await ErrorAsync(await TrainAsync(train), test);

        Assert.Equal(without, with, 0.02);
    }

    [Fact]
    public async Task ReadModel_OfAWrittenRecommender_RatesBitForBit()
    {
        var ratings = new GeneratedRatings(60, 40, 2, 0.5, groups: 3);
        var (train, test) = ratings.Split(15);
        var (users, items) = (ratings.UserFeatures(), ratings.ItemFeatures());
        var model = await TrainAsync(train, users, items);

        var read = ModelContainer.ReadModel(new MemoryStream(Bytes(model)));

        Assert.Equal(Bytes(model), Bytes(read));
        ModuleRuns.AssertSame(await RateAsync(model, test, users, items), await RateAsync(read, test, users, items));
        Assert.Equal(ModelTask.Recommendation, read.Task);
        Assert.Equal(64, read.Description.TrainingData!.Length);
    }

    [Fact]
    public async Task ReadModel_OfADamagedRecommender_IsRefused()
    {
        var (train, _) = new GeneratedRatings(10, 10, 1, 0.5).Split(5);
        var bytes = Bytes(await TrainAsync(train));
        for (var at = 0; at < bytes.Length; at += 97)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 0x55;
            Assert.Throws<ModelFormatException>(() => ModelContainer.ReadModel(new MemoryStream(damaged)));
        }
    }

    [Fact]
    public async Task Train_RatingsAllTheSame_PredictsThat()
    {
        var table = GeneratedRatings.Table(Enumerable.Range(0, 30).Select(i => new object?[] { $"u{i % 6}", i / 6, 4 }));

        Assert.Equal(0, await ErrorAsync(await TrainAsync(table), table), 1e-9);
    }

    [Fact]
    public async Task Train_OneUser_LeansTowardsItsRatings()
    {
        var table = GeneratedRatings.Table(Enumerable.Range(0, 9).Select(i => new object?[] { "Zoë \"Q\", o'Neil", i, i }));

        var rated = ModuleRuns.Numbers(await RateAsync(await TrainAsync(table), table), "Rating");

        Assert.Equal(rated.Order(), rated);
        Assert.True(rated[^1] > rated[0]);
    }

    internal static async Task<TrainedModel> TrainAsync(
        TableBatch train,
        TableBatch? users = null,
        TableBatch? items = null,
        ModuleServices? services = null,
        params (string Name, string Value)[] parameters)
    {
        var outputs = (await ModuleRuns.RunPortsAsync(
            "Train Matchbox Recommender",
            [
                ("Training dataset of user-item-rating triples", new TableValue(train)),
                .. Port("Training dataset of user features", users),
                .. Port("Training dataset of item features", items),
            ],
            parameters,
            services)).Outputs;
        return ((ModelValue)outputs["Trained Matchbox recommender"]).Model;
    }

    internal static async Task<TableBatch> ScoreAsync(
        TrainedModel model, TableBatch table, TableBatch? users, TableBatch? items, params (string Name, string Value)[] parameters) =>
        ModuleRuns.Table(
            await ModuleRuns.RunPortsAsync(
                "Score Matchbox Recommender",
                [
                    ("Trained Matchbox recommender", new ModelValue(model)),
                    ("Dataset to score", new TableValue(table)),
                    .. Port("User features", users),
                    .. Port("Item features", items),
                ],
                parameters),
            "Scored dataset");

    private static Task<TableBatch> RateAsync(TrainedModel model, TableBatch test, TableBatch? users = null, TableBatch? items = null) =>
        ScoreAsync(model, test, users, items, ("Recommender prediction kind", "Rating Prediction"));

    private static async Task<double> ErrorAsync(TrainedModel model, TableBatch test, TableBatch? users = null, TableBatch? items = null)
    {
        var metric = await ModuleRuns.OutputAsync("Evaluate Recommender", [test, await RateAsync(model, test, users, items)]);
        return ModuleRuns.Numbers(metric, "RMSE")[0];
    }

    private static IEnumerable<(string, PortValue)> Port(string name, TableBatch? table) =>
        table is null ? [] : [(name, new TableValue(table))];

    private static IEnumerable<(int User, int Item, double Rating)> Triples(TableBatch table) =>
        Enumerable.Range(0, table.RowCount).Select(row => (
            int.Parse(((StringColumn)table.Columns[0]).Text(row)![1..], System.Globalization.CultureInfo.InvariantCulture),
            (int)((Int64Column)table.Columns[1]).Values[row],
            (double)((Int64Column)table.Columns[2]).Values[row]));

    private static object?[] Row((int User, int Item, double Rating) triple) => [$"u{triple.User}", triple.Item, (int)triple.Rating];

    private static byte[] Bytes(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        return stream.ToArray();
    }
}
