using System.Net;
using System.Text.Json.Nodes;
using Auspex.Engine.Runs;
using Auspex.Scenarios.Cli;
using Auspex.TestKit;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>Web hooks through the whole server: real calls in both directions, and a restart in between.</summary>
public sealed class WebHookScenarios
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallBack_AfterARestart_EndsTheRunOnceAndSecretly()
    {
        using var factory = new TemporaryFolder();
        await using var service = new AnsweringServer(_ => new ServedAnswer(202));
        WriteFactory(factory.Path, service.Address, """, "policy": { "secureOutput": true }""");
        await using var server = await ServerHarness.StartAsync(options => options with { FactoryFolder = factory.Path });
        var run = await StartAsync(server);
        var callback = await CallbackAsync(service);

        await server.StopAsync();
        await server.StartAgainAsync();
        var wrong = await server.SendAsync(HttpMethod.Post, callback[..^1] + (callback[^1] == '0' ? '1' : '0'), null, "{}");
        var large = await server.SendAsync(HttpMethod.Post, callback, null, new string('x', (4 << 20) + 1));
        var first = await server.SendAsync(HttpMethod.Post, callback, null, """{ "answer": "call-back secret" }""");
        var second = await server.SendAsync(HttpMethod.Post, callback, null, """{ "answer": "another" }""");
        var ended = await server.Server.Runs.WaitAsync(run, Cancellation);
        var third = await server.SendAsync(HttpMethod.Post, callback, null, "");

        Assert.Equal(HttpStatusCode.NotFound, wrong.Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], [first.Status, second.Status, third.Status]);
        Assert.Equal(RunStatus.Succeeded, ended.Status);
        Assert.Single(service.Requests);
        var activities = await server.Server.Runs.ListActivityRunsAsync(run, Cancellation);
        Assert.DoesNotContain(activities, activity => activity.ToString().Contains("call-back secret", StringComparison.Ordinal));
        await server.StopAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(server.Folder, "data"), "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancellation);
            Assert.True(bytes.AsSpan().IndexOf("call-back secret"u8) < 0, $"The call-back's body lies in clear in {file}.");
        }
    }

    [Theory]
    [InlineData("GET", 405)]
    [InlineData("POST", 404)]
    public async Task CallBack_ToNobody_IsRefused(string method, int status)
    {
        await using var server = await ServerHarness.StartAsync();

        foreach (var token in new[] { "x", new string('0', 64) })
        {
            Assert.Equal(status, (int)(await server.SendAsync(new HttpMethod(method), "/api/auspex/callbacks/" + token, null, method == "POST" ? "{}" : null)).Status);
        }
    }

    [Fact]
    public async Task Run_OnTheCommandLine_WaitsForTheCallBackOnLoopback()
    {
        using var factory = new TemporaryFolder();
        await using var service = new AnsweringServer(_ => new ServedAnswer(202));
        WriteFactory(factory.Path, service.Address, "");
        var running = AuspexProcess.RunAsync(factory.Path, Cancellation, "run", "hook");
        var callback = await CallbackAsync(service, asPath: false);
        using var http = new HttpClient();

        using var answer = await http.PostAsync(callback, new StringContent("""{ "answer": "42" }"""), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var (exitCode, process) = await running;
        await using (process)
        {
            Assert.True(exitCode == 0, process.Transcript);
        }
    }

    private static async Task<RunId> StartAsync(ServerHarness server) => await server.Server.Runs.StartAsync(
        new PipelineRunRequest { Factory = server.Server.FactoryName, Pipeline = server.Server.Factory!.Pipelines["hook"] }, Cancellation);

    private static async Task<string> CallbackAsync(AnsweringServer service, bool asPath = true)
    {
        ServedRequest? request;
        while (!service.Requests.TryPeek(out request))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        // The wait is durable a moment after the service has answered.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Cancellation);
        var address = (string)JsonNode.Parse(request.Body)!["callBackUri"]!;
        return asPath ? new Uri(address).AbsolutePath : address;
    }

    private static void WriteFactory(string folder, string url, string policy)
    {
        var pipelines = Directory.CreateDirectory(Path.Combine(folder, "pipeline"));
        File.WriteAllText(Path.Combine(pipelines.FullName, "hook.json"), $$"""
            { "name": "hook", "properties": { "activities": [
                { "name": "Hook", "type": "WebHook"{{policy}}, "typeProperties": { "method": "POST", "url": "{{url}}", "body": { "x": 1 }, "timeout": "00:05:00" } },
                { "name": "Check", "type": "IfCondition", "dependsOn": [ { "activity": "Hook", "dependencyConditions": [ "Succeeded" ] } ],
                  "typeProperties": { "expression": "@not(empty(activity('Hook').output.answer))",
                    "ifFalseActivities": [ { "name": "No", "type": "Fail", "typeProperties": { "message": "no answer", "errorCode": "1" } } ] } } ] } }
            """);
    }
}
