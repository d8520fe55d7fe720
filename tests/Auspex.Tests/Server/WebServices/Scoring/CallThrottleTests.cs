using Auspex.Server.WebServices.Scoring;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Scoring;

public sealed class CallThrottleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = new();
    private int _limit = 2;

    [Fact]
    public async Task TryEnter_OverTheLimit_WaitsForAPlaceInTurn()
    {
        var throttle = new CallThrottle(() => _limit);
        var first = (await EnterAsync(throttle))!;
        using var second = await EnterAsync(throttle);
        var third = EnterAsync(throttle);
        var fourth = EnterAsync(throttle);
        Assert.False(third.IsCompleted);

        first.Dispose();
        first.Dispose();

        using var entered = await third;
        Assert.NotNull(entered);
        Assert.False(fourth.IsCompleted);
        entered.Dispose();
        Assert.NotNull(await fourth);
    }

    [Fact]
    public async Task TryEnter_NoPlaceInTime_IsRefused()
    {
        var throttle = new CallThrottle(() => 1);
        var first = await EnterAsync(throttle);
        var second = EnterAsync(throttle);

        _clock.Advance(Patience);

        Assert.Null(await second);
        first!.Dispose();
        Assert.NotNull(await EnterAsync(throttle));
    }

    [Fact]
    public async Task TryEnter_TooManyWaiting_IsRefusedAtOnce()
    {
        var throttle = new CallThrottle(() => 1);
        using var first = await EnterAsync(throttle);
        var waiting = EnterAsync(throttle, mostWaiting: 1);

        Assert.Null(await EnterAsync(throttle, mostWaiting: 1));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task TryEnter_CallerGoesAway_LeavesThePlaceToOthers()
    {
        var throttle = new CallThrottle(() => 1);
        var first = await EnterAsync(throttle);
        using var leaving = new CancellationTokenSource();
        var gone = throttle.TryEnterAsync(Patience, 10, _clock, leaving.Token);
        var next = EnterAsync(throttle);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        first!.Dispose();

        Assert.NotNull(await next);
    }

    [Fact]
    public async Task TryEnter_RaisedLimit_HoldsAtOnce()
    {
        var throttle = new CallThrottle(() => _limit);
        using var first = await EnterAsync(throttle);
        using var second = await EnterAsync(throttle);

        _limit = 3;

        Assert.NotNull(await EnterAsync(throttle));
    }

    private Task<IDisposable?> EnterAsync(CallThrottle throttle, int mostWaiting = 10) =>
        throttle.TryEnterAsync(Patience, mostWaiting, _clock, CancellationToken.None);
}
