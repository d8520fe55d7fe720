using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Auspex.Tests.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

/// <summary>The restaurant recommender of Studio's samples, from ratings to a web service.</summary>
public sealed class RecommenderEndToEndTests
{
    private const string Restaurants = """
        { "name": "Restaurants",
          "nodes": {
            "ratings": { "dataset": "Ratings" },
            "customers": { "dataset": "Customers" },
            "restaurants": { "dataset": "Restaurants" },
            "split": { "module": "Split Data", "inputs": { "Dataset": "ratings" },
              "parameters": { "Splitting mode": "Recommender Split", "Fraction of training-only users": 0.5, "Fraction of test user ratings for training": 0.75,
                "Fraction of cold users": 0.1, "Random seed for Recommender": 7 } },
            "train": { "module": "Train Matchbox Recommender",
              "inputs": { "Training dataset of user-item-rating triples": "split.Results dataset1",
                "Training dataset of user features": "customers", "Training dataset of item features": "restaurants" },
              "parameters": { "Number of traits": 5 } },
            "score": { "module": "Score Matchbox Recommender",
              "inputs": { "Trained Matchbox recommender": "train", "Dataset to score": "split.Results dataset2",
                "User features": "customers", "Item features": "restaurants" },
              "parameters": { KIND } },
            "metrics": { "module": "Evaluate Recommender", "inputs": { "Test dataset": "split.Results dataset2", "Scored dataset": "score" } } } }
        """;

    private readonly ExperimentHarness _harness = new(ModuleCatalog.CreateDefault());
    private readonly GeneratedRatings _generated = new(200, 60, 3, 0.4, groups: 4);

    [Theory]
    [InlineData("\"Recommender prediction kind\": \"Rating Prediction\"", "RMSE", 0, 1.1)]
    [InlineData("\"Recommender prediction kind\": \"Item Recommendation\"", "NDCG", 0.9, 1)]
    [InlineData("\"Recommender prediction kind\": \"Related Users\"", "L2 Sim NDCG", 0.6, 1)]
    [InlineData("\"Recommender prediction kind\": \"Related Items\"", "L1 Sim NDCG", 0.7, 1)]
    public async Task Run_RestaurantRecommender_RecommendsWell(string kind, string metric, double least, double greatest)
    {
        var run = await TrainAsync(kind);

        Assert.InRange(ModuleRuns.Numbers(ExperimentHarness.TableAt(run, "metrics", "Metric"), metric)[0], least, greatest);
    }

    [Theory]
    [InlineData("\"Recommender prediction kind\": \"Rating Prediction\"", "MAE", "RMSE")]
    [InlineData("\"Recommender prediction kind\": \"Item Recommendation\"", "NDCG")]
    public async Task OriginOf_ATrainedRecommender_HasItsEvaluation(string kind, params string[] names)
    {
        var run = await TrainAsync(kind);
        var node = run.Experiment["train"];

        var origin = ModelEvaluation.OriginOf(run, new PortKey(node.Id, node.Outputs[0].Name));

        var table = ExperimentHarness.TableAt(run, "metrics", "Metric");
        Assert.Equal(names, origin.Metrics.Select(metric => metric.Name));
        Assert.Equal(names.Select(name => ModuleRuns.Numbers(table, name)[0]), origin.Metrics.Select(metric => metric.Value));
    }

    [Theory]
    [InlineData("\"Recommender prediction kind\": \"Rating Prediction\"")]
    [InlineData("\"Recommended item selection\": \"From All Items\"")]
    [InlineData("\"Recommended item selection\": \"From Unrated Items (to suggest new items to users)\"")]
    [InlineData("\"Recommender prediction kind\": \"Related Users\", \"Related user selection\": \"From All Users\"")]
    public async Task Publish_RestaurantRecommender_ServesWhatTheExperimentScored(string kind)
    {
        var run = await TrainAsync(kind);
        var conversion = PredictiveConversion.Convert(run, _harness.Catalog, new ConversionOptions());
        Assert.Empty(conversion.Diagnostics);
        var assets = new ConvertedAssets(conversion.Assets, Assets());
        var predictive = await ExperimentHarness.RunAsync(
            _harness.Compile(conversion.Experiment!), request => request with { Assets = assets });
        var package = await new WebServicePackager(_harness.Values).PackageAsync(predictive, exposeSample: true, TestContext.Current.CancellationToken);
        var json = new WebServicePackageJson();
        var runtime = await WebServiceRuntime.LoadAsync(
            json.Read(json.Write(package)), _harness.Catalog, _harness.Values, TestContext.Current.CancellationToken);

        var asked = ExperimentHarness.TableAt(run, "split", "Results dataset2");
        var served = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = asked },
            new Dictionary<string, string>(),
            ExperimentHarness.Services,
            TestContext.Current.CancellationToken);

        ModuleRuns.AssertSame(ExperimentHarness.TableAt(run, "score", "Scored dataset"), ((TableValue)served["output1"]).Table);
    }

    private Task<ExperimentRunResult> TrainAsync(string kind) =>
        _harness.RunAsync(Restaurants.Replace("KIND", kind, StringComparison.Ordinal), request => request with { Assets = Assets() });

    private KnownTables Assets()
    {
        var (train, test) = new GeneratedRatings(200, 60, 3, 0.4, groups: 4).Split(25);
        return new KnownTables(
            ("Ratings", TableBatches.Concatenate(train, test)),
            ("Customers", _generated.UserFeatures()),
            ("Restaurants", _generated.ItemFeatures()));
    }

    private sealed class KnownTables(params (string Name, TableBatch Table)[] tables) : IAssetSource
    {
        public Task<LoadedAsset?> FindAsync(Auspex.Definitions.AssetReference asset, CancellationToken cancellationToken) => Task.FromResult(
            tables.Where(known => known.Name == asset.Name).Select(known => new LoadedAsset(new TableValue(known.Table), known.Name)).FirstOrDefault());
    }
}
