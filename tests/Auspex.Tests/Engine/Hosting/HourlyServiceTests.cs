using Auspex.Engine.Hosting;
using Auspex.TestKit.Engine;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Auspex.Tests.Engine.Hosting;

public sealed class HourlyServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_WhileWorkIsUnderWay_EndsItWithoutAWord()
    {
        var log = new ListLogger();
        using var service = new Service(log, async token => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        await service.StartAsync(Token);
        await service.Begun.Task.WaitAsync(Token);

        await service.StopAsync(Token);

        Assert.True(service.Ended.Task.IsCompleted);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task Dispose_RightAfterTheStart_IsNoFailure()
    {
        var log = new ListLogger();
        var service = new Service(log, async token => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        await service.StartAsync(Token);

        service.Dispose();

        await service.StopAsync(Token);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task Work_ThatFails_IsLoggedAndDoneAgainAnHourLater()
    {
        var log = new ListLogger();
        var clock = new TestClock();
        var times = 0;
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var service = new Service(
            log,
            _ =>
            {
                if (Interlocked.Increment(ref times) == 2)
                {
                    again.SetResult();
                }

                throw new IOException("The disk is full.");
            },
            clock);
        await service.StartAsync(Token);
        await log.First.Task.WaitAsync(Token);

        clock.Advance(TimeSpan.FromHours(1));

        await again.Task.WaitAsync(Token);
        Assert.Contains("Counting sheep failed", log.Lines[0], StringComparison.Ordinal);
    }

    private sealed class Service(ILogger logger, Func<CancellationToken, Task> work, TimeProvider? clock = null)
        : HourlyService(clock ?? TimeProvider.System, logger)
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override string Description => "Counting sheep";

        protected override async Task WorkAsync(CancellationToken cancellationToken)
        {
            Begun.TrySetResult();
            try
            {
                await work(cancellationToken);
            }
            finally
            {
                Ended.TrySetResult();
            }
        }
    }

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add($"{formatter(state, exception)} {exception?.GetType().Name}");
            }

            First.TrySetResult();
        }
    }
}
