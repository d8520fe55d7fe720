using System.Net;
using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.MachineLearning;

public sealed class BatchExecutionExecutorTests
{
    private const string Endpoint = "https://ml.example/workspaces/w/services/s/jobs";

    private const string MissionProperties = """
        {
            "webServiceInputs": {
                "input1": {
                    "LinkedServiceName": { "referenceName": "Blob1", "type": "LinkedServiceReference" },
                    "FilePath": "amltest/input/in1.csv"
                }
            },
            "webServiceOutputs": {
                "outputName1": {
                    "LinkedServiceName": { "referenceName": "Blob2", "type": "LinkedServiceReference" },
                    "FilePath": "amltest2/output/out1.csv"
                }
            },
            "globalParameters": { "Database name": "db", "Rows": 5, "Flag": true }
        }
        """;

    private static readonly JsonObject Finished = (JsonObject)JsonNode.Parse("""
        {
            "StatusCode": "Finished",
            "Results": { "outputName1": { "ConnectionString": null, "RelativeLocation": "amltest2/output/out1.csv",
                "BaseLocation": "https://a.blob.example/", "SasBlobToken": "?sig=secret" } },
            "Details": null
        }
        """)!;

    [Fact]
    public async Task ExecuteAsync_MissionShape_SubmitsStartsAndWaits()
    {
        var statuses = new Queue<string>(["NotStarted", "Running", "Finished"]);
        using var service = new ScriptedHttp(request => request switch
        {
            { Method: "POST" } when request.Address.Contains("/start", StringComparison.Ordinal) => ScriptedHttp.Empty(),
            { Method: "POST" } => ScriptedHttp.Json("\"539d0bc2fde945b6ac986b851d0000f0\""),
            _ => ScriptedHttp.Json(Status(statuses.Dequeue())),
        });
        var attempt = Mission();

        var output = await Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "POST " + Endpoint + "?api-version=2.0",
                "GET " + Endpoint + "/539d0bc2fde945b6ac986b851d0000f0?api-version=2.0",
                "POST " + Endpoint + "/539d0bc2fde945b6ac986b851d0000f0/start?api-version=2.0",
                "GET " + Endpoint + "/539d0bc2fde945b6ac986b851d0000f0?api-version=2.0",
                "GET " + Endpoint + "/539d0bc2fde945b6ac986b851d0000f0?api-version=2.0",
            ],
            service.Requests.Select(request => request.Method + " " + request.Address));
        Assert.All(service.Requests, request => Assert.Equal("Bearer key", request.Authorization));
        Assert.Equal("6c5ee0a5/Score/1", service.Requests[0].RequestId);
        var body = (JsonObject)JsonNode.Parse(service.Requests[0].Body)!;
        Assert.Equal("UseDevelopmentStorage=true", (string?)body["Inputs"]!["input1"]!["ConnectionString"]);
        Assert.Equal("amltest/input/in1.csv", (string?)body["Inputs"]!["input1"]!["RelativeLocation"]);
        Assert.Equal("https://b.blob.example/", (string?)body["Outputs"]!["outputName1"]!["BaseLocation"]);
        Assert.Equal("?sv=1&sig=x", (string?)body["Outputs"]!["outputName1"]!["SasBlobToken"]);
        Assert.Equal("5", (string?)body["GlobalParameters"]!["Rows"]);
        Assert.Equal("True", (string?)body["GlobalParameters"]!["Flag"]);
        Assert.Equal("539d0bc2fde945b6ac986b851d0000f0", (string?)attempt.Checkpoints.Single()["jobId"]);
        Assert.Equal("Finished", (string?)output["StatusCode"]);
        Assert.Equal("amltest2/output/out1.csv", (string?)output["Results"]!["outputName1"]!["RelativeLocation"]);
        Assert.DoesNotContain("secret", output.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Score", "Score", "skip", "10")]
    [InlineData("*", "Score", "quarantine", null)]
    [InlineData("Other", null, null, null)]
    public async Task ExecuteAsync_OverlayWithAPolicyForBadRows_SendsIt(string name, string? sent, string? policy, string? limit)
    {
        using var service = new ScriptedHttp(request => request.Method == "POST" ? ScriptedHttp.Json("\"j\"") : ScriptedHttp.Json(Status("Finished")));
        var attempt = Mission();
        attempt.Overlay = attempt.Overlay with
        {
            BadRows = attempt.Overlay.BadRows.Add(name, new BadRowsOverlay(policy ?? "fail", limit)),
        };

        await Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken);

        var badRows = JsonNode.Parse(service.Requests[0].Body)!["BadRows"];
        Assert.Equal((sent is not null, policy, limit), (badRows is not null, (string?)badRows?["Policy"], (string?)badRows?["Limit"]));
    }

    [Theory]
    [InlineData("score", true, "[3,2]")]
    [InlineData("*", true, "[3,2]")]
    [InlineData("Other", null, null)]
    public async Task ExecuteAsync_OverlayWithReports_AsksForThem(string name, bool? drift, string? challengers)
    {
        using var service = new ScriptedHttp(request => request.Method == "POST" ? ScriptedHttp.Json("\"j\"") : ScriptedHttp.Json(Status("Finished")));
        var attempt = Mission();
        attempt.Overlay = attempt.Overlay with
        {
            DriftReports = attempt.Overlay.DriftReports.Add(name, true),
            Challengers = attempt.Overlay.Challengers.Add(name, [3, 2]),
        };

        await Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken);

        var body = JsonNode.Parse(service.Requests[0].Body)!;
        Assert.Equal((drift, challengers), ((bool?)body["DriftReport"], body["Challengers"]?.ToJsonString()));
    }

    [Fact]
    public async Task ExecuteAsync_OverlayWithReports_TheActivitysOwnGoesBeforeTheOthers()
    {
        using var service = new ScriptedHttp(request => request.Method == "POST" ? ScriptedHttp.Json("\"j\"") : ScriptedHttp.Json(Status("Finished")));
        var attempt = Mission();
        attempt.Overlay = attempt.Overlay with
        {
            DriftReports = attempt.Overlay.DriftReports.Add("*", true).Add("Score", false),
            Challengers = attempt.Overlay.Challengers.Add("*", [4]).Add("Score", []),
        };

        await Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken);

        var body = JsonNode.Parse(service.Requests[0].Body)!;
        Assert.Equal((false, "[]"), ((bool?)body["DriftReport"], body["Challengers"]?.ToJsonString()));
    }

    [Fact]
    public async Task ExecuteAsync_OfAServiceThatReports_HandsOnWhere()
    {
        var finished = (JsonObject)Finished.DeepClone();
        finished["Reports"] = new JsonArray("amltest2/output/out1.csv.drift.json");
        using var service = new ScriptedHttp(request => request.Method == "POST" ? ScriptedHttp.Json("\"j\"") : ScriptedHttp.Json(finished.ToJsonString()));

        var output = await Executor(service).ExecuteAsync(Mission().Build(), TestContext.Current.CancellationToken);

        Assert.Equal("""["amltest2/output/out1.csv.drift.json"]""", output["Reports"]!.ToJsonString());
    }

    [Fact]
    public async Task ExecuteAsync_WithCheckpoint_AttachesToTheRunningJobAndSubmitsNothing()
    {
        using var service = new ScriptedHttp(_ => ScriptedHttp.Json(Status("Finished")));
        var attempt = Mission();
        attempt.Checkpoint = new JsonObject { ["jobId"] = "abc" };

        var output = await Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken);

        Assert.Equal("abc", (string?)output["jobId"]);
        Assert.DoesNotContain(service.Requests, request => request.Method == "POST");
    }

    [Fact]
    public async Task ExecuteAsync_StartedByAnEarlierHostInTheMeantime_WaitsForTheJob()
    {
        var statuses = new Queue<string>(["NotStarted", "Running", "Finished"]);
        using var service = new ScriptedHttp(request => request.Method == "GET"
            ? ScriptedHttp.Json(Status(statuses.Dequeue()))
            : ScriptedHttp.Json(
                """
                {"error":{"code":"InvalidOperation","message":"The operation is invalid for the present state of the resource.","details":[
                    {"code":"CannotStartJob","message":"The job cannot be started because it is in Running state."}]}}
                """,
                HttpStatusCode.BadRequest));
        var attempt = Mission();
        attempt.Checkpoint = new JsonObject { ["jobId"] = "abc" };

        var output = await Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken);

        Assert.Equal("Finished", (string?)output["StatusCode"]);
        Assert.Empty(statuses);
    }

    [Fact]
    public async Task ExecuteAsync_ServiceRefuses_FailsWith2600AndTheReply()
    {
        using var service = new ScriptedHttp(_ => ScriptedHttp.Json(
            """
            {"error":{"code":"BadArgument","message":"Invalid argument provided.","details":[
                {"code":"InvalidInputNames","message":"Invalid service input name(s) specified in the request: Input1."}]}}
            """,
            HttpStatusCode.BadRequest));

        var failure = await Assert.ThrowsAsync<ActivityException>(
            () => Executor(service).ExecuteAsync(Mission().Build(), TestContext.Current.CancellationToken));

        Assert.Equal("2600", failure.ActivityErrorCode);
        Assert.Equal(
            "Batch Execution failed. The response from the Machine Learning service at endpoint " + Endpoint
            + " was 'Invalid argument provided. Invalid service input name(s) specified in the request: Input1.'",
            failure.Message);
    }

    [Fact]
    public async Task ExecuteAsync_JobFails_FailsWithItsDetails()
    {
        using var service = new ScriptedHttp(request => request.Method == "POST"
            ? ScriptedHttp.Json("\"j\"")
            : ScriptedHttp.Json("""{"StatusCode":"Failed","Results":null,"Details":"Error 0001: column missing"}"""));

        var failure = await Assert.ThrowsAsync<ActivityException>(
            () => Executor(service).ExecuteAsync(Mission().Build(), TestContext.Current.CancellationToken));

        Assert.Equal("2600", failure.ActivityErrorCode);
        Assert.Contains("Job ID: j. Details: Error 0001: column missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_TimedOut_DeletesTheJob()
    {
        using var timeout = new CancellationTokenSource();
        var attempt = Mission();
        using var service = new ScriptedHttp(request =>
        {
            if (request.Method == "GET")
            {
                attempt.StopReason = AttemptStopReason.TimedOut;
                timeout.Cancel();
            }

            return request.Method == "POST" ? ScriptedHttp.Json("\"j\"") : ScriptedHttp.Json(Status("Running"));
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Executor(service).ExecuteAsync(attempt.Build(), timeout.Token));

        Assert.Equal("DELETE", service.Requests[^1].Method);
    }

    [Fact]
    public async Task ExecuteAsync_HostStops_LeavesTheJobRunning()
    {
        using var stop = new CancellationTokenSource();
        var attempt = Mission();
        using var service = new ScriptedHttp(request =>
        {
            if (request.Method == "GET")
            {
                attempt.StopReason = AttemptStopReason.HostStopping;
                stop.Cancel();
            }

            return request.Method == "POST" ? ScriptedHttp.Json("\"j\"") : ScriptedHttp.Json(Status("Running"));
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Executor(service).ExecuteAsync(attempt.Build(), stop.Token));

        Assert.DoesNotContain(service.Requests, request => request.Method == "DELETE");
    }

    [Fact]
    public async Task ExecuteAsync_ServiceComesBackWhilePolling_GoesOn()
    {
        var calls = 0;
        using var service = new ScriptedHttp(request => request.Method == "POST"
            ? ScriptedHttp.Json("\"j\"")
            : ++calls < 4 ? throw new HttpRequestException("refused") : ScriptedHttp.Json(Status("Finished")));

        var output = await Executor(service).ExecuteAsync(Mission().Build(), TestContext.Current.CancellationToken);

        Assert.Equal("Finished", (string?)output["StatusCode"]);
    }

    [Fact]
    public async Task ExecuteAsync_NothingAnswers_FailsWith2128()
    {
        using var service = new ScriptedHttp(_ => throw new HttpRequestException("Connection refused."));

        var failure = await Assert.ThrowsAsync<ActivityException>(
            () => Executor(service).ExecuteAsync(Mission().Build(), TestContext.Current.CancellationToken));

        Assert.Equal("2128", failure.ActivityErrorCode);
    }

    [Theory]
    [InlineData("https://ml.example/workspaces/w/services/s/execute?api-version=2.0")]
    [InlineData("URL to Azure ML Predictive Web Service")]
    public async Task ExecuteAsync_AddressIsNotTheBatchOne_SaysWhatIsExpected(string address)
    {
        using var service = new ScriptedHttp(_ => ScriptedHttp.Empty());
        var attempt = Mission().WithLinkedService(
            "Ml", "AzureML", $$"""{ "mlEndpoint": "{{address}}", "apiKey": "key" }""");

        var failure = await Assert.ThrowsAsync<ActivityException>(
            () => Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken));

        Assert.Contains("/jobs", failure.Message, StringComparison.Ordinal);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task ExecuteAsync_OlderShape_TakesBlobsFromDatasets()
    {
        using var service = new ScriptedHttp(request => request.Method == "POST"
            ? ScriptedHttp.Json("\"j\"")
            : ScriptedHttp.Json(Status("Finished")));
        var attempt = new AttemptBuilder(
            "AzureMLBatchExecution",
            """{ "webServiceInput": "In", "webServiceOutputs": { "output1": "Out" } }""")
            .WithLinkedService("Ml", "AzureML", $$"""{ "mlEndpoint": "{{Endpoint}}", "apiKey": "key" }""")
            .WithLinkedService("Blob1", "AzureStorage", """{ "connectionString": "UseDevelopmentStorage=true" }""")
            .WithDataset("In", "Blob1", """{ "folderPath": "azuremltesting/input", "fileName": "in.csv" }""")
            .WithDataset("Out", "Blob1", """{ "folderPath": "azuremltesting/output/", "fileName": "out.csv" }""");

        await Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken);

        var body = (JsonObject)JsonNode.Parse(service.Requests[0].Body)!;
        Assert.Equal("azuremltesting/input/in.csv", (string?)body["Input"]!["RelativeLocation"]);
        Assert.Equal("azuremltesting/output/out.csv", (string?)body["Outputs"]!["output1"]!["RelativeLocation"]);
    }

    [Fact]
    public async Task ExecuteAsync_OldestShape_SendsItsOneInputAndOutput()
    {
        using var service = new ScriptedHttp(request => request.Method == "POST"
            ? ScriptedHttp.Json("\"j\"")
            : ScriptedHttp.Json(Status("Finished")));
        var attempt = new AttemptBuilder(
            "AzureMLBatchExecution", """{ "webServiceInput": "In", "webServiceOutput": "Out" }""")
            .WithLinkedService("Ml", "AzureML", $$"""{ "mlEndpoint": "{{Endpoint}}", "apiKey": "key" }""")
            .WithLinkedService("Blob1", "AzureStorage", """{ "connectionString": "UseDevelopmentStorage=true" }""")
            .WithDataset("In", "Blob1", """{ "folderPath": "c/in", "fileName": "in.csv" }""")
            .WithDataset("Out", "Blob1", """{ "folderPath": "c/out", "fileName": "out.csv" }""");

        await Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken);

        var body = (JsonObject)JsonNode.Parse(service.Requests[0].Body)!;
        Assert.Equal("c/in/in.csv", (string?)body["Input"]!["RelativeLocation"]);
        Assert.Equal("c/out/out.csv", (string?)body["Output"]!["RelativeLocation"]);
    }

    [Fact]
    public async Task ExecuteAsync_NothingToMap_SendsAnEmptyBody()
    {
        using var service = new ScriptedHttp(request => request.Method == "POST"
            ? ScriptedHttp.Json("\"j\"")
            : ScriptedHttp.Json(Status("Finished")));
        var attempt = new AttemptBuilder("AzureMLBatchExecution", "{}")
            .WithLinkedService("Ml", "AzureML", $$"""{ "mlEndpoint": "{{Endpoint}}", "apiKey": "key" }""");

        await Executor(service).ExecuteAsync(attempt.Build(), TestContext.Current.CancellationToken);

        Assert.Equal("{}", service.Requests[0].Body);
    }

    private static string Status(string name)
    {
        var status = (JsonObject)Finished.DeepClone();
        status["StatusCode"] = name;
        return status.ToJsonString();
    }

    private static AttemptBuilder Mission() => new AttemptBuilder("AzureMLBatchExecution", MissionProperties)
        .WithLinkedService(
            "Ml", "AzureML", $$"""{ "mlEndpoint": "{{Endpoint}}?api-version=2.0", "apiKey": { "type": "SecureString", "value": "key" } }""")
        .WithLinkedService("Blob1", "AzureStorage", """{ "connectionString": "UseDevelopmentStorage=true" }""")
        .WithLinkedService(
            "Blob2", "AzureBlobStorage", """{ "sasUri": { "type": "SecureString", "value": "https://b.blob.example/?sv=1&sig=x" } }""");

    private static BatchExecutionExecutor Executor(ScriptedHttp service) => new(
        new HttpClient(service),
        new LinkedServiceResolver(new SecretReader(_ => null, _ => ""), TimeProvider.System),
        new EndpointAddresses(() => new Uri("http://127.0.0.1:5240")),
        new MachineLearningOptions { FirstPoll = TimeSpan.FromTicks(1), LongestPoll = TimeSpan.FromTicks(1) },
        TimeProvider.System);
}
