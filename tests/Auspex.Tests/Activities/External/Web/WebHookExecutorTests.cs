using System.Text.Json.Nodes;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Activities.External.Web;

public sealed class WebHookExecutorTests
{
    private const string Key = "6c5ee0a5/Score/1";
    private const string Hook = """{ "method": "POST", "url": "https://api.test/", "body": { "job": 1 } }""";
    private const string Reporting = """{ "method": "POST", "url": "https://api.test/", "reportStatusOnCallBack": true }""";

    [Fact]
    public async Task Execute_CallBack_BecomesTheOutput()
    {
        var callbacks = new FakeCallbacks();
        var service = new ScriptedHttp(request =>
        {
            // Some call back before they answer.
            callbacks.Call(Key, """{"result":42}""");
            return ScriptedHttp.Empty();
        });
        using var harness = new ExternalHarness(service, callbacks);

        var output = await harness.RunAsync("WebHook", Hook);

        Assert.Equal(42, (int)output["result"]!);
        var sent = JsonNode.Parse(Assert.Single(service.Requests).Body)!;
        Assert.Equal(1, (int)sent["job"]!);
        Assert.StartsWith("http://127.0.0.1/callbacks/", (string)sent["callBackUri"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_AgainAfterACrash_OnlyWaits()
    {
        var callbacks = new FakeCallbacks();
        var service = new ScriptedHttp(_ => ScriptedHttp.Empty());
        using var harness = new ExternalHarness(service, callbacks);
        using var crash = new CancellationTokenSource();

        var run = harness.RunAsync("WebHook", Hook, cancellation: crash.Token);
        await callbacks.WaitedFor;
        await crash.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        harness.Checkpoint = Assert.Single(harness.Checkpoints);
        callbacks.Call(Key, "late");

        Assert.Equal("late", (string?)(await harness.RunAsync("WebHook", Hook))["Response"]);
        Assert.Single(service.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Execute_CallBackWithoutBody_Succeeds(string body)
    {
        var callbacks = new FakeCallbacks();
        callbacks.Call(Key, body);
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Empty()), callbacks);

        Assert.Null((await harness.RunAsync("WebHook", Reporting))["Response"]);
    }

    [Theory]
    [InlineData("""{"StatusCode":"200","Output":{"x":1}}""", null, null)]
    [InlineData("""{"Output":{"x":1}}""", null, null)]
    [InlineData("""{"StatusCode":"403","Output":{"x":1},"Error":{"ErrorCode":"E1","Message":"no"}}""", "E1", "no")]
    [InlineData("""{"StatusCode":500,"Output":{"x":1}}""", "500", "status 500")]
    [InlineData("""{"StatusCode":"fine","Output":{"x":1}}""", "InvalidCallback", "StatusCode")]
    public async Task Execute_Report_DecidesTheStatus(string body, string? code, string? message)
    {
        var callbacks = new FakeCallbacks();
        callbacks.Call(Key, body);
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Empty()), callbacks);

        if (code is null)
        {
            Assert.Equal(1, (int)(await harness.RunAsync("WebHook", Reporting))["x"]!);
            return;
        }

        var failure = await harness.FailAsync("WebHook", Reporting);
        Assert.Equal(code, failure.ActivityErrorCode);
        Assert.Contains(message!, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (int)failure.Output!["x"]!);
    }

    [Fact]
    public async Task Execute_ReportThatIsNoObject_Fails()
    {
        var callbacks = new FakeCallbacks();
        callbacks.Call(Key, "done");
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Empty()), callbacks);

        Assert.Equal("InvalidCallback", (await harness.FailAsync("WebHook", Reporting)).ActivityErrorCode);
    }

    [Fact]
    public async Task Execute_NobodyCallsBack_TimesOutAtTheInstantThatWasKept()
    {
        var clock = new TestClock();
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Empty()), new FakeCallbacks(clock), clock)
        {
            Checkpoint = new JsonObject { ["waitingUntil"] = (clock.GetUtcNow() + TimeSpan.FromMinutes(3)).ToString("O", null) },
        };

        var run = harness.FailAsync("WebHook", """{ "method": "POST", "url": "https://api.test/", "timeout": "00:10:00" }""");
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(run.IsCompleted);
        while (!run.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.Equal("ActivityTimeout", (await run).ActivityErrorCode);
    }

    [Theory]
    [InlineData("""{ "method": "GET", "url": "https://a.test/" }""", "2104", "POST")]
    [InlineData("""{ "method": "POST" }""", "2103", "url")]
    [InlineData("""{ "method": "POST", "url": "https://a.test/", "body": "no json" }""", "2104", "callBackUri")]
    [InlineData("""{ "method": "POST", "url": "https://a.test/", "timeout": "never" }""", "2104", "timeout")]
    [InlineData("""{ "method": "POST", "url": "https://a.test/", "timeout": "00:00:00" }""", "2104", "timeout")]
    public async Task Execute_BadInput_IsNamed(string properties, string code, string named)
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Empty());
        using var harness = new ExternalHarness(service);

        var failure = await harness.FailAsync("WebHook", properties);

        Assert.Equal(code, failure.ActivityErrorCode);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Execute_ServiceRefuses_FailsAtOnce()
    {
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Json("busy", System.Net.HttpStatusCode.Conflict)));

        Assert.Equal("2108", (await harness.FailAsync("WebHook", Hook)).ActivityErrorCode);
        Assert.Empty(harness.Checkpoints);
    }
}
