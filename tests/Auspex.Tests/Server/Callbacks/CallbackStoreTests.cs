using Auspex.Activities.External;
using Auspex.Server.Auth;
using Auspex.Server.Callbacks;
using Auspex.Server.Hosting;
using Auspex.TestKit.Engine;
using Auspex.TestKit.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Auspex.Tests.Server.Callbacks;

public sealed class CallbackStoreTests
{
    private readonly InMemoryDocumentStore _documents = new();
    private readonly EphemeralDataProtectionProvider _keys = new();
    private readonly TestClock _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_SameKey_GivesTheSameAddressAcrossRestarts()
    {
        using var store = Store();
        using var later = Store();

        var first = await store.OpenAsync("run/Hook/1", InAnHour, Cancellation);
        var again = await later.OpenAsync("run/Hook/1", InAnHour, Cancellation);
        var other = await later.OpenAsync("run/Hook/2", InAnHour, Cancellation);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Matches("^http://127.0.0.1:1/api/auspex/callbacks/[0-9a-f]{64}$", first.AbsoluteUri);
    }

    [Fact]
    public async Task Open_CallbackAddress_StandsBeforeThePath()
    {
        using var store = Store(new Uri("https://auspex.example.com/behind/"));

        var address = await store.OpenAsync("k", InAnHour, Cancellation);

        Assert.StartsWith("https://auspex.example.com/behind/api/auspex/callbacks/", address.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_First_CountsAndLaterOnesChangeNothing()
    {
        using var store = Store();
        var token = Token(await store.OpenAsync("k", InAnHour, Cancellation));

        Assert.True(await store.ReceiveAsync(token, "one", Cancellation));
        Assert.True(await store.ReceiveAsync(token, "two", Cancellation));
        await store.OpenAsync("k", InAnHour, Cancellation);

        Assert.Equal("one", await store.WaitAsync("k", InAnHour, Cancellation));
        Assert.Equal("one", await store.WaitAsync("k", InAnHour, Cancellation));
        Assert.All(
            await _documents.ListAsync("callbacks", "", Cancellation),
            document => Assert.True(document.Body.Span.IndexOf("one"u8) < 0 && document.Id != token));
    }

    [Fact]
    public async Task Receive_WhileSomebodyWaits_WakesThem()
    {
        using var store = Store();
        var token = Token(await store.OpenAsync("k", InAnHour, Cancellation));
        var wait = store.WaitAsync("k", InAnHour, Cancellation);

        await store.ReceiveAsync(token, "", Cancellation);

        Assert.Equal("", await wait);
    }

    [Fact]
    public async Task Receive_ThroughAnotherHost_IsFoundBySoonLooking()
    {
        using var store = Store();
        using var other = Store();
        var token = Token(await store.OpenAsync("k", InAnHour, Cancellation));
        var wait = store.WaitAsync("k", InAnHour, Cancellation);

        await other.ReceiveAsync(token, "body", Cancellation);
        while (!wait.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.Equal("body", await wait);
    }

    [Fact]
    public async Task Wait_PastItsTime_GivesNothingAndTheAddressEnds()
    {
        using var store = Store();
        var until = _clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        var token = Token(await store.OpenAsync("k", until, Cancellation));
        var wait = store.WaitAsync("k", until, Cancellation);
        while (!wait.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Null(await wait);
        Assert.False(await store.ReceiveAsync(token, "late", Cancellation));
        Assert.False(await store.ReceiveAsync(new string('0', 64), "lost", Cancellation));
    }

    [Fact]
    public async Task Sweep_ADayAfterTheEnd_ForgetsIt()
    {
        using var store = Store();
        await store.OpenAsync("k", InAnHour, Cancellation);

        _clock.Advance(TimeSpan.FromHours(24));
        await store.SweepAsync(Cancellation);
        Assert.Single(await _documents.ListAsync("callbacks", "", Cancellation));
        _clock.Advance(TimeSpan.FromHours(2));
        await store.SweepAsync(Cancellation);

        Assert.Empty(await _documents.ListAsync("callbacks", "", Cancellation));
    }

    private DateTimeOffset InAnHour => _clock.GetUtcNow() + TimeSpan.FromHours(1);

    private static string Token(Uri address) => address.AbsoluteUri[(address.AbsoluteUri.LastIndexOf('/') + 1)..];

    private CallbackStore Store(Uri? address = null) => new(
        _documents,
        new SecretProtector(_keys),
        new RunningServer { Urls = [new Uri("http://127.0.0.1:1")] },
        Options.Create(new WebOptions { CallbackAddress = address }),
        _clock);
}
