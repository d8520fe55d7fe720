using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Simulation;

namespace Auspex.TestKit.Engine;

/// <summary>What a scripted attempt can do.</summary>
internal sealed class ScriptedAttempt(ActivityAttempt attempt, BusyMeter meter, TestClock clock, CancellationToken cancellationToken)
{
    public ActivityAttempt Attempt { get; } = attempt;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Lets time pass by the harness's clock.</summary>
    public Task SleepAsync(TimeSpan span) => SleepingAttempt.SleepAsync(meter, clock, span, CancellationToken);
}

/// <summary>Executes activities as a test says, by the activity's name; one without a script gives an empty output.</summary>
internal sealed class ScriptedExecutor(Func<BusyMeter> meter, TestClock clock) : IActivityExecutor
{
    private readonly ConcurrentDictionary<string, Func<ScriptedAttempt, Task<JsonObject>>> _scripts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every attempt handed out, in order.</summary>
    public ConcurrentQueue<ActivityAttempt> Attempts { get; } = [];

    public void Script(string activity, Func<ScriptedAttempt, Task<JsonObject>> script) => _scripts[activity] = script;

    public Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        Attempts.Enqueue(attempt);
        return _scripts.TryGetValue(attempt.Activity.Name, out var script)
            ? script(new ScriptedAttempt(attempt, meter(), clock, cancellationToken))
            : Task.FromResult(new JsonObject());
    }
}
