using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Auspex.Experiments.Catalog;
using Auspex.Server.WebServices;
using Xunit;

namespace Auspex.Scenarios.Server;

public sealed class ModelVersionScenarios
{
    private const string OneRow = """{"Inputs": {"input1": [{"x": 0}]}}""";

    [Fact]
    public async Task Versions_PublishUpdateRefresh_AreListedAndCanBeServedAgain()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 1);
        var second = (await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/second")).Json;
        await UpdateAsync(server, service, 10);
        await UpdateAsync(server, service, 100);
        await UpdateAsync(server, service, 100);

        Assert.Equal(
            ["1 Created Kept", "2 Updated Kept", "3 Updated Serving"], Lines((await server.ManageAsync(HttpMethod.Get, "/api/auspex/models/s/second")).Json));
        Assert.Equal("101", await ScoreAsync(server, second));

        var back = await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/s/second/rollback");
        Assert.Equal((2, "Serving"), ((int?)back.Json["version"], (string?)back.Json["state"]));
        Assert.Equal("11", await ScoreAsync(server, second));
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Equal("11", await ScoreAsync(server, second));
        Assert.Equal(1, (int?)(await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/s/second/rollback")).Json["version"]);
        Assert.Equal("2", await ScoreAsync(server, second));
        var none = await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/s/second/rollback");
        Assert.Equal("InvalidOperation/NothingToRollBackTo", none.ErrorCode);

        Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/s/second/3/promote")).Status);
        Assert.Equal("101", await ScoreAsync(server, second));
        var unknown = await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/s/second/9/promote");
        Assert.Equal((404, "NotFound/ModelVersionNotFound"), ((int)unknown.Status, unknown.ErrorCode));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Post, "/api/auspex/models/s/second/rollback", null)).Status);
    }

    [Fact]
    public async Task Rollback_OfThePublishedService_HoldsUntilTheNextPublication()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 1);
        await server.PublishAsync("s", ServerHarness.Rowwise, bias: 2);

        Assert.Equal(1, (int?)(await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/s/default/rollback")).Json["version"]);
        Assert.Contains("\"2\"", (await server.ScoreAsync(service, OneRow)).Text, StringComparison.Ordinal);
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Contains("\"2\"", (await server.ScoreAsync(await server.PublishAsync("t", ServerHarness.Rowwise, bias: 1), OneRow)).Text, StringComparison.Ordinal);
        Assert.Equal(
            ["1 Published Serving", "2 Published Kept"], Lines((await server.ManageAsync(HttpMethod.Get, "/api/auspex/models/s/default")).Json));

        var third = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 3);
        Assert.Contains("\"4\"", (await server.ScoreAsync(third, OneRow)).Text, StringComparison.Ordinal);
        Assert.Equal(
            ["1 Published Kept", "2 Published Kept", "3 Published Serving"],
            Lines((await server.ManageAsync(HttpMethod.Get, "/api/auspex/models/s/default")).Json));
    }

    [Fact]
    public async Task Rollback_WhileCallsComeIn_FailsNoneAndTakesLessThanASecond()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 1);
        var second = (await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/second")).Json;
        await UpdateAsync(server, service, 10);
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var answers = new HashSet<string>();
            while (!stop.IsCancellationRequested)
            {
                answers.Add(await ScoreAsync(server, second));
            }

            return answers;
        })).ToArray();

        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 10; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            var path = i % 2 == 0 ? "rollback" : "2/promote";
            Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Post, $"/api/auspex/models/s/second/{path}")).Status);
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(begun).Ticks));
        }

        await stop.CancelAsync();
        foreach (var answers in await Task.WhenAll(callers))
        {
            Assert.Subset(new HashSet<string> { "2", "11" }, answers);
        }

        Assert.True(slowest < TimeSpan.FromSeconds(1), $"The slowest change took {slowest}.");
    }

    [Fact]
    public async Task Retention_ForgetsTheOldestButNotTheWayBack()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Settings = new Dictionary<string, string?> { ["Auspex:WebServices:KeptModelVersions"] = "3" },
        });
        var service = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 1);
        await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/second");
        for (var bias = 2; bias < 8; bias++)
        {
            await UpdateAsync(server, service, bias);
        }

        Assert.Equal(
            ["5 Updated Kept", "6 Updated Kept", "7 Updated Serving"], Lines((await server.ManageAsync(HttpMethod.Get, "/api/auspex/models/s/second")).Json));
        Assert.Equal(6, (int?)(await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/s/second/rollback")).Json["version"]);
    }

    [Fact]
    public async Task Gate_WorseModel_IsRefusedRememberedAndCanBePromoted()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { Modules = ModuleCatalog.CreateDefault() });
        var (training, scoring) = await PointServices.PublishAsync(server);
        var second = (await server.ManageAsync(HttpMethod.Put, $"{scoring.ManagementLocation}/second")).Json;
        await PointServices.TrainAsync(server, training, "good", noise: 0.05);
        await PointServices.TrainAsync(server, training, "bad", noise: 0.45);

        var good = await GatedAsync(server, scoring, "good", "auc", 0.2);
        Assert.Equal((HttpStatusCode.OK, 2, true), (good.Status, (int?)good.Json["modelVersion"], (bool?)good.Json["gate"]!["passed"]));
        var bad = await GatedAsync(server, scoring, "bad", "AUC", 0.01);

        Assert.Equal((409, "Conflict/ModelRefusedByGate"), ((int)bad.Status, bad.ErrorCode));
        Assert.Contains("AUC of the new 'Points training [trained model]' is 0.", bad.ErrorDetail, StringComparison.Ordinal);
        Assert.Contains("expected at least 0.", bad.ErrorDetail, StringComparison.Ordinal);
        var listed = (await server.ManageAsync(HttpMethod.Get, "/api/auspex/models/Points/second")).Json;
        Assert.Equal(["1 Created Kept", "2 Updated Serving", "3 Updated Refused"], Lines(listed));
        var model = listed["value"]![1]!["assets"]![0]!;
        Assert.Equal(("Points training", 64), ((string?)model["experiment"], ((string)model["trainingData"]!).Length));
        Assert.True((double?)model["metrics"]!["AUC"] > 0.8);
        Assert.NotNull((string?)model["runId"]);

        var compared = (await server.ManageAsync(HttpMethod.Get, "/api/auspex/models/Points/second/compare?from=2&to=3")).Json["assets"]![0]!;
        Assert.False((bool?)compared["same"]);
        Assert.True((double?)compared["metrics"]!.AsArray().Single(metric => (string?)metric!["name"] == "AUC")!["difference"] < 0);
        Assert.Contains(compared["differences"]!.AsArray(), sentence => ((string)sentence!).StartsWith("training data: ", StringComparison.Ordinal));

        var promoted = await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/Points/second/3/promote");
        Assert.Equal((4, "Promoted", "Serving"), ((int?)promoted.Json["version"], (string?)promoted.Json["reason"], (string?)promoted.Json["state"]));
        Assert.Equal(2, (int?)(await server.ManageAsync(HttpMethod.Post, "/api/auspex/models/Points/second/rollback")).Json["version"]);
        var unknown = await GatedAsync(server, scoring, "good", "F3", 0);
        Assert.Equal(HttpStatusCode.OK, unknown.Status);
        var missing = await GatedAsync(server, scoring, "bad", "F3", 0);
        Assert.Contains("nothing is known of the F3", missing.ErrorDetail, StringComparison.Ordinal);
        Assert.Equal(400, (int)(await GatedAsync(server, scoring, "good", "", 0)).Status);
        Assert.NotNull(second["ApiLocation"]);
    }

    [Fact]
    public async Task Job_WithDriftReports_WritesThemBesideTheOutput()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { Modules = ModuleCatalog.CreateDefault() });
        var (_, scoring) = await PointServices.PublishAsync(server);
        server.WriteFile("in/far.csv", "x,y\n" + string.Concat(Enumerable.Repeat("7,yes\n", 5000)));
        var body = BatchBodies.Body(server, "in/far.csv", "out/far.csv");
        body["DriftReport"] = true;

        var status = await server.RunJobAsync(scoring, body);
        await server.RunJobAsync(scoring, BatchBodies.Body(server, "in/far.csv", "out/without.csv"));

        Assert.Equal(("Finished", null), ((string?)status["StatusCode"], (string?)status["Details"]));
        var report = JsonNode.Parse(server.ReadFile("out/far.csv.drift.json"))!;
        Assert.Equal((5000, 0), ((int?)report["rows"], (int?)report["rowsNotCounted"]));
        Assert.Equal(("x", "large"), ((string?)report["columns"]![0]!["name"], (string?)report["columns"]![0]!["drift"]));
        Assert.Contains("<svg", server.ReadFile("out/far.csv.drift.html"), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => server.ReadFile("out/without.csv.drift.json"));
    }

    [Fact]
    public async Task Job_WithChallengers_ScoresInOnePassAndReportsWhatTheyDisagreeAbout()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { Modules = ModuleCatalog.CreateDefault() });
        var second = await PointServices.PublishChallengedAsync(server);
        server.WriteFile("in/points.csv", PointServices.Points(3000, 0.1));
        await server.RunJobAsync(second, BatchBodies.Body(server, "in/points.csv", "out/alone.csv"));

        var challenged = await server.ManageAsync(HttpMethod.Put, "/api/auspex/models/Points/second/challengers", """{"versions": [2]}""");
        var status = await server.RunJobAsync(second, BatchBodies.Body(server, "in/points.csv", "out/both.csv"));
        var none = BatchBodies.Body(server, "in/points.csv", "out/none.csv");
        none["Challengers"] = new JsonArray();
        await server.RunJobAsync(second, none);
        var unknown = await server.ManageAsync(HttpMethod.Put, "/api/auspex/models/Points/second/challengers", """{"versions": [9]}""");

        Assert.Equal(["1 Created Serving", "2 Updated Challenger"], Lines(challenged.Json));
        Assert.Equal("Finished", (string?)status["StatusCode"]);
        Assert.Equal(server.ReadFile("out/alone.csv"), server.ReadFile("out/both.csv"));
        var report = JsonNode.Parse(server.ReadFile("out/both.csv.challengers.json"))!;
        var challenger = report["challengers"]![0]!;
        Assert.Equal(("version 2", 3000), ((string?)challenger["name"], (int?)challenger["rows"]));
        Assert.InRange((double)challenger["agreement"]!, 0.2, 0.9999);
        Assert.True((double)report["champion"]!["metrics"]!["AUC"]! > (double)challenger["metrics"]!["AUC"]!);
        Assert.Contains("<svg", server.ReadFile("out/both.csv.challengers.html"), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => server.ReadFile("out/none.csv.challengers.json"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
    }

    private static Task<Answer> GatedAsync(ServerHarness server, PublishedWebService service, string name, string metric, double margin) =>
        server.ManageAsync(HttpMethod.Patch, $"{service.ManagementLocation}/second/gated", new JsonObject
        {
            ["Resources"] = new JsonArray(new JsonObject
            {
                ["Name"] = "Points training [trained model]",
                ["Location"] = server.Blob($"models/{name}.ilearner"),
            }),
            ["Gate"] = new JsonObject { ["Metric"] = metric, ["Margin"] = margin },
        }.ToJsonString());

    private static async Task UpdateAsync(ServerHarness server, PublishedWebService service, double bias)
    {
        var path = await server.WriteModelAsync("models/m.ilearner", bias);
        var answer = await server.ManageAsync(HttpMethod.Patch, $"{service.ManagementLocation}/second", new JsonObject
        {
            ["Resources"] = new JsonArray(new JsonObject { ["Name"] = "The model", ["Location"] = server.Blob(path) }),
        }.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    private static async Task<string> ScoreAsync(ServerHarness server, JsonNode endpoint)
    {
        var address = new Uri((string)endpoint["ApiLocation"]!).AbsolutePath;
        var answer = await server.SendAsync(HttpMethod.Post, $"{address}/execute", (string?)endpoint["PrimaryKey"], OneRow);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (string)answer.Json["Results"]!["output1"]!["value"]!["Values"]![0]![1]!;
    }

    private static string[] Lines(JsonNode list) =>
        [.. list["value"]!.AsArray().Select(version => $"{version!["version"]} {version["reason"]} {version["state"]}")];
}
