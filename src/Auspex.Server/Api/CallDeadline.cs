namespace Auspex.Server.Api;

/// <summary>When a call must be over. Calls that never wait need no timer, so it is set when first asked for.</summary>
internal sealed class CallDeadline(TimeSpan timeout, TimeProvider clock, CancellationToken aborted) : IDisposable
{
    private readonly long _started = clock.GetTimestamp();
    private CancellationTokenSource? _timeout;
    private CancellationTokenSource? _either;

    /// <summary>Whether the time is up, as <see cref="Token"/> told.</summary>
    public bool IsOver => _timeout is { IsCancellationRequested: true };

    /// <summary>Cancelled when the time is up or the client has gone.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_either is null)
            {
                var left = timeout - clock.GetElapsedTime(_started);
                _timeout = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
                _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, aborted);
            }

            return _either.Token;
        }
    }

    public void Dispose()
    {
        _either?.Dispose();
        _timeout?.Dispose();
    }
}
