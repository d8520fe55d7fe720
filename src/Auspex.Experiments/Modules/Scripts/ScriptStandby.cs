using System.ComponentModel;
using System.Text.Json.Nodes;
using Auspex.Experiments.Modules.Scripts;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Pythons that have started and loaded pandas before anybody asks. Each runs one script and ends with it, as any other process of a script does: nothing
/// of one call is left for the next, and the bounds are the same. What is saved is the time until a script begins.
/// </summary>
/// <remarks>
/// Thread-safe. There is none before the first script, and none after a time without one. A process of this kind waits on its standard input, so that it
/// ends with this process, however that one ends.
/// </remarks>
public sealed class ScriptStandby : IDisposable
{
    private readonly Queue<Waiting> _waiting = new();
    private readonly Lock _gate = new();
    private readonly ITimer _idle;
    private readonly int _most;
    private readonly TimeSpan _time;
    private int _starting;
    private bool _isOver;

    /// <param name="options">How many wait at most, and how long without a script.</param>
    /// <param name="clock">Tells how long nobody came.</param>
    public ScriptStandby(ScriptOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        (_most, _time) = (options.Standby, options.StandbyTime);
        _idle = clock.CreateTimer(_ => EndAll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The processes that wait now.</summary>
    public IReadOnlyList<int> ProcessIds
    {
        get
        {
            lock (_gate)
            {
                return [.. _waiting.Select(waiting => waiting.Process.Id)];
            }
        }
    }

    /// <summary>Ends what waits; nothing waits any more afterwards.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        _idle.Dispose();
        EndAll();
    }

    /// <summary>Hands a folder's script to a process that waits; null where none does.</summary>
    internal async Task<ScriptProcess?> TryBeginAsync(string program, ScriptFolder folder)
    {
        while (Take() is { } waiting)
        {
            try
            {
                if (waiting.Program == program && !waiting.Process.HasExited)
                {
                    await waiting.Process.HandOverAsync(new JsonObject { ["work"] = folder.Work, ["exchange"] = folder.Exchange }.ToJsonString());
                    return waiting.Process;
                }
            }
            catch (IOException)
            {
                // It ended while it waited, or just now.
            }

            waiting.End();
        }

        return null;
    }

    /// <summary>Starts as many as are missing. Whoever ran a script calls it when that is over, so that the two do not compete.</summary>
    internal async Task RefillAsync(string program, ModuleServices services)
    {
        while (Reserve())
        {
            var process = await TryStartAsync(program, services);
            var isKept = false;
            lock (_gate)
            {
                _starting--;
                isKept = process is not null && !_isOver;
                if (isKept)
                {
                    _waiting.Enqueue(new Waiting(program, process!));
                }
            }

            if (!isKept)
            {
                process?.Kill();
                process?.Dispose();
                break;
            }
        }

        lock (_gate)
        {
            if (!_isOver)
            {
                _idle.Change(_time, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private static async Task<ScriptProcess?> TryStartAsync(string program, ModuleServices services)
    {
        var folder = new ScriptFolder();
        try
        {
            // The script that ran is over, and its caller's token with it.
            await folder.WriteAsync("runner.py", ScriptRunner.Read("runner.py"), CancellationToken.None);
            return await PythonInterpreter.StartAsync(
                program, folder, [folder.File("runner.py"), ScriptRunner.Standby], services, owned: folder, CancellationToken.None);
        }
        catch (Exception cannot) when (cannot is ModuleException or Win32Exception or IOException)
        {
            // The next script starts a process of its own, and says what is wrong.
            folder.Dispose();
            return null;
        }
    }

    private bool Reserve()
    {
        lock (_gate)
        {
            var isNeeded = !_isOver && _waiting.Count + _starting < _most;
            _starting += isNeeded ? 1 : 0;
            return isNeeded;
        }
    }

    private Waiting? Take()
    {
        lock (_gate)
        {
            return _waiting.TryDequeue(out var waiting) ? waiting : null;
        }
    }

    private void EndAll()
    {
        while (Take() is { } waiting)
        {
            waiting.End();
        }
    }

    private sealed record Waiting(string Program, ScriptProcess Process)
    {
        public void End()
        {
            Process.Kill();
            Process.Dispose();
        }
    }
}
