using System.Text.Json.Nodes;
using Auspex.Cli.Testing;
using Auspex.Cli.Testing.Recordings;
using Auspex.Definitions;
using Auspex.Engine.Runs;
using Auspex.TestKit;
using Xunit;
using static Auspex.Tests.Cli.Testing.PipelineTests;

namespace Auspex.Tests.Cli.Testing;

public sealed class RecordingTests : IDisposable
{
    private const string Mocked = """
        {
          "pipeline": "P",
          "parameters": {"key": "top-secret-value", "day": "2024-01-01"},
          "mocks": {"activities": {
            "List": {"output": {"value": [{"name": "a"}, {"name": "b"}], "access_token": "eyJ-token"}},
            "Load": [{"error": {"errorCode": "2200", "message": "busy"}}, {"output": {"rows": 5}, "delay": "00:01:00"}]
            HIDDEN
          }}
        }
        """;

    private const string Hidden = """, "Hidden": {"output": {"token": "hidden-output"}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_OfAnUnchangedPipeline_FindsNoDifference()
    {
        var path = await RecordAsync(Pipeline());

        Assert.Empty(await ReplayAsync(Pipeline(), path));
    }

    [Fact]
    public async Task Replay_WithOtherInputs_ShowsBoth()
    {
        var path = await RecordAsync(Pipeline());

        var differences = await ReplayAsync(Pipeline(loadTarget: "new/"), path);

        Assert.Contains(
            "activity 'Each[0]/Load' got another input than in the recording:\n  $.to: found \"new/a\", recorded \"old/a\"", differences);
        Assert.Contains(differences, line => line.StartsWith("note: the recording does not hold", StringComparison.Ordinal));
        Assert.Equal(3, differences.Length);
    }

    [Fact]
    public async Task Replay_OfACancelledRun_IsCancelledAtTheSameMoment()
    {
        var path = await RecordAsync(Pipeline(), cancelAfter: TimeSpan.FromSeconds(45));

        var recording = RecordingFile.Read(path);
        Assert.Equal("Cancelled", recording.Status);
        Assert.Contains(("Each[0]/Load", 2, "Cancelled"), recording.Activities.Select(activity => (activity.Path, activity.Attempt, activity.Status)));
        Assert.Empty(await ReplayAsync(Pipeline(), path));
        Assert.NotEmpty(await ReplayAsync(Pipeline(loadTarget: "new/"), path));
    }

    [Fact]
    public async Task Replay_WithANewActivity_NamesIt()
    {
        var path = await RecordAsync(Pipeline());

        var differences = await ReplayAsync(Pipeline(more: ", " + Work("Extra", "WebActivity")), path);

        Assert.Contains("activity 'Extra' (WebActivity) is not in the recording. Record the run again, or mock it in a test with \"recording\".", differences);
        Assert.Contains("status: found Failed, recorded Succeeded: AUX8025: Operation on target Extra failed: activity 'Extra' (WebActivity) is not in the recording. Record the run again, or mock it in a test with \"recording\".", differences);
        Assert.Contains("activity 'Extra' is new: found Failed, recorded nothing", differences);
    }

    [Fact]
    public async Task Replay_WithoutAnActivity_SaysThatItDidNotRun()
    {
        var path = await RecordAsync(Pipeline(more: ", " + Work("Hidden", "WebActivity", """ "policy": {"secureOutput": true}, """)));

        Assert.Contains("activity 'Hidden' did not run, recorded Succeeded", await ReplayAsync(Pipeline(), path));
    }

    [Fact]
    public async Task Record_OfSecrets_KeepsNone()
    {
        var path = await RecordAsync(Pipeline(more: ", " + Work("Hidden", "WebActivity", """ "policy": {"secureInput": true, "secureOutput": true}, """)));

        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("top-secret-value", text, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ-token", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-output", text, StringComparison.Ordinal);
        Assert.Equal(
            ["input of 'Hidden' (secureInput)", "output of 'Hidden' (secureOutput)", "parameter 'key' (secure)", "values that look like secrets (masked)"],
            RecordingFile.Read(path).NotKept);
    }

    [Fact]
    public async Task Test_WithARecording_AnswersFromItWhereNoMockDoes()
    {
        var path = await RecordAsync(Pipeline());
        var file = Read(
            Pipeline(),
            """
            {
              "pipeline": "P",
              "parameters": {"day": "2024-01-01"},
              "recording": "r.json",
              "mocks": {"activities": {"List": {"output": {"value": [{"name": "a"}]}}}},
              "expect": {"iterations": {"Each": 1}, "activities": {"Load": {"attempts": 2, "output": {"rows": 5}}}}
            }
            """,
            Path.GetDirectoryName(path)!);
        Assert.Empty(file.Diagnostics);

        var result = await new TestRunner(Pipeline(), TimeProvider.System).RunAsync(file.Tests[0], TestContext.Current.CancellationToken);

        Assert.Empty(result.Failures);
    }

    [Theory]
    [InlineData("{}", "found no version")]
    [InlineData("""{"auspexRecording": 2}""", "found version 2")]
    [InlineData("""{"auspexRecording": 1, "pipeline": "P"}""", "it lacks 'runId'")]
    [InlineData("not json", "is no JSON")]
    public void Read_OfNoRecording_SaysWhy(string content, string reason)
    {
        var path = Path.Combine(_folder.Path, "r.json");
        File.WriteAllText(path, content);

        Assert.Contains(reason, Assert.Throws<RecordingException>(() => RecordingFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-01-01T00:00:01.5Z", "2024-01-01T00:00:03Z", true)]
    [InlineData("at 2024-01-01T00:00:01Z", "at 2024-01-01T01:00:01Z", false)]
    [InlineData("0f9b3a52-7a3c-4a59-8f1e-6a1f5d1f0001", "0f9b3a52-7a3c-4a59-8f1e-6a1f5d1f0002", true)]
    [InlineData("5cd4ee7c-0000-4a59-8f1e-6a1f5d1f0001", "0f9b3a52-7a3c-4a59-8f1e-6a1f5d1f0002", false)]
    [InlineData("a", "b", false)]
    public void Find_OfTimesAndIds_ToleratesWhatIsMadeAnew(string found, string recorded, bool equal)
    {
        // The second pair's id stands in the definition: whoever changed it meant it.
        var comparison = new InputComparison("{\"id\": \"5cd4ee7c-0000-4a59-8f1e-6a1f5d1f0001\"}");

        Assert.Equal(equal, comparison.Find(JsonValue.Create(found), JsonValue.Create(recorded)).Count == 0);
    }

    [Theory]
    [InlineData("""{"headers": {"Authorization": "Bearer abc.def-ghi"}}""", "abc.def")]
    [InlineData("""{"text": "use Bearer abc.def-ghi now"}""", "abc.def")]
    [InlineData("""{"url": "https://x.blob.core.windows.net/c/b?sv=1&sig=AbC%2F123"}""", "AbC")]
    [InlineData("""{"c": "AccountName=a;AccountKey=abc123==;EndpointSuffix=x"}""", "abc123")]
    [InlineData("""{"rows": [{"password": "pw-1234"}]}""", "pw-1234")]
    [InlineData("""{"path": "data/top-secret-value/a"}""", "top-secret-value")]
    public void Mask_OfWhatLooksLikeASecret_HidesIt(string json, string secret)
    {
        var secrets = new RecordedSecrets(["top-secret-value"]);

        var masked = secrets.Mask(Json(json))!.ToJsonString();

        Assert.DoesNotContain(secret, masked, StringComparison.Ordinal);
        Assert.Contains("**********", masked, StringComparison.Ordinal);
        Assert.True(secrets.FoundAny);
    }

    private async Task<string> RecordAsync(FactoryDefinition factory, TimeSpan? cancelAfter = null)
    {
        // A mock for an activity that is not there would be a mistake of the test's author.
        var hidden = factory.Pipelines["P"].Activities.Any(activity => activity.Name == "Hidden") ? Hidden : "";
        var mocked = Mocked.Replace("HIDDEN", hidden, StringComparison.Ordinal);
        var test = Single(factory, mocked);
        await using var session = new TestSession(test, factory);
        await session.Host.StartAsync(TestContext.Current.CancellationToken);
        var run = await session.Host.RunAsync(
            new PipelineRunRequest { Factory = factory.Name, Pipeline = test.Pipeline!, Parameters = test.Parameters },
            TimeSpan.FromDays(1),
            cancelAfter,
            TestContext.Current.CancellationToken);
        Assert.Equal(cancelAfter is null ? RunStatus.Succeeded : RunStatus.Canceled, run.Run.Status);
        var recording = await new RunRecorder(session.Host.Runs, factory)
            .RecordAsync(run.Run.Id, ["top-secret-value"], TestContext.Current.CancellationToken);
        var path = Path.Combine(_folder.Path, "r.json");
        await File.WriteAllTextAsync(path, RecordingFile.Write(recording), TestContext.Current.CancellationToken);
        return path;
    }

    private static async Task<string[]> ReplayAsync(FactoryDefinition factory, string path)
    {
        var test = Assert.Single(TestFiles.Replays(factory, path));
        return [.. (await new TestRunner(factory, TimeProvider.System).RunAsync(test, TestContext.Current.CancellationToken)).Failures];
    }

    private static FactoryDefinition Pipeline(string loadTarget = "old/", string more = "") => Factory(
        $$$$"""
        {{{{Work("List", "Lookup", "", """{"note": "@concat(utcNow(), ' ', guid(), ' ', pipeline().RunId, ' ', pipeline().parameters.key)"}""")}}}},
        {"name": "Each", "type": "ForEach", {{{{After("List")}}}} "typeProperties": {"items": {"value": "@activity('List').output.value", "type": "Expression"},
          "activities": [{{{{Work("Load", "Copy", """ "policy": {"retry": 1, "retryIntervalInSeconds": 30}, """, $"{{\"to\": \"@concat('{loadTarget}', item().name)\"}}")}}}}]}}
        {{{{more}}}}
        """,
        """ "parameters": {"key": {"type": "SecureString"}, "day": {"type": "String"}}, """);
}
