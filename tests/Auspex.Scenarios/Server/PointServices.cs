using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>Services that train and score whether a number exceeds a half.</summary>
internal static class PointServices
{
    private const string Training = """
        { "name": "Points training",
          "nodes": {
            "data": { "module": "Enter Data Manually", "parameters": { "Data": "DATA" } },
            "split": { "module": "Split Data", "inputs": { "Dataset": "data" }, "parameters": { "Random seed": 1 } },
            "learner": { "module": "Two-Class Boosted Decision Tree", "parameters": { "Number of trees constructed": 5 } },
            "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "split.Results dataset1" }, "parameters": { "Label column": "y" } },
            "score": { "module": "Score Model", "inputs": { "Trained model": "train", "Dataset": "split.Results dataset2" } },
            "metrics": { "module": "Evaluate Model", "inputs": { "Scored dataset": "score" } } },
          "webServiceInputs": { "input1": "data" },
          "webServiceOutputs": { "metrics": "metrics", "model": "train" } }
        """;

    public static Task<Answer> UpdateSecondAsync(ServerHarness server, PublishedWebService service, string name) =>
        server.ManageAsync(HttpMethod.Patch, $"{service.ManagementLocation}/second", new JsonObject
        {
            ["Resources"] = new JsonArray(new JsonObject
            {
                ["Name"] = "Points training [trained model]",
                ["Location"] = server.Blob($"models/{name}.ilearner"),
            }),
        }.ToJsonString());

    /// <summary>An endpoint that serves its first version and has a worse one, of noisy labels, as its second: a challenger.</summary>
    public static async Task<PublishedWebService> PublishChallengedAsync(ServerHarness server, string? graph = null)
    {
        var (training, scoring) = await PublishAsync(server, graph);
        await TrainAsync(server, training, "noisy", 0.4);
        var created = (await server.ManageAsync(HttpMethod.Put, $"{scoring.ManagementLocation}/second")).Json;
        Assert.Equal(HttpStatusCode.OK, (await UpdateSecondAsync(server, scoring, "noisy")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/Points/second/rollback")).Status);
        return scoring with { ApiLocation = new Uri((string)created["ApiLocation"]!).AbsolutePath, PrimaryKey = (string)created["PrimaryKey"]! };
    }

    /// <summary>Publishes the training and what it becomes for scoring; or, with a graph of its own around the model, that one.</summary>
    public static async Task<(PublishedWebService Training, PublishedWebService Scoring)> PublishAsync(ServerHarness server, string? graph = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var catalog = ModuleCatalog.CreateDefault();
        var values = new ArtifactValues(server.Server.Artifacts, new ModelContainerFormat());
        var json = Training.Replace("DATA", Points(300, 0.1).Replace("\n", "\\n", StringComparison.Ordinal), StringComparison.Ordinal);
        var run = await ExperimentRunner.RunAsync(
            ExperimentCompiler.Compile(ExperimentHarness.Load(json), catalog).Experiment!,
            new ExperimentRunRequest { Services = ExperimentHarness.Services },
            cancellationToken);
        var packager = new WebServicePackager(values);
        var training = await server.Server.PublishAsync("Training", null, await packager.PackageAsync(run, exposeSample: false, cancellationToken), cancellationToken);

        var conversion = PredictiveConversion.Convert(run, catalog, new ConversionOptions());
        var predictive = await ExperimentRunner.RunAsync(
            ExperimentCompiler.Compile(graph is null ? conversion.Experiment! : ExperimentHarness.Load(graph), catalog).Experiment!,
            new ExperimentRunRequest { Services = ExperimentHarness.Services, Assets = new ConvertedAssets(conversion.Assets) },
            cancellationToken);
        var package = await packager.PackageAsync(predictive, exposeSample: false, cancellationToken);
        package = package with { Assets = [package.Assets[0] with { Origin = conversion.Assets[0].Origin }] };
        return (training, await server.Server.PublishAsync("Points", null, package, cancellationToken));
    }

    public static async Task TrainAsync(ServerHarness server, PublishedWebService training, string name, double noise)
    {
        server.WriteFile($"in/{name}.csv", Points(400, noise));
        var status = await server.RunJobAsync(training, new JsonObject
        {
            ["Input"] = server.Blob($"in/{name}.csv"),
            ["Outputs"] = new JsonObject
            {
                ["model"] = server.Blob($"models/{name}.ilearner"),
                ["metrics"] = server.Blob($"models/{name}.csv"),
            },
        });
        Assert.Equal(("Finished", null), ((string?)status["StatusCode"], (string?)status["Details"]));
    }

    // Whether x exceeds a half, told wrongly for a share of the points.
    public static string Points(int rows, double noise)
    {
        var random = new Random(7);
        var lines = Enumerable.Range(0, rows).Select(_ =>
        {
            var x = random.NextDouble();
            return string.Create(CultureInfo.InvariantCulture, $"{x:0.####},{((x > 0.5) ^ (random.NextDouble() < noise) ? "yes" : "no")}");
        });
        return "x,y\n" + string.Join('\n', lines) + "\n";
    }
}
