using System.Text.Json.Nodes;
using Auspex.Experiments.Catalog;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>Reports of drift and challengers beside the output of graphs that work on whole tables.</summary>
public sealed class GraphReportScenarios
{
    // SQL is what makes it no single row-wise function; it leaves out what it is told to by a parameter of the service.
    private const string Graph = """
        { "name": "Points graph",
          "parameters": { "Query": { "type": "Script", "links": [ "sql.SQL Query Script" ], "default": "select * from t1" } },
          "nodes": {
            "data": { "module": "Enter Data Manually", "parameters": { "Data": "x,y\n0.1,no\n0.9,yes\n" } },
            "sql": { "module": "Apply SQL Transformation", "inputs": { "Table1": "data" }, "parameters": { "SQL Query Script": "select * from t1" } },
            "model": { "trainedModel": "Points training [trained model]" },
            "score": { "module": "Score Model", "inputs": { "Trained model": "model", "Dataset": "sql" } } },
          "webServiceInputs": { "input1": "data" },
          "webServiceOutputs": { "output1": "score" } }
        """;

    private const string TwoScorers = """
        { "name": "Points twice",
          "nodes": {
            "data": { "module": "Enter Data Manually", "parameters": { "Data": "x,y\n0.1,no\n0.9,yes\n" } },
            "sql": { "module": "Apply SQL Transformation", "inputs": { "Table1": "data" }, "parameters": { "SQL Query Script": "select x + 5 as x, y from t1" } },
            "model": { "trainedModel": "Points training [trained model]" },
            "near 1": { "module": "Score Model", "inputs": { "Trained model": "model", "Dataset": "data" } },
            "far": { "module": "Score Model", "inputs": { "Trained model": "model", "Dataset": "sql" } },
            "both": { "module": "Add Rows", "inputs": { "Dataset1": "near 1", "Dataset2": "far" } } },
          "webServiceInputs": { "input1": "data" },
          "webServiceOutputs": { "output1": "both" } }
        """;

    [Fact]
    public async Task Job_OfAGraphWithDriftReports_WritesThemBesideTheOutput()
    {
        await using var server = await StartAsync();
        var (_, scoring) = await PointServices.PublishAsync(server, Graph);
        server.WriteFile("in/far.csv", "x,y\n" + string.Concat(Enumerable.Repeat("7,yes\n", 5000)));
        var body = BatchBodies.Body(server, "in/far.csv", "out/far.csv");
        body["DriftReport"] = true;

        var status = await server.RunJobAsync(scoring, body);
        var without = await server.RunJobAsync(scoring, BatchBodies.Body(server, "in/far.csv", "out/without.csv"));

        Assert.Equal(("Finished", null), ((string?)status["StatusCode"], (string?)status["Details"]));
        Assert.Equal(["out/far.csv.drift.json", "out/far.csv.drift.html"], status["Reports"]!.AsArray().Select(path => (string?)path));
        var report = JsonNode.Parse(server.ReadFile("out/far.csv.drift.json"))!;
        Assert.Equal(("far.csv", 5000), ((string?)report["source"], (int?)report["rows"]));
        Assert.Equal(("x", "large"), ((string?)report["columns"]![0]!["name"], (string?)report["columns"]![0]!["drift"]));
        Assert.Equal("large", (string?)report["score"]!["drift"]);
        Assert.Contains("<svg", server.ReadFile("out/far.csv.drift.html"), StringComparison.Ordinal);
        Assert.Null(without["Reports"]);
        Assert.Throws<FileNotFoundException>(() => server.ReadFile("out/without.csv.drift.json"));
    }

    [Fact]
    public async Task Job_OfAGraphAndOfARowwiseService_FindTheSameDrift()
    {
        await using var server = await StartAsync();
        var (_, graph) = await PointServices.PublishAsync(server, Graph);
        server.WriteFile("in/points.csv", PointServices.Points(2000, 0.3));
        await server.RunJobAsync(graph, With(BatchBodies.Body(server, "in/points.csv", "out/graph.csv"), "DriftReport", true));
        await using var other = await StartAsync();
        var (_, rowwise) = await PointServices.PublishAsync(other);
        other.WriteFile("in/points.csv", PointServices.Points(2000, 0.3));
        await other.RunJobAsync(rowwise, With(BatchBodies.Body(other, "in/points.csv", "out/rowwise.csv"), "DriftReport", true));

        Assert.Equal(other.ReadFile("out/rowwise.csv.drift.json"), server.ReadFile("out/graph.csv.drift.json"));
    }

