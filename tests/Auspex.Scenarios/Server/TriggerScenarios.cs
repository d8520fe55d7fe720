using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Auspex.Engine.Triggers;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Server;

public sealed class TriggerScenarios
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Folder_FilesThatCome_StartPipelinesOnceAcrossARestart()
    {
        using var factory = new TemporaryFolder();
        var watched = Path.Combine(factory.Path, "data");
        WriteFactory(factory.Path);
        Directory.CreateDirectory(Path.Combine(watched, "in", "day"));
        await File.WriteAllTextAsync(Path.Combine(watched, "in", "day", "old.csv"), "x", Cancellation);
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            FactoryFolder = factory.Path,
            Settings = new Dictionary<string, string?> { ["Auspex:Triggers:BlobPollInterval"] = "00:00:01" },
        });
        await UntilAsync(server, async () =>
            (await server.Server.Triggers.GetAsync("factory", "NewFile", Cancellation)).RuntimeState == TriggerRuntimeState.Started);
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, Cancellation);

        await File.WriteAllTextAsync(Path.Combine(watched, "in", "day", "a.csv"), "x", Cancellation);
        await UntilAsync(server, async () => (await RunsAsync(server)).Any(run => run.HasEnded));
        await server.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(watched, "in", "day", "b.csv"), "x", Cancellation);
        await server.StartAgainAsync();
        await UntilAsync(server, async () => (await RunsAsync(server)).Count(run => run.HasEnded) == 2);

        var runs = await RunsAsync(server);
        Assert.All(runs, run => Assert.Equal(TriggerRunStatus.Succeeded, run.Status));
        var files = new List<string?>();
        foreach (var run in runs)
        {
            files.Add((await server.Server.Runs.FindAsync(run.Pipelines.Single().RunId!.Value, Cancellation))!.Parameters["file"]?.GetValue<string>());
        }

        Assert.Equal(["a.csv", "b.csv"], files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WebHook_AnswersValidationAndTakesEvents()
    {
        using var factory = new TemporaryFolder();
        WriteFactory(factory.Path);
        await using var server = await ServerHarness.StartAsync(options => options with { FactoryFolder = factory.Path, OwnerToken = "owner-token-of-this-test" });
        await UntilAsync(server, async () =>
            (await server.Server.Triggers.GetAsync("factory", "NewFile", Cancellation)).RuntimeState == TriggerRuntimeState.Started);

        var validation = await PostAsync(server, """[{"id": "1", "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": "abc"}}]""");
        var posted = await PostAsync(server, """[{"id": "2", "eventType": "Microsoft.Storage.BlobCreated", "subject": "/blobServices/default/containers/in/blobs/day/c.csv", "eventTime": "2026-01-02T00:00:00Z", "data": {}}]""");
        var bad = await PostAsync(server, """[{"id": "2"}]""");

        Assert.Equal((HttpStatusCode.OK, "abc"), (validation.Status, validation.Body["validationResponse"]?.GetValue<string>()));
        Assert.Equal((HttpStatusCode.OK, 1), (posted.Status, posted.Body["started"]?.GetValue<int>()));
        Assert.Equal(HttpStatusCode.BadRequest, bad.Status);
    }

    private static async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(ServerHarness server, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auspex/factories/factory/events")
        {
            Content = new StringContent(body),
        };
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", "owner-token-of-this-test");
        using var answer = await server.Http.SendAsync(request, Cancellation);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!.AsObject());
    }

    private static async Task<ImmutableArray<TriggerRun>> RunsAsync(ServerHarness server) =>
        (await server.Server.Triggers.QueryRunsAsync(new TriggerRunQuery { Factory = "factory" }, Cancellation)).Runs;

    private static async Task UntilAsync(ServerHarness server, Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(60))
            {
                Assert.Fail($"It did not happen: {string.Join(", ", await RunsAsync(server))} {await server.Server.Triggers.GetAsync("factory", "NewFile", Cancellation)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
        }
    }

    private static void WriteFactory(string folder)
    {
        Write("factory/factory.json", """{"name": "factory", "properties": {}}""");
        Write("linkedService/Store.json", """{"name": "Store", "properties": {"type": "AzureBlobStorage", "typeProperties": {"connectionString": "DefaultEndpointsProtocol=https;AccountName=acct;"}}}""");
        Write("auspex.json", """{"linkedServices": {"Store": {"type": "FileServer", "typeProperties": {"host": "./data"}}}, "fileRoots": ["./data"]}""");
        Write("pipeline/P.json", """{"name": "P", "properties": {"parameters": {"file": {"type": "String"}}, "variables": {"v": {"type": "String"}}, "activities": [{"name": "S", "type": "SetVariable", "typeProperties": {"variableName": "v", "value": "@pipeline().parameters.file"}}]}}""");
        Write("trigger/NewFile.json", """
            {"name": "NewFile", "properties": {"type": "BlobEventsTrigger", "runtimeState": "Started",
             "pipelines": [{"pipelineReference": {"referenceName": "P", "type": "PipelineReference"}, "parameters": {"file": "@triggerBody().fileName"}}],
             "typeProperties": {"scope": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acct", "events": ["Microsoft.Storage.BlobCreated"],
              "blobPathBeginsWith": "/in/blobs/day/", "ignoreEmptyBlobs": true}}}
            """);

        void Write(string path, string text)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }
}
