namespace Auspex.Engine.Simulation;

/// <summary>A clock that only its owner moves. Timers fire inside the call that moves it, in the order of their time.</summary>
/// <param name="start">What it shows at first.</param>
/// <remarks>Thread-safe; whoever moves it does so from one thread at a time.</remarks>
public class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<VirtualTimer> _due = new(Comparer<VirtualTimer>.Create(
        (left, right) => (left.DueAt, left.Number).CompareTo((right.DueAt, right.Number))));

    private DateTimeOffset _now = start.ToUniversalTime();
    private long _timers;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state, Interlocked.Increment(ref _timers));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to the next timer and fires it; false when there is none within <paramref name="limit"/>.</summary>
    public bool AdvanceToNextTimer(TimeSpan limit)
    {
        VirtualTimer timer;
        lock (_lock)
        {
            if (_due.Min is not { } next || next.DueAt - _now > limit)
            {
                return false;
            }

            timer = next;
            _due.Remove(timer);
            _now = timer.DueAt > _now ? timer.DueAt : _now;
            if (timer.Period > TimeSpan.Zero)
            {
                timer.DueAt = _now + timer.Period;
                _due.Add(timer);
            }
        }

        timer.Fire();
        return true;
    }

    /// <summary>Moves by a span and fires every timer on the way.</summary>
    public void Advance(TimeSpan span)
    {
        var end = GetUtcNow() + span;
        while (AdvanceToNextTimer(end - GetUtcNow()))
        {
            // Each call fires one.
        }

        lock (_lock)
        {
            _now = end;
        }
    }

    /// <summary>Sets the clock back, as whoever corrects a wrong one does; timers still fire after the time they were set for.</summary>
    public void SetBack(TimeSpan span)
    {
        lock (_lock)
        {
            _now -= span;
            foreach (var timer in _due.ToArray())
            {
                _due.Remove(timer);
                timer.DueAt -= span;
                _due.Add(timer);
            }
        }
    }

    /// <summary>Sets the clock forward at once: what was due on the way fires late, when the clock moves again.</summary>
    public void Set(DateTimeOffset now)
    {
        lock (_lock)
        {
            _now = now;
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        public long Number { get; } = number;

        public DateTimeOffset DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._due.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    DueAt = clock._now + dueTime;
                    Period = period;
                    clock._due.Add(this);
                }
            }

            return true;
        }

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
