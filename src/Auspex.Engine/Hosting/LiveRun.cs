using Auspex.Engine.Journal;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Hosting;

/// <summary>A run that this host drives.</summary>
internal sealed class LiveRun(RunCreated created, int? concurrency)
{
    private readonly Lock _lock = new();
    private List<Action>? _onEnded = [];
    private bool _hasPlace;

    public RunCreated Created { get; } = created;

    public int? Concurrency { get; } = concurrency;

    /// <summary>Replaced when the run is reloaded; null before the first.</summary>
    public RunDriver? Driver { get; private set; }

    /// <summary>Ends when the run's creation is durable; fails as its append failed.</summary>
    public TaskCompletionSource Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when this host has nothing to do with the run any more.</summary>
    public Task Task { get; set; } = Task.CompletedTask;

    /// <summary>Lets a driver take over, and tells it of a place that was given before it was there.</summary>
    public void SetDriver(RunDriver driver)
    {
        lock (_lock)
        {
            Driver = driver;
            if (_hasPlace)
            {
                driver.Post(new DriverMessage.PlaceFree());
            }
        }
    }

    /// <summary>Lets a queued run start.</summary>
    public void GivePlace()
    {
        lock (_lock)
        {
            _hasPlace = true;
            Driver?.Post(new DriverMessage.PlaceFree());
        }
    }

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
