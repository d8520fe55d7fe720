using System.Net;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Xunit;
using static Auspex.Scenarios.Server.BatchBodies;

namespace Auspex.Scenarios.Server;

/// <summary>A recommender served over HTTP: it needs whole tables, so its graph runs for each call.</summary>
public sealed class RecommenderScenarios
{
    // Odd users like odd things.
    private static readonly string Training = "who,what,stars\\n" + string.Join(
        "\\n",
        from user in Enumerable.Range(0, 8)
        from item in Enumerable.Range(0, 10)
        where (user + item) % 5 != 0
        select $"u{user},{item},{(user % 2 == item % 2 ? 9 : 1)}");

    private static readonly string Experiment = $$"""
        { "name": "Things", "nodes": {
            "data": { "module": "Enter Data Manually", "parameters": { "Data": "{{Training}}" } },
            "train": { "module": "Train Matchbox Recommender", "inputs": { "Training dataset of user-item-rating triples": "data" } },
            "score": { "module": "Score Matchbox Recommender", "inputs": { "Trained Matchbox recommender": "train", "Dataset to score": "data" },
              "parameters": { "Recommended item selection": "From Unrated Items (to suggest new items to users)", "Maximum number of items to recommend to a user": 2 } } } }
        """;

    [Fact]
    public async Task Recommender_OverHttp_AnswersCallsAndJobsAlike()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { Modules = ModuleCatalog.CreateDefault() });
        var service = await server.Server.PublishAsync("things", null, await PackageAsync(server), TestContext.Current.CancellationToken);

        var answer = await server.ScoreAsync(
            service, """{"Inputs": {"input1": {"ColumnNames": ["who", "what", "stars"], "Values": [["u1", "0", "0"], ["u2", "0", "0"]]}}, "GlobalParameters": {}}""");
        server.WriteFile("in/who.csv", "who,what,stars\nu1,0,0\nu2,0,0\n");
        var job = await server.RunJobAsync(service, Body(server, "in/who.csv", "out/lists.csv"));

        // What each has not rated yet, the better first.
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(
            """{"ColumnNames":["User","Item 1","Item 2"],"ColumnTypes":["String","Int32","Int32"],"Values":[["u1","9","4"],["u2","8","3"]]}""",
            answer.Json["Results"]!["output1"]!["value"]!.ToJsonString());
        Assert.Equal(("Finished", null), ((string?)job["StatusCode"], (string?)job["Details"]));
        Assert.Equal("User,Item 1,Item 2\nu1,9,4\nu2,8,3\n", server.ReadFile("out/lists.csv"));
    }

    private static async Task<WebServicePackage> PackageAsync(ServerHarness server)
    {
        var catalog = ModuleCatalog.CreateDefault();
        var values = new ArtifactValues(server.Server.Artifacts, new ModelContainerFormat());
        var training = ExperimentCompiler.Compile(ExperimentHarness.Load(Experiment), catalog).Experiment!;
        var run = await ExperimentHarness.RunAsync(training);
        var conversion = PredictiveConversion.Convert(run, catalog, new ConversionOptions());
        var predictive = await ExperimentHarness.RunAsync(
            ExperimentCompiler.Compile(conversion.Experiment!, catalog).Experiment!,
            request => request with { Assets = new ConvertedAssets(conversion.Assets) });
        return await new WebServicePackager(values).PackageAsync(predictive, exposeSample: true, TestContext.Current.CancellationToken);
    }
}
