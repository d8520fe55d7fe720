using System.Text.Json.Nodes;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

public sealed class CrashTests(DemoFixture demo)
{
    // Seeds are in the test's name, so a failing one can be run again; delays cover training, update and scoring.
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    public async Task Retrain_KilledAtAnyMoment_EndsAsIfItHadNotBeen(int seed, int kills)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var factory = await demo.CopyAsync(folder.File("factory"));
        var output = Path.Combine(factory, "data", "amltest2", "output", "out1-retrained.csv");
        var expected = await File.ReadAllBytesAsync(output, cancellationToken);
        File.Delete(output);
        var random = new Random(seed);

        await using var server = new RunningServer(factory);
        await server.StartAsync(cancellationToken);
        var runId = await server.CreateRunAsync("retrain", cancellationToken);
        for (var kill = 0; kill < kills; kill++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 700)), TimeProvider.System, cancellationToken);
            await server.KillAsync();
            await server.StartAsync(cancellationToken);
        }

        var run = await server.WaitAsync(runId, TimeSpan.FromMinutes(3), cancellationToken);

        Assert.True((string?)run["status"] == "Succeeded", run.ToJsonString() + server.Process.Transcript);
        Assert.Equal(expected, await File.ReadAllBytesAsync(output, cancellationToken));
        var activities = (await server.ActivityRunsAsync(runId, cancellationToken)).OfType<JsonObject>().ToList();
        Assert.Equal(
            ["Retrain", "ScoreAgain", "UpdateModel"],
            activities.Select(activity => (string?)activity["activityName"]).Order(StringComparer.Ordinal));
        Assert.All(activities, activity => Assert.Null(activity["retryAttempt"]));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(factory, "data"), "*", SearchOption.AllDirectories),
            file => file.Contains(".partial", StringComparison.Ordinal));
    }
}
