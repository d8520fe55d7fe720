using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Experiments.Models;
using Auspex.Server.WebServices;
using Xunit;
using static Auspex.Scenarios.Server.BatchBodies;

namespace Auspex.Scenarios.Server;

public sealed class BatchScenarios
{
    [Fact]
    public async Task Job_RowwiseService_ScoresEveryRowInOrder()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        var rows = 100_000;
        server.WriteFile("in/numbers.csv", Numbers(rows));

        var status = await server.RunJobAsync(service, Body(server, "in/numbers.csv", "out/scored.csv"));

        Assert.Equal(("Finished", null), ((string?)status["StatusCode"], (string?)status["Details"]));
        var lines = server.ReadFile("out/scored.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("x,Scored Labels", lines[0]);
        Assert.Equal(rows, lines.Length - 1);
        for (var row = 0; row < rows; row++)
        {
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{row + 1},{row + 101}"), lines[row + 1]);
        }
    }

    [Fact]
    public async Task Job_Results_AreReadableByPlainConcatenation()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", Numbers(3));
        var body = Body(server, "in/numbers.csv", null);

        var status = await server.RunJobAsync(service, body);

        var result = status["Results"]!["output1"]!;
        Assert.Null(result["ConnectionString"]);
        Assert.StartsWith("experimentoutput/", (string)result["RelativeLocation"]!, StringComparison.Ordinal);
        var url = $"{result["BaseLocation"]}{result["RelativeLocation"]}{result["SasBlobToken"]}";
        Assert.Equal("x,Scored Labels\n1,101\n2,102\n3,103\n", (await server.SendAsync(HttpMethod.Get, url, null)).Text);
        server.Http.DefaultRequestHeaders.Add("Range", "bytes=2-8");
        var part = await server.SendAsync(HttpMethod.Get, url, null);
        Assert.Equal((HttpStatusCode.PartialContent, "Scored "), (part.Status, part.Text));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Get, url.Replace("sig=", "sig=x", StringComparison.Ordinal), null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Get, url.Replace(".csv", ".txt", StringComparison.Ordinal), null)).Status);
    }

    [Fact]
    public async Task Job_SeveralInputsAndOutputs_WritesAll()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("j", ServerHarness.Joining);
        server.WriteFile("in/left.csv", "x\n1\n2\n");
        server.WriteFile("in/right.tsv", "x\n10\n20\n");

        var status = await server.RunJobAsync(service, new JsonObject
        {
            ["Inputs"] = new JsonObject { ["input1"] = server.Blob("in/left.csv"), ["input2"] = server.Blob("/in/right.tsv") },
            ["Outputs"] = new JsonObject { ["output1"] = server.Blob("out/pairs.csv"), ["output2"] = server.Blob("out/total.tsv") },
        });

        Assert.Equal("Finished", (string?)status["StatusCode"]);
        Assert.Equal(["output1", "output2"], status["Results"]!.AsObject().Select(result => result.Key));
        Assert.NotEmpty(server.ReadFile("out/pairs.csv"));
        Assert.Contains("3", server.ReadFile("out/total.tsv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_TrainingService_WritesAModelThatUpdatesAnEndpoint()
    {
        await using var server = await ServerHarness.StartAsync();
        var training = await server.PublishAsync("t", ServerHarness.Training);
        var scoring = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 1);
        server.WriteFile("in/train.csv", "x\n100\n200\n");
        var status = await server.RunJobAsync(training, new JsonObject
        {
            ["Inputs"] = new JsonObject { ["input1"] = server.Blob("in/train.csv") },
            ["Outputs"] = new JsonObject { ["model"] = server.Blob("models/new.ilearner") },
        });
        Assert.Equal("Finished", (string?)status["StatusCode"]);
        await server.ManageAsync(HttpMethod.Put, $"{scoring.ManagementLocation}/second");

        // With the job's own result as location, as clients do.
        var location = status["Results"]!["model"]!.DeepClone();
        var patched = await server.ManageAsync(HttpMethod.Patch, $"{scoring.ManagementLocation}/second", new JsonObject
        {
            ["Resources"] = new JsonArray(new JsonObject { ["Name"] = "The model", ["Location"] = location }),
        }.ToJsonString());

        Assert.Equal((HttpStatusCode.OK, "The model"), (patched.Status, (string?)patched.Json["Resources"]![0]!["Name"]));
        var answer = await server.SendAsync(
            HttpMethod.Post,
            $"{patched.Json["ApiLocation"]}/execute?api-version=2.0",
            (string?)patched.Json["PrimaryKey"],
            """{"Inputs": {"input1": [{"x": 0}]}}""");
        Assert.Contains("""[["1","301"]]""", answer.Text, StringComparison.Ordinal);
        await using var file = File.OpenRead(Path.Combine(server.Files, "models/new.ilearner"));
        Assert.Equal(300, Assert.IsType<LinearModel>(ModelContainer.ReadModel(file)).Bias);
    }

    [Fact]
    public async Task Job_MissingBlob_FailsReadably()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);

        var status = await server.RunJobAsync(service, Body(server, "in/none.csv", "out/scored.csv"));

        Assert.Contains("no blob in/none.csv", (string?)status["Details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_NotStarted_WaitsAndStartsOnce()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", Numbers(3));
        var id = await server.SubmitAsync(service, Body(server, "in/numbers.csv", "out/scored.csv"));

        Assert.Equal("NotStarted", (string?)(await server.StatusAsync(service, id)).Json["StatusCode"]);
        var url = $"{service.ApiLocation}/jobs/{id}/start?api-version=2.0";
        Assert.Equal(HttpStatusCode.NoContent, (await server.SendAsync(HttpMethod.Post, url, service.PrimaryKey)).Status);
        await server.WaitForJobAsync(service, id);
        var again = await server.SendAsync(HttpMethod.Post, url, service.PrimaryKey);
        Assert.Equal("InvalidOperation/CannotStartJob", again.ErrorCode);
        Assert.Contains("Finished", again.ErrorDetail, StringComparison.Ordinal);

        var deleted = await server.SendAsync(HttpMethod.Delete, $"{service.ApiLocation}/jobs/{id}?api-version=2.0", service.PrimaryKey);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal("Finished", (string?)(await server.StatusAsync(service, id)).Json["StatusCode"]);
        Assert.True(File.Exists(Path.Combine(server.Files, "out/scored.csv")));
    }

    [Fact]
    public async Task Cancel_WhileRunning_IsCancelledAndWritesNothing()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Modules = TestKit.Experiments.FakeModules.Catalog(new SlowModule(60)),
        });
        var service = await server.PublishAsync("slow", Slow, modules: [new SlowModule(0)]);
        server.WriteFile("in/numbers.csv", Numbers(3));
        var id = await server.SubmitAsync(service, Body(server, "in/numbers.csv", "out/scored.csv"));
        await server.SendAsync(HttpMethod.Post, $"{service.ApiLocation}/jobs/{id}/start?api-version=2.0", service.PrimaryKey);

        var deleted = await server.SendAsync(HttpMethod.Delete, $"{service.ApiLocation}/jobs/{id}", service.PrimaryKey);

        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal("Cancelled", (string?)(await server.WaitForJobAsync(service, id))["StatusCode"]);
        Assert.False(File.Exists(Path.Combine(server.Files, "out/scored.csv")));
        var again = await server.SendAsync(HttpMethod.Post, $"{service.ApiLocation}/jobs/{id}/start", service.PrimaryKey);
        Assert.Contains("Cancelled", again.ErrorDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_HostStopsAndStartsAgain_GoesOnToItsEnd()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Modules = TestKit.Experiments.FakeModules.Catalog(new SlowModule(2)),
        });
        var slow = await server.PublishAsync("slow", Slow, modules: [new SlowModule(0)]);
        var rowwise = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", Numbers(200_000));
        var jobs = new List<(PublishedWebService Service, string Id)>
        {
            (slow, await server.SubmitAsync(slow, Body(server, "in/numbers.csv", "out/slow.csv"))),
            (rowwise, await server.SubmitAsync(rowwise, Body(server, "in/numbers.csv", "out/scored.csv"))),
        };
        var waiting = await server.SubmitAsync(rowwise, Body(server, "in/numbers.csv", "out/later.csv"));
        foreach (var (service, id) in jobs)
        {
            await server.SendAsync(HttpMethod.Post, $"{service.ApiLocation}/jobs/{id}/start?api-version=2.0", service.PrimaryKey);
        }

        await server.StopAsync();
        await server.StartAgainAsync();

        foreach (var (service, id) in jobs)
        {
            Assert.Equal("Finished", (string?)(await server.WaitForJobAsync(service, id))["StatusCode"]);
        }

        Assert.Equal(200_001, server.ReadFile("out/scored.csv").Count(character => character == '\n'));
        Assert.Equal(200_001, server.ReadFile("out/slow.csv").Count(character => character == '\n'));
        Assert.Equal("NotStarted", (string?)(await server.StatusAsync(rowwise, waiting)).Json["StatusCode"]);
    }

    [Fact]
    public async Task Submit_SameClientRequestId_IsTheSameJob()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", Numbers(3));
        server.Http.DefaultRequestHeaders.Add("x-ms-client-request-id", "run-1/activity-1/1");
        var body = Body(server, "in/numbers.csv", "out/scored.csv");

        Assert.Equal(await server.SubmitAsync(service, body), await server.SubmitAsync(service, body));
    }

    public static TheoryData<string, string> BadSubmissions => new()
    {
        { """{"Inputs": {"input1": BLOB}, "Input": BLOB}""", "BadArgument/DuplicateInputInBatchCall" },
        { """{}""", "BadArgument/BatchJobInputsNotSpecified" },
        { """{"Inputs": {"input1": BLOB, "input2": BLOB}}""", "BadArgument/BatchJobInputsTooManySpecified" },
        { """{"Inputs": {"input1": {}}}""", "BadArgument/MissingInputBlobInformation" },
        { """{"Inputs": {"input1": {"ConnectionString": "UseDevelopmentStorage=true"}}}""", "BadArgument/InputBlobRelativeLocationInvalid" },
        { """{"Inputs": {"input1": {"ConnectionString": "nonsense", "RelativeLocation": "a/b.csv"}}}""", "BadArgument/InvalidBlobConnectionString" },
        { """{"Inputs": {"input1": {"ConnectionString": "FileRoot=/etc", "RelativeLocation": "a/b.csv"}}}""", "BadArgument/InvalidBlob" },
        { """{"Inputs": {"input1": {"ConnectionString": "UseDevelopmentStorage=true", "RelativeLocation": "a/b.xlsx"}}}""", "BadArgument/InvalidBlobExtension" },
        { """{"Inputs": {"input1": BLOB}, "BadRows": {"Policy": "drop"}}""", "BadArgument/RequestBodyInvalid" },
        { """{"Inputs": {"input1": BLOB}, "BadRows": {"Policy": "skip", "Limit": "many"}}""", "BadArgument/RequestBodyInvalid" },
        { """{"Inputs": {"input1": BLOB}, "BadRows": {"Policy": "skip", "MaxRecordBytes": 100}}""", "BadArgument/RequestBodyInvalid" },
        { """{"Inputs": {"input1": BLOB}, "BadRows": "skip"}""", "BadArgument/RequestBodyInvalid" },
        { """{"Inputs": {"input1": BLOB}, "Outputs": {"Output1": BLOB}}""", "BadArgument/InvalidOutputOverrideName" },
        { """{"Inputs": {"input1": BLOB}, "Outputs": {"output1": null}}""", "BadArgument/MissingOutputOverrideSpecification" },
        { """{"Inputs": {"input1": BLOB}, "Outputs": {"output1": {"ConnectionString": "UseDevelopmentStorage=true", "RelativeLocation": "a/b.ilearner"}}}""", "BadArgument/InvalidBlobExtension" },
        { """{"Inputs": {"input1": BLOB}, "GlobalParameters": {"None": "1"}}""", "BadArgument/UnexpectedParameter" },
        { """[]""", "BadArgument/RequestBodyInvalid" },
        { """{"Inputs": """, "BadArgument/RequestBodyInvalid" },
    };

    [Theory]
    [MemberData(nameof(BadSubmissions))]
    public async Task Submit_BadBody_SaysWhatIsWrong(string body, string error)
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);

        var answer = await server.SendAsync(
            HttpMethod.Post,
            $"{service.ApiLocation}/jobs?api-version=2.0",
            service.PrimaryKey,
            body.Replace("BLOB", server.Blob("in/a.csv").ToJsonString(), StringComparison.Ordinal));

        Assert.Equal((400, error), ((int)answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Jobs_UnknownIdOrKey_IsRefused()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        var other = await server.PublishAsync("t", ServerHarness.Rowwise);
        server.WriteFile("in/numbers.csv", Numbers(3));
        var id = await server.SubmitAsync(other, Body(server, "in/numbers.csv", null));

        foreach (var unknown in new[] { Guid.NewGuid().ToString("N"), "nonsense", id })
        {
            var answer = await server.StatusAsync(service, unknown);
            Assert.Equal((404, "NotFound/JobNotFound"), ((int)answer.Status, answer.ErrorCode));
        }

        var refused = await server.SendAsync(HttpMethod.Get, $"{other.ApiLocation}/jobs/{id}", service.PrimaryKey);
        Assert.Equal((401, "Unauthorized/ScoreRequestUnauthorized"), ((int)refused.Status, refused.ErrorCode));
    }

    [Fact]
    public async Task Submit_Secrets_LieNowhereInClear()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        const string Key = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA==";
        var blob = new JsonObject
        {
            ["ConnectionString"] = $"DefaultEndpointsProtocol=https;AccountName=acct;AccountKey={Key}",
            ["RelativeLocation"] = "c/in.csv",
        };
        var id = await server.SubmitAsync(service, new JsonObject { ["Inputs"] = new JsonObject { ["input1"] = blob } });
        Assert.NotEmpty(id);
        await server.StopAsync();

        foreach (var file in Directory.EnumerateFiles(Path.Combine(server.Folder, "data"), "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            foreach (var secret in new[] { Key, service.PrimaryKey, service.SecondaryKey })
            {
                Assert.False(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0, $"A secret lies in {file}.");
            }
        }
    }

    private const string Slow = """
        { "name": "slow",
          "nodes": { "data": { "module": "Numbers" }, "slow": { "module": "Slow", "inputs": { "Dataset": "data" } } },
          "webServiceInputs": { "input1": "data" }, "webServiceOutputs": { "output1": "slow" } }
        """;
}
