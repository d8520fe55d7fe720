using Auspex.Engine.Journal;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Hosting;

/// <summary>A run that this host drives.</summary>
internal sealed class LiveRun(RunCreated created, int? concurrency)
{
    private readonly Lock _lock = new();
    private List<Action>? _onEnded = [];

    public RunCreated Created { get; } = created;

    public int? Concurrency { get; } = concurrency;

    /// <summary>Replaced when the run is reloaded; null before the first and while the run is only kept, not driven.</summary>
    public RunDriver? Driver { get; set; }

    /// <summary>Ends when this host has nothing to do with the run any more.</summary>
    public Task Task { get; set; } = Task.CompletedTask;

    /// <summary>Whether the run cannot be driven by this release and waits for another or for a cancel.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Calls back once when this host lets go of the run: at once if it has already.</summary>
    public void OnLetGo(Action action)
    {
        lock (_lock)
        {
            if (_onEnded is not null)
            {
                _onEnded.Add(action);
                return;
            }
        }

        action();
    }

    public void LetGo()
    {
        List<Action> actions;
        lock (_lock)
        {
            actions = _onEnded ?? [];
            _onEnded = null;
        }

        actions.ForEach(action => action());
    }
}
