using System.Collections.Concurrent;
using Auspex.Activities.External.Web;

namespace Auspex.TestKit.Activities;

/// <summary>Call-back addresses in memory.</summary>
public sealed class FakeCallbacks(TimeProvider? clock = null) : ICallbacks
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _waits = new(StringComparer.Ordinal);

    private readonly TaskCompletionSource _waitedFor = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody waits for a call.</summary>
    public Task WaitedFor => _waitedFor.Task;

    public Task<Uri> OpenAsync(string key, DateTimeOffset until, CancellationToken cancellationToken) =>
        Task.FromResult(new Uri("http://127.0.0.1/callbacks/" + Uri.EscapeDataString(key)));

    public async Task<string?> WaitAsync(string key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var left = until - _clock.GetUtcNow();
        _waitedFor.TrySetResult();
        try
        {
            return await Wait(key).Task.WaitAsync(left < TimeSpan.Zero ? TimeSpan.Zero : left, _clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Calls back.</summary>
    public void Call(string key, string body) => Wait(key).TrySetResult(body);

    private TaskCompletionSource<string> Wait(string key) =>
        _waits.GetOrAdd(key, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
}
