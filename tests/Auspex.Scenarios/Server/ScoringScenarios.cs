using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Auspex.Scenarios.Server;

public sealed class ScoringScenarios
{
    private const string OneRow = """{"Inputs": {"input1": {"ColumnNames": ["x"], "Values": [["1"]]}}, "GlobalParameters": {}}""";

    [Fact]
    public async Task Execute_TableForm_AnswersATableOfTexts()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);

        var answer = await server.ScoreAsync(service, OneRow);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            """{"Results":{"output1":{"type":"table","value":{"ColumnNames":["x","Scored Labels"],"ColumnTypes":["Double","Double"],"Values":[["2","102"]]}}}}""",
            answer.Text);
        Assert.True(Guid.TryParse(answer.Headers["x-ms-request-id"], out _));
    }

    [Fact]
    public async Task Execute_SwaggerFormat_AnswersRows()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);

        var answer = await server.ScoreAsync(
            service, """{"Inputs": {"input1": [{"x": 1}, {"x": null}]}, "GlobalParameters": {"Amount": 2}}""", "&details=true&format=swagger");

        Assert.Equal(
            """{"Results":{"output1":[{"x":"3","Scored Labels":"103"},{"x":null,"Scored Labels":null}]}}""", answer.Text);
    }

    [Fact]
    public async Task Execute_SeveralInputsAndOutputs_RunsTheGraph()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("j", ServerHarness.Joining);

        var answer = await server.ScoreAsync(service, """
            {"Inputs": {"input2": [{"x": 5}], "input1": [{"x": 4}]}}
            """, "");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["output1", "output2"], answer.Json["Results"]!.AsObject().Select(output => output.Key));
        Assert.Null(answer.Json["Results"]!["output1"]!["value"]!["ColumnNames"]);
    }

    [Fact]
    public async Task Execute_TrainingService_LeavesModelsOut()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("t", ServerHarness.Training);

        var answer = await server.ScoreAsync(service, """{"Inputs": {"input1": [{"x": 1}, {"x": 2}]}}""");

        Assert.Equal(["metrics"], answer.Json["Results"]!.AsObject().Select(output => output.Key));
    }

    [Theory]
    [InlineData("?api-version=1.0", OneRow, 400, "BadArgument/BadVersionCall")]
    [InlineData("?api-version=2.0&format=xml", OneRow, 400, "BadArgument/InvalidQueryParameter")]
    [InlineData("?details=perhaps", OneRow, 400, "BadArgument/InvalidQueryParameter")]
    [InlineData("", "", 400, "BadArgument/RequestBodyInvalid")]
    [InlineData("", "{", 400, "BadArgument/RequestBodyInvalid")]
    [InlineData("", "[1]", 400, "BadArgument/RequestBodyInvalid")]
    [InlineData("", """{"Inputs": {"input1": [{"x": "\ud800"}]}}""", 400, "BadArgument/RequestBodyInvalid")]
    [InlineData("", """{"Inputs": {}}""", 400, "BadArgument/MissingRequestInput")]
    [InlineData("", """{"Inputs": {"other": [{"x": 1}]}}""", 400, "BadArgument/InvalidInputNames")]
    [InlineData("", """{"Inputs": {"input1": [{"y": 1}]}}""", 400, "LibraryExecutionError/TableSchemaColumnCountMismatch")]
    [InlineData("", """{"Inputs": {"input1": {"ColumnNames": ["x"], "Values": [["1", "2"]]}}}""", 400, "BadUserArgument/InputMismatchError")]
    [InlineData("", """{"Inputs": {"input1": [{"x": "one"}]}}""", 400, "BadUserArgument/InputParseError")]
    [InlineData("", """{"Inputs": {"input1": [{"x": 1}]}, "GlobalParameters": {"amount": 1}}""", 400, "BadArgument/UnexpectedParameter")]
    [InlineData("", """{"Inputs": {"input1": [{"x": 1}]}, "GlobalParameters": {"Amount": "many"}}""", 400, "BadArgument/UserParameterInvalid")]
    [InlineData("", """{"Inputs": {"input1": [{"x": 1}]}, "GlobalParameters": {"Amount": 1000}}""", 400, "BadArgument/BadParameterValue")]
    public async Task Execute_BadRequest_SaysWhatIsWrong(string query, string body, int status, string error)
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);

        var answer = await server.SendAsync(HttpMethod.Post, $"{service.ApiLocation}/execute{query}", service.PrimaryKey, body);

        Assert.Equal((status, error), ((int)answer.Status, answer.ErrorCode));
        Assert.NotEmpty(answer.ErrorDetail);
    }

    [Fact]
    public async Task Execute_Keys_OnlyThoseOfTheEndpoint()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        var other = await server.PublishAsync("t", ServerHarness.Rowwise);
        var url = $"{service.ApiLocation}/execute?api-version=2.0";

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Post, url, service.SecondaryKey, OneRow)).Status);
        foreach (var wrong in new[] { null, "x", other.PrimaryKey, server.Server.SessionOwnerToken })
        {
            var answer = await server.SendAsync(HttpMethod.Post, url, wrong, OneRow);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Equal("Unauthorized/ScoreRequestUnauthorized", answer.ErrorCode);
        }
    }

    [Fact]
    public async Task Execute_OtherClientsHabits_AreTolerated()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{service.ApiLocation}//execute?api-version=2.0")
        {
            Content = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. """{"Inputs": {"Input1": {"Values": [[NaN]], "ColumnNames": ["X"]}}, "Extra": [],}"""u8]),
        };
        request.Headers.TryAddWithoutValidation("authorization", "bearer  " + service.PrimaryKey);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "text/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", "UTF-8");

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("""{"Results":{"output1":{"type":"table","value":{"Values":[[null,null]]}}}}""", text);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Execute_BodyOverTheLimit_Is413()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Settings = new Dictionary<string, string?> { ["Auspex:WebServices:MaxRequestBytes"] = "2000" },
        });
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);

        var answer = await server.ScoreAsync(service, OneRow + new string(' ', 3000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Fact]
    public async Task Execute_HundredCallsDuringUpdates_EachAnswerIsWhollyOldOrNew()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 1000);
        var created = await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/second", """{"ThrottleLevel": "High"}""");
        var key = (string)created.Json["PrimaryKey"]!;
        var api = (string)created.Json["ApiLocation"]!;
        var body = new JsonObject
        {
            ["Inputs"] = new JsonObject { ["input1"] = new JsonArray([.. Enumerable.Range(0, 50).Select(x => new JsonObject { ["x"] = x })]) },
        }.ToJsonString();
        var seen = new HashSet<string>();

        for (var round = 0; round < 3; round++)
        {
            var path = await server.WriteModelAsync($"models/m{round}.ilearner", 2000 + round);
            var update = new JsonObject
            {
                ["Resources"] = new JsonArray(new JsonObject { ["Name"] = "The model", ["Location"] = server.Blob(path) }),
            };
            var calls = Enumerable.Range(0, 100)
                .Select(_ => server.SendAsync(HttpMethod.Post, $"{api}/execute?api-version=2.0&format=swagger", key, body))
                .ToList();
            var patched = await server.ManageAsync(HttpMethod.Patch, $"{service.ManagementLocation}/second", update.ToJsonString());
            Assert.Equal(HttpStatusCode.OK, patched.Status);

            foreach (var answer in await Task.WhenAll(calls))
            {
                Assert.Equal(HttpStatusCode.OK, answer.Status);
                var biases = answer.Json["Results"]!["output1"]!.AsArray()
                    .Select(row => double.Parse((string)row!["Scored Labels"]!, System.Globalization.CultureInfo.InvariantCulture)
                        - double.Parse((string)row["x"]!, System.Globalization.CultureInfo.InvariantCulture))
                    .Distinct();
                seen.Add(string.Join('/', biases));
            }

            var after = await server.SendAsync(HttpMethod.Post, $"{api}/execute?api-version=2.0", key, OneRow);
            Assert.Contains((2002 + round).ToString(System.Globalization.CultureInfo.InvariantCulture), after.Text, StringComparison.Ordinal);
        }

        Assert.Subset(new HashSet<string> { "1000", "2000", "2001", "2002" }, seen);
    }

    [Fact]
    public async Task Execute_OverTheLimitOfCalls_Is503WithRetryAfter()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Modules = TestKit.Experiments.FakeModules.Catalog(new SlowModule()),
            Settings = new Dictionary<string, string?> { ["Auspex:WebServices:ConcurrencyWait"] = "00:00:00" },
        });
        var service = await server.PublishAsync("slow", """
            { "name": "slow",
              "nodes": { "data": { "module": "Numbers" }, "slow": { "module": "Slow", "inputs": { "Dataset": "data" } } },
              "webServiceInputs": { "input1": "data" }, "webServiceOutputs": { "output1": "slow" } }
            """, modules: [new SlowModule()]);
        await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/default", """{"MaxConcurrentCalls": 1}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.ScoreAsync(service, OneRow)));

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        var refused = Assert.Single(answers.Where(answer => answer.Status != HttpStatusCode.OK).DistinctBy(answer => answer.Text));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("ServiceUnavailable/TooManyConcurrentRequests", refused.ErrorCode);
        Assert.Equal("1", refused.Headers["Retry-After"]);
    }

    [Fact]
    public async Task Execute_LongerThanTheTimeout_Is408()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Modules = TestKit.Experiments.FakeModules.Catalog(new SlowModule(60)),
            Settings = new Dictionary<string, string?> { ["Auspex:WebServices:RequestTimeout"] = "00:00:01" },
        });
        var service = await server.PublishAsync("slow", """
            { "name": "slow",
              "nodes": { "data": { "module": "Numbers" }, "slow": { "module": "Slow", "inputs": { "Dataset": "data" } } },
              "webServiceInputs": { "input1": "data" }, "webServiceOutputs": { "output1": "slow" } }
            """, modules: [new SlowModule(0)]);

        var answer = await server.ScoreAsync(service, OneRow);

        Assert.Equal(HttpStatusCode.RequestTimeout, answer.Status);
        Assert.Equal("RequestTimeout/ScoreRequestTimeout", answer.ErrorCode);
    }
}
