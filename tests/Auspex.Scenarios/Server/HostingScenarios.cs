using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Auspex.Errors;
using Auspex.Server;
using Auspex.Storage.Files;
using Xunit;

namespace Auspex.Scenarios.Server;

public sealed class HostingScenarios
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Twice_OnOneFolderIsRefused()
    {
        await using var server = await ServerHarness.StartAsync();

        var refused = await Assert.ThrowsAsync<DataFolderInUseException>(() => AuspexServer.StartAsync(
            new ServerOptions { Urls = "http://127.0.0.1:0", DataFolder = Path.Combine(server.Folder, "data") }, Cancellation));

        Assert.Contains(server.Server.Url.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/healthz", null)).Status);
    }

    [Fact]
    public async Task Start_PortInUse_SaysWhatToDo()
    {
        await using var server = await ServerHarness.StartAsync();
        using var folder = new TestKit.TemporaryFolder();

        var refused = await Assert.ThrowsAsync<ServerStartException>(() => AuspexServer.StartAsync(
            new ServerOptions { Urls = server.Server.Url.ToString(), DataFolder = folder.Path }, Cancellation));

        Assert.Equal(ErrorCode.AddressInUse, refused.Code);
        Assert.Contains("--urls", refused.Message, StringComparison.Ordinal);
        Assert.Null(DataFolder.FindOwner(folder.Path));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:1", "AUX7003")]
    [InlineData("http://nowhere.example:1", "AUX7003")]
    [InlineData("", "AUX7003")]
    public async Task Start_BadAddress_IsRefused(string urls, string code)
    {
        using var folder = new TestKit.TemporaryFolder();

        var refused = await Assert.ThrowsAsync<ServerStartException>(() => AuspexServer.StartAsync(
            new ServerOptions { Urls = urls, DataFolder = folder.Path }, Cancellation));

        Assert.Equal(code, refused.Code.Value);
    }

    [Fact]
    public async Task Start_SettingOutOfRange_NamesIt()
    {
        using var folder = new TestKit.TemporaryFolder();

        var refused = await Assert.ThrowsAsync<ServerStartException>(() => AuspexServer.StartAsync(
            new ServerOptions
            {
                Urls = "http://127.0.0.1:0",
                DataFolder = folder.Path,
                Settings = new Dictionary<string, string?> { ["Auspex:WebServices:MaxRunningJobs"] = "0" },
            },
            Cancellation));

        Assert.Contains("MaxRunningJobs", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnerToken_MadeOnce_ThenKept()
    {
        await using var server = await ServerHarness.StartAsync();
        var token = server.Server.NewOwnerToken!;
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/api/auspex/tokens", token)).Status);
        var workspace = server.Server.WorkspaceId;
        var session = server.Server.SessionOwnerToken;

        await server.StopAsync();
        await server.StartAgainAsync();

        Assert.Null(server.Server.NewOwnerToken);
        Assert.Equal(workspace, server.Server.WorkspaceId);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/api/auspex/tokens", token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Get, "/api/auspex/tokens", session)).Status);
    }

    [Fact]
    public async Task Https_WithACertificateOfOurOwn()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Urls = "http://127.0.0.1:0;https://127.0.0.1:0",
        });
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate!.Subject.Contains("localhost", StringComparison.Ordinal),
        };
        using var http = new HttpClient(handler);

        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(server.Server.HttpsUrl!, "/healthz"), Cancellation));
        Assert.Equal("http", server.Server.Url.Scheme);
    }

    [Theory]
    [InlineData("GET", "/nothing/here", 404)]
    [InlineData("DELETE", "/healthz", 405)]
    [InlineData("GET", "/workspaces/x/services/y/execute", 405)]
    public async Task UnknownRoutes_AnswerJson(string method, string path, int status)
    {
        await using var server = await ServerHarness.StartAsync();

        var answer = await server.SendAsync(new HttpMethod(method), path, null);

        Assert.Equal(status, (int)answer.Status);
        Assert.NotNull(answer.Json["error"]!["message"]);
        Assert.True(answer.Headers.ContainsKey("x-ms-request-id"));
    }

    [Fact]
    public async Task Factory_RunAndWatch_InDataFactorysShapes()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { FactoryFolder = MakeFactory(options.DataFolder) });
        var root = server.Server.FactoryId;
        const string Version = "?api-version=2018-06-01";
        Assert.EndsWith("/factories/demo-factory", root, StringComparison.Ordinal);

        var listed = await server.ManageAsync(HttpMethod.Get, $"{root}/pipelines{Version}");
        Assert.Equal("greet", (string?)listed.Json["value"]![0]!["name"]);
        var started = await server.ManageAsync(HttpMethod.Post, $"{root.ToUpperInvariant()}/PIPELINES/greet/createrun{Version}", """{"who": "you"}""");
        var id = (string)started.Json["runId"]!;
        var events = await server.ManageAsync(HttpMethod.Get, $"/api/auspex/runs/{id}/events");
        var changes = events.Text.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("Succeeded", (string?)changes.Last(change => change["run"] is not null)["run"]!["status"]);
        Assert.Contains(changes, change => (string?)change["activityRun"]?["activityName"] == "Say");

        var run = (await server.ManageAsync(HttpMethod.Get, $"{root}/pipelineruns/{id}{Version}")).Json;
        Assert.Equal(("greet", "Succeeded", "you", "Manual"), (
            (string?)run["pipelineName"], (string?)run["status"], (string?)run["parameters"]!["who"], (string?)run["invokedBy"]!["invokedByType"]));
        const string Window = """{"lastUpdatedAfter": "2000-01-01T00:00:00Z", "lastUpdatedBefore": "2100-01-01T00:00:00Z", "filters": [{"operand": "PipelineName", "operator": "Equals", "values": ["NAME"]}]}""";
        var found = await server.ManageAsync(HttpMethod.Post, $"{root}/queryPipelineRuns{Version}", Window.Replace("NAME", "greet", StringComparison.Ordinal));
        Assert.Single(found.Json["value"]!.AsArray());
        var none = await server.ManageAsync(HttpMethod.Post, $"{root}/queryPipelineRuns{Version}", Window.Replace("NAME", "x", StringComparison.Ordinal));
        Assert.Empty(none.Json["value"]!.AsArray());
        var activities = await server.ManageAsync(
            HttpMethod.Post, $"{root}/pipelineruns/{id}/queryActivityruns{Version}",
            """{"lastUpdatedAfter": "2000-01-01T00:00:00Z", "lastUpdatedBefore": "2100-01-01T00:00:00Z"}""");
        Assert.Equal("Say", (string?)activities.Json["value"]![0]!["activityName"]);

        Assert.Equal("BadRequest", (string?)(await server.ManageAsync(HttpMethod.Post, $"{root}/queryPipelineRuns{Version}", "{}")).Json["error"]!["code"]);
        Assert.Equal(404, (int)(await server.ManageAsync(HttpMethod.Post, $"{root}/pipelines/none/createRun{Version}")).Status);
        Assert.Equal(404, (int)(await server.ManageAsync(HttpMethod.Get, $"{root}/pipelineruns/{Guid.NewGuid()}{Version}")).Status);
        Assert.Equal(401, (int)(await server.SendAsync(HttpMethod.Post, $"{root}/pipelines/greet/createRun{Version}", null)).Status);
    }

    [Fact]
    public async Task Factory_EditedFile_CountsForTheNextRun()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { FactoryFolder = MakeFactory(options.DataFolder) });
        var root = server.Server.FactoryId;
        var file = Path.Combine(server.Folder, "factory", "pipeline", "greet.json");
        var text = await File.ReadAllTextAsync(file, Cancellation);

        await File.WriteAllTextAsync(file, text.Replace("\"Say\"", "\"SayLouder\"", StringComparison.Ordinal), Cancellation);
        await File.WriteAllTextAsync(
            file.Replace("greet.json", "second.json", StringComparison.Ordinal),
            text.Replace("\"greet\"", "\"second\"", StringComparison.Ordinal),
            Cancellation);

        var read = await server.ManageAsync(HttpMethod.Get, $"{root}/pipelines/greet?api-version=2018-06-01");
        Assert.Equal("SayLouder", (string?)read.Json["properties"]!["activities"]![0]!["name"]);
        var started = await server.ManageAsync(HttpMethod.Post, $"{root}/pipelines/second/createRun?api-version=2018-06-01", "{}");
        Assert.Equal(HttpStatusCode.OK, started.Status);
    }

    [Fact]
    public async Task Stop_WhileSomebodyWatchesARun_DoesNotWaitForThem()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { FactoryFolder = MakeFactory(options.DataFolder) });
        var started = await server.ManageAsync(HttpMethod.Post, $"{server.Server.FactoryId}/pipelines/pause/createRun?api-version=2018-06-01", "{}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/auspex/runs/{started.Json["runId"]}/events");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Server.SessionOwnerToken);
        using var watching = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var changes = new StreamReader(await watching.Content.ReadAsStreamAsync(Cancellation));
        Assert.NotNull(await changes.ReadLineAsync(Cancellation));

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(15), TimeProvider.System, Cancellation);

        Assert.DoesNotContain("Succeeded", await changes.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    private static string MakeFactory(string data)
    {
        var folder = Path.Combine(Path.GetDirectoryName(data)!, "factory");
        Directory.CreateDirectory(Path.Combine(folder, "pipeline"));
        Directory.CreateDirectory(Path.Combine(folder, "factory"));
        File.WriteAllText(Path.Combine(folder, "factory", "demo-factory.json"), """{"name": "demo-factory", "properties": {}}""");
        File.WriteAllText(Path.Combine(folder, "pipeline", "greet.json"), """
            { "name": "greet", "properties": {
                "parameters": { "who": { "type": "string", "defaultValue": "world" } },
                "variables": { "text": { "type": "String" } },
                "activities": [ { "name": "Say", "type": "SetVariable", "typeProperties": {
                    "variableName": "text", "value": { "value": "@concat('Hello ', pipeline().parameters.who)", "type": "Expression" } } } ] } }
            """);
        File.WriteAllText(Path.Combine(folder, "pipeline", "pause.json"), """
            { "name": "pause", "properties": { "activities": [ { "name": "W", "type": "Wait", "typeProperties": { "waitTimeInSeconds": 120 } } ] } }
            """);
        return folder;
    }
}
