using System.Diagnostics;
using Auspex.Engine.Triggers;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Triggers;

/// <summary>Alone, since it looks at the time that something takes.</summary>
[CollectionDefinition(nameof(WindowSpeedTests), DisableParallelization = true)]
[Collection(nameof(WindowSpeedTests))]
public sealed class WindowSpeedTests
{
    [Fact]
    public async Task MonthOfHourlyWindows_TakesUnderTwoSeconds()
    {
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 5 && best > TimeSpan.FromSeconds(2); round++)
        {
            var taken = await RunAsync();
            best = taken < best ? taken : best;
        }

        Assert.True(best < TimeSpan.FromSeconds(2), $"It took {best}.");
    }

    private static async Task<TimeSpan> RunAsync()
    {
        await using var harness = new TriggerHarness().AddPipeline("P", "start", "end").AddWindows("W", "2026-01-02T03:00:00Z");

        // Nobody else could take the runs over: renewing leases every few minutes would be most of the work.
        harness.Runs.Options.LeaseDuration = TimeSpan.FromDays(60);
        await harness.BeginAsync();
        await harness.StartAsync("W");
        var watch = Stopwatch.StartNew();

        await harness.AdvanceToAsync(new DateTimeOffset(2026, 2, 1, 3, 0, 0, TimeSpan.Zero));

        watch.Stop();
        Assert.Equal(720, (await harness.RunsOfAsync("W")).Count(run => run.Status == TriggerRunStatus.Succeeded));
        return watch.Elapsed;
    }
}
