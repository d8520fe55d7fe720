using System.Diagnostics;
using System.Text;

namespace Auspex.Scenarios.Cli;

/// <summary>The program in a process of its own, as a user runs it.</summary>
internal sealed class AuspexProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waits = [];

    private AuspexProcess(Process process) => _process = process;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_gate)
            {
                return [.. _output];
            }
        }
    }

    /// <summary>Everything printed so far, for messages of failed assertions.</summary>
    public string Transcript
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _output.Concat(_errors));
            }
        }
    }

    /// <summary>What it ended with; it must have ended, and been waited for.</summary>
    public int ExitCode { get; private set; }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>The most memory it has held, in bytes, as Linux counts it.</summary>
    public long PeakMemoryInBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Starts the program.</summary>
    public static AuspexProcess Start(string workingFolder, params string[] arguments) =>
        Start(workingFolder, new Dictionary<string, string>(), arguments);

    /// <summary>Starts the program with more environment variables.</summary>
    public static AuspexProcess Start(
        string workingFolder,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "auspex.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var auspex = new AuspexProcess(process);
        process.OutputDataReceived += (_, line) => auspex.OnLine(line.Data, auspex._output);
        process.ErrorDataReceived += (_, line) => auspex.OnLine(line.Data, auspex._errors);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return auspex;
    }

    /// <summary>Runs the program to its end and returns its exit code.</summary>
    public static async Task<(int ExitCode, AuspexProcess Process)> RunAsync(
        string workingFolder,
        CancellationToken cancellationToken,
        params string[] arguments)
    {
        var auspex = Start(workingFolder, arguments);
        return (await auspex.WaitForExitAsync(TimeSpan.FromMinutes(5), cancellationToken), auspex);
    }

    /// <summary>Waits for a line of either stream, printed before or after the call.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> wanted, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_output.Concat(_errors).FirstOrDefault(wanted) is { } line)
            {
                return line;
            }

            _waits.Add((wanted, found));
        }

        try
        {
            return await found.Task.WaitAsync(timeout, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The awaited line did not come within {timeout}. Printed so far:\n{Transcript}");
        }
    }

    /// <summary>Waits for the process's end.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The process did not end within {timeout}. Printed so far:\n{Transcript}");
        }

        return ExitCode = _process.ExitCode;
    }

    /// <summary>Ends the process at once, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void OnLine(string? line, List<string> stream)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            stream.Add(line);
            for (var i = _waits.Count - 1; i >= 0; i--)
            {
                if (_waits[i].Wanted(line))
                {
                    _waits[i].Found.TrySetResult(line);
                    _waits.RemoveAt(i);
                }
            }
        }
    }
}