    [Fact]
    public async Task Job_OfAGraphWithTwoScorers_ReportsEach()
    {
        await using var server = await StartAsync();
        var (_, scoring) = await PointServices.PublishAsync(server, TwoScorers);
        server.WriteFile("in/points.csv", PointServices.Points(2000, 0.1));

        var status = await server.RunJobAsync(scoring, With(BatchBodies.Body(server, "in/points.csv", "out/two.csv"), "DriftReport", true));

        Assert.Equal(("Finished", null), ((string?)status["StatusCode"], (string?)status["Details"]));
        Assert.Equal("none", (string?)JsonNode.Parse(server.ReadFile("out/two.csv.near_1.drift.json"))!["columns"]![0]!["drift"]);
        Assert.Equal("large", (string?)JsonNode.Parse(server.ReadFile("out/two.csv.far.drift.json"))!["columns"]![0]!["drift"]);
    }

    [Fact]
    public async Task Job_OfAGraphWithChallengers_RunsTheirGraphsAndReportsWhatTheyDisagreeAbout()
    {
        await using var server = await StartAsync();
        var second = await PointServices.PublishChallengedAsync(server, Graph);
        server.WriteFile("in/points.csv", PointServices.Points(3000, 0.1));
        await server.RunJobAsync(second, BatchBodies.Body(server, "in/points.csv", "out/alone.csv"));

        var status = await server.RunJobAsync(second, With(BatchBodies.Body(server, "in/points.csv", "out/both.csv"), "Challengers", new JsonArray(2)));
        var drawn = With(BatchBodies.Body(server, "in/points.csv", "out/drawn.csv"), "Challengers", new JsonArray(2));
        drawn["GlobalParameters"] = new JsonObject { ["Query"] = "select * from t1 order by random() limit abs(random() % 2900)" };
        var uncompared = await server.RunJobAsync(second, drawn);

        Assert.Equal(("Finished", null), ((string?)status["StatusCode"], (string?)status["Details"]));
        Assert.Equal(["out/both.csv.challengers.json", "out/both.csv.challengers.html"], status["Reports"]!.AsArray().Select(path => (string?)path));
        Assert.Equal(server.ReadFile("out/alone.csv"), server.ReadFile("out/both.csv"));
        var report = JsonNode.Parse(server.ReadFile("out/both.csv.challengers.json"))!;
        var challenger = report["challengers"]![0]!;
        Assert.Equal(("version 2", 3000), ((string?)challenger["name"], (int?)challenger["rows"]));
        Assert.InRange((double)challenger["agreement"]!, 0.2, 0.9999);
        Assert.True((double)report["champion"]!["metrics"]!["AUC"]! > (double)challenger["metrics"]!["AUC"]!);
        Assert.Contains("<svg", server.ReadFile("out/both.csv.challengers.html"), StringComparison.Ordinal);
        Assert.Equal("Finished", (string?)uncompared["StatusCode"]);
        Assert.Contains("'version 2' could not be compared", (string?)uncompared["Details"], StringComparison.Ordinal);
        Assert.Null(uncompared["Reports"]);
    }

    [Fact]
    public async Task Job_ThatCannotReportDrift_SaysSo()
    {
        await using var server = await StartAsync();
        var (training, _) = await PointServices.PublishAsync(server);
        server.WriteFile("in/points.csv", PointServices.Points(300, 0.1));
        var body = new JsonObject { ["Input"] = server.Blob("in/points.csv"), ["DriftReport"] = true };

        var status = await server.RunJobAsync(training, body);

        Assert.Equal("Finished", (string?)status["StatusCode"]);
        Assert.Contains("no module scores rows with a model that was there before the job", (string?)status["Details"], StringComparison.Ordinal);
    }

    private static Task<ServerHarness> StartAsync() =>
        ServerHarness.StartAsync(options => options with { Modules = ModuleCatalog.CreateDefault() });

    private static JsonObject With(JsonObject body, string name, JsonNode value)
    {
        body[name] = value;
        return body;
    }
}
