using System.Net;
using System.Text.Json.Nodes;
using Auspex.Server.WebServices;
using Xunit;

namespace Auspex.Scenarios.Server;

public sealed class ManagementScenarios
{
    private const string OneRow = """{"Inputs": {"input1": [{"x": 0}]}}""";

    [Fact]
    public async Task Services_List_Get_Delete()
    {
        await using var server = await ServerHarness.StartAsync();
        var root = $"/workspaces/{server.Server.WorkspaceId}/webservices";
        Assert.Equal("[]", (await server.ManageAsync(HttpMethod.Get, root)).Text);
        var service = await server.PublishAsync("Income", ServerHarness.Rowwise);

        var listed = Assert.Single((await server.ManageAsync(HttpMethod.Get, root)).Json.AsArray())!;
        Assert.Equal(
            ("Income", "default", 1, service.WebServiceId),
            ((string?)listed["Name"], (string?)listed["DefaultEndpointName"], (int?)listed["EndpointCount"], (string?)listed["Id"]));
        Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Get, $"{root}/{service.WebServiceId}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await server.ManageAsync(HttpMethod.Delete, $"{root}/{service.WebServiceId}")).Status);

        var gone = await server.ManageAsync(HttpMethod.Get, $"{root}/{service.WebServiceId}");
        Assert.Equal((404, "NotFound/WebServiceIdNotFoundInWorkspace"), ((int)gone.Status, gone.ErrorCode));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.ScoreAsync(service, OneRow)).Status);
    }

    [Fact]
    public async Task Services_MalformedId_SaysWhatClientsLookFor()
    {
        await using var server = await ServerHarness.StartAsync();

        var answer = await server.ManageAsync(
            HttpMethod.Get, $"/workspaces/{server.Server.WorkspaceId}/webservices/foo-does-not-exist");

        Assert.Equal((400, "BadArgument/WebServiceIdInvalid"), ((int)answer.Status, answer.ErrorCode));
        Assert.Equal("Invalid web service ID provided. Verify the web service ID is correct and try again.", answer.ErrorDetail);
    }

    [Fact]
    public async Task Endpoints_Create_Describe_Delete()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);

        var created = await server.ManageAsync(
            HttpMethod.Put,
            $"{service.ManagementLocation}/night-batch",
            """{"WebServiceId": "x", "EndpointName": "other", "Description": "At night", "ThrottleLevel": "High", "MaxConcurrentCalls": 50, "PreventUpdate": "False"}""");

        Assert.Equal(HttpStatusCode.Created, created.Status);
        var endpoint = created.Json.AsObject();
        Assert.True(endpoint.Count >= 13);
        Assert.Equal(("night-batch", "At night", 50, "High"), (
            (string?)endpoint["Name"], (string?)endpoint["Description"], (int?)endpoint["MaxConcurrentCalls"], (string?)endpoint["ThrottleLevel"]));
        Assert.Equal(88, ((string)endpoint["PrimaryKey"]!).Length);
        Assert.Equal("TrainedModel", (string?)endpoint["Resources"]![0]!["Kind"]);
        Assert.Equal(2, (await server.ManageAsync(HttpMethod.Get, service.ManagementLocation)).Json.AsArray().Count);

        var again = await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/night-batch", """{"Description": "New"}""");
        Assert.Equal((HttpStatusCode.OK, "New"), (again.Status, (string?)again.Json["Description"]));
        Assert.Equal((string?)endpoint["PrimaryKey"], (string?)again.Json["PrimaryKey"]);

        var last = await server.ManageAsync(HttpMethod.Delete, $"{service.ManagementLocation}/default");
        Assert.Equal("InvalidOperation/DefaultEndpoint", last.ErrorCode);
        Assert.Equal(HttpStatusCode.NoContent, (await server.ManageAsync(HttpMethod.Delete, $"{service.ManagementLocation}/night-batch")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.ManageAsync(HttpMethod.Get, $"{service.ManagementLocation}/night-batch")).Status);
    }

    [Theory]
    [InlineData("Upper", "{}", "BadArgument/InvalidEndpointName")]
    [InlineData("-a", "{}", "BadArgument/InvalidEndpointName")]
    [InlineData("abcdefghijklmnopqrstuvwxy", "{}", "BadArgument/InvalidEndpointName")]
    [InlineData("ok", """{"MaxConcurrentCalls": 201}""", "BadArgument/WebServiceTooManyConcurrentRequestRequirement")]
    [InlineData("ok", """{"ThrottleLevel": "Medium"}""", "BadArgument/RequestBodyInvalid")]
    public async Task Endpoints_BadSettings_AreRefused(string name, string body, string error)
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);

        var answer = await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/{name}", body);

        Assert.Equal((400, error), ((int)answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Update_BadRequests_ChangeNothing()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 1);
        var created = await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/second");
        await server.WriteModelAsync("models/good.ilearner", 5);
        server.WriteFile("models/bad.ilearner", "not a model");

        async Task<string> PatchAsync(string endpoint, string name, string path)
        {
            var answer = await server.ManageAsync(HttpMethod.Patch, $"{service.ManagementLocation}/{endpoint}", new JsonObject
            {
                ["Resources"] = new JsonArray(new JsonObject { ["Name"] = name, ["Location"] = server.Blob(path) }),
            }.ToJsonString());
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            return answer.ErrorCode;
        }

        Assert.Equal("InvalidOperation/DefaultEndpoint", await PatchAsync("default", "The model", "models/good.ilearner"));
        Assert.Equal("BadArgument/ResourceNotFound", await PatchAsync("second", "Another model", "models/good.ilearner"));
        Assert.Equal("BadArgument/BlobNotFound", await PatchAsync("second", "The model", "models/none.ilearner"));
        Assert.Equal("BadArgument/ModelPackageInvalid", await PatchAsync("second", "The model", "models/bad.ilearner"));
        var answer = await server.SendAsync(
            HttpMethod.Post, $"{created.Json["ApiLocation"]}/execute", (string?)created.Json["PrimaryKey"], OneRow);
        Assert.Contains("""[["1","2"]]""", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_AfterRepublish_TakesTheNewVersion()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 1);
        var created = await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/second");
        var second = (Api: (string)created.Json["ApiLocation"]!, Key: (string)created.Json["PrimaryKey"]!);
        Assert.Equal(HttpStatusCode.NotModified, (await RefreshAsync(false)).Status);

        var republished = await server.PublishAsync("s", ServerHarness.Rowwise, bias: 10);

        Assert.Equal((service.EndpointId, 2), (republished.EndpointId, republished.Version));
        Assert.Contains("""["1","11"]""", (await server.ScoreAsync(service, OneRow)).Text, StringComparison.Ordinal);
        Assert.Contains("""["1","2"]""", (await ScoreSecondAsync()).Text, StringComparison.Ordinal);

        var path = await server.WriteModelAsync("m.ilearner".Insert(0, "models/"), 100);
        await server.SendAsync(HttpMethod.Patch, $"{service.ManagementLocation}/second", second.Key, new JsonObject
        {
            ["Resources"] = new JsonArray(new JsonObject { ["Name"] = "The model", ["Location"] = server.Blob(path) }),
        }.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(false)).Status);
        Assert.Contains("""["1","101"]""", (await ScoreSecondAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(true)).Status);
        Assert.Contains("""["1","11"]""", (await ScoreSecondAsync()).Text, StringComparison.Ordinal);

        await server.StopAsync();
        await server.StartAgainAsync();
        second.Api = new Uri(second.Api).AbsolutePath;
        Assert.Contains("""["1","11"]""", (await ScoreSecondAsync()).Text, StringComparison.Ordinal);

        Task<Answer> ScoreSecondAsync() => server.SendAsync(HttpMethod.Post, second.Api + "/execute", second.Key, OneRow);

        Task<Answer> RefreshAsync(bool overwrite) => server.ManageAsync(
            HttpMethod.Post, $"{service.ManagementLocation}/second/refresh", $$"""{"OverwriteResources": "{{overwrite}}"}""");
    }

    [Fact]
    public async Task Access_NeedsATokenOfTheRightRole()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        var made = await server.ManageAsync(HttpMethod.Put, "/api/auspex/tokens/watcher", """{"role": "reader"}""");
        var reader = (string)made.Json["token"]!;

        foreach (var wrong in new[] { null, "nonsense" })
        {
            var answer = await server.SendAsync(HttpMethod.Get, service.ManagementLocation, wrong);
            Assert.Equal((401, "Unauthorized/ManagementRequestUnauthorized"), ((int)answer.Status, answer.ErrorCode));
        }

        var listed = await server.SendAsync(HttpMethod.Get, service.ManagementLocation, reader);
        Assert.Equal((HttpStatusCode.OK, ""), (listed.Status, (string?)listed.Json[0]!["PrimaryKey"]));
        var refused = await server.SendAsync(HttpMethod.Put, $"{service.ManagementLocation}/second", reader, "{}");
        Assert.Equal((403, "Forbidden/AuthorizationFailed"), ((int)refused.Status, refused.ErrorCode));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Get, "/api/auspex/tokens", reader)).Status);
        var own = await server.SendAsync(HttpMethod.Get, $"{service.ManagementLocation}/default", service.PrimaryKey);
        Assert.Equal(service.SecondaryKey, (string?)own.Json["SecondaryKey"]);

        Assert.Equal(HttpStatusCode.NoContent, (await server.ManageAsync(HttpMethod.Delete, "/api/auspex/tokens/watcher")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Get, service.ManagementLocation, reader)).Status);
    }

    [Fact]
    public async Task Documents_AreServedToAnyone()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);

        var swagger = await server.SendAsync(HttpMethod.Get, $"{service.ApiLocation}/swagger.json", null);

        Assert.Equal(swagger.Text, (await server.SendAsync(HttpMethod.Get, $"{service.HelpLocation}/apidocument", null)).Text);
        Assert.Equal(swagger.Text, (await server.SendAsync(HttpMethod.Get, $"{service.ManagementLocation}/{service.EndpointId}/apidocument", null)).Text);
        Assert.Equal(new Uri(service.ApiLocation).AbsolutePath, (string?)swagger.Json["basePath"]);
        Assert.Equal(
            ["/swagger.json", "/execute?api-version=2.0&format=swagger", "/jobs?api-version=2.0", "/jobs/{jobId}?api-version=2.0", "/jobs/{jobId}/start?api-version=2.0"],
            swagger.Json["paths"]!.AsObject().Select(path => path.Key));
        var example = swagger.Json["definitions"]!["ExecutionRequest"]!["example"]!.ToJsonString();
        Assert.Equal(HttpStatusCode.OK, (await server.ScoreAsync(service, example, "&format=swagger")).Status);
        foreach (var page in new[] { "score", "jobs", "update" })
        {
            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, $"{service.HelpLocation}/{page}", null)).Status);
        }

        Assert.Contains("code-snippet-r", (await server.SendAsync(HttpMethod.Get, $"{service.HelpLocation}/score", null)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_Archive_OverHttp()
    {
        await using var server = await ServerHarness.StartAsync();
        await server.PublishAsync("first", ServerHarness.Rowwise);
        var package = await server.PackageAsync(ServerHarness.Rowwise, 7);
        using var archive = new MemoryStream();
        await WebServicePackageArchive.WriteAsync(archive, package, server.Server.Artifacts, TestContext.Current.CancellationToken);

        async Task<Answer> PutAsync(byte[] bytes)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/api/auspex/webservices/uploaded?description=From%20afar")
            {
                Content = new ByteArrayContent(bytes),
            };
            request.Headers.Add("Authorization", $"Bearer {server.Server.SessionOwnerToken}");
            using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new Answer(response.StatusCode, text, new Dictionary<string, string>());
        }

        var published = await PutAsync(archive.ToArray());
        Assert.Equal(HttpStatusCode.OK, published.Status);
        var scored = await server.SendAsync(
            HttpMethod.Post, $"{published.Json["apiLocation"]}/execute", (string?)published.Json["primaryKey"], OneRow);
        Assert.Contains("""[["1","8"]]""", scored.Text, StringComparison.Ordinal);

        Assert.Equal("WebServicePackageError/FormatError", (await PutAsync("nonsense"u8.ToArray())).ErrorCode);
        var damaged = archive.ToArray();
        damaged[damaged.Length / 2] ^= 0xFF;
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(damaged)).Status);
    }
}
