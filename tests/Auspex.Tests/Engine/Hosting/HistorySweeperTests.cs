using Auspex.Engine.Hosting;
using Auspex.TestKit.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Auspex.Tests.Engine.Hosting;

public sealed class HistorySweeperTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sweep_RunsOlderThanTheRetention_AreGone()
    {
        await using var harness = new RunHarness();
        var old = await harness.RunAsync(PipelineText.OfGraph("A"));
        harness.Clock.Advance(TimeSpan.FromDays(2));
        var recent = await harness.RunAsync(PipelineText.OfGraph("A"));

        Assert.Equal(0, await SweepAsync(harness, TimeSpan.Zero));
        Assert.Equal(1, await SweepAsync(harness, TimeSpan.FromDays(1)));

        Assert.Null(await harness.Host.FindAsync(old.Run.Id, Token));
        Assert.NotNull(await harness.Host.FindAsync(recent.Run.Id, Token));
    }

    private static async Task<int> SweepAsync(RunHarness harness, TimeSpan retention)
    {
        using var sweeper = new HistorySweeper(
            harness.Journal,
            Options.Create(new EngineOptions { HistoryRetention = retention }),
            harness.Clock,
            NullLogger<HistorySweeper>.Instance);
        return await sweeper.SweepAsync(Token);
    }
}
