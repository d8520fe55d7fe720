using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Auspex.Experiments.Modules.Scripts;

/// <summary>What became of a script's process.</summary>
/// <param name="ExitCode">0 for a process that ended well.</param>
/// <param name="Output">Its standard output, cut at the bound.</param>
/// <param name="Error">Its standard error, cut at the bound.</param>
/// <param name="HasTimedOut">Whether it was ended because its time was up.</param>
/// <param name="IsCutOff">Whether it had no network.</param>
internal sealed record ScriptOutcome(int ExitCode, string Output, string Error, bool HasTimedOut, bool IsCutOff);

/// <summary>
/// A script's interpreter that runs: in a folder and with an environment of its own, so that no secret of this process is handed on,
/// and within bounds of time and memory.
/// </summary>
internal sealed class ScriptProcess : IDisposable
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, bool> Probes = new(StringComparer.Ordinal);

    private readonly Process _process;
    private readonly ScriptOptions _options;
    private readonly TimeProvider _clock;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly bool _isCutOff;

    private ScriptProcess(Process process, bool isCutOff, ScriptOptions options, TimeProvider clock)
    {
        (_process, _isCutOff, _options, _clock) = (process, isCutOff, options, clock);
        _output = ReadAsync(process.StandardOutput, options.OutputBytes);
        _error = ReadAsync(process.StandardError, options.OutputBytes);
    }

    /// <summary>A folder that is needed as long as the process; null for none.</summary>
    public ScriptFolder? Folder { get; init; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The first of these programs that can run something; null where none can.</summary>
    public static async Task<string?> FindAsync(
        IEnumerable<string> programs, string[] probe, TimeProvider clock, CancellationToken cancellationToken)
    {
        foreach (var program in programs.SelectMany(OnPath).Distinct(StringComparer.Ordinal))
        {
            if (await CanRunAsync(program, probe, clock, cancellationToken))
            {
                return program;
            }
        }

        return null;
    }

    /// <summary>Starts a program; it may wait for what it is to do on its standard input.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it starts.</param>
    /// <param name="environment">All that it has of one.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="clock">Measures the script's time.</param>
    /// <param name="owned">A folder that goes with the process; null for none.</param>
    /// <param name="cancellationToken">Stops before it starts.</param>
    public static async Task<ScriptProcess> StartAsync(
        string program, string[] arguments, string folder, IReadOnlyDictionary<string, string> environment, ScriptOptions options,
        TimeProvider clock, ScriptFolder? owned, CancellationToken cancellationToken)
    {
        var command = new List<string> { program };
        command.AddRange(arguments);
        var isCutOff = !options.AllowsNetwork && !OperatingSystem.IsWindows()
            && await CanRunAsync("/usr/bin/unshare", ["-rn", "true"], clock, cancellationToken);
        if (isCutOff)
        {
            command.InsertRange(0, ["/usr/bin/unshare", "-rn"]);
        }

        if (!OperatingSystem.IsWindows())
        {
            command.InsertRange(
                0,
                [
                    "/bin/sh", "-c", "ulimit -c 0; ulimit -v \"$1\"; shift; exec \"$@\"", "sh",
                    (options.MemoryInBytes / 1024).ToString(CultureInfo.InvariantCulture),
                ]);
        }

        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new ModuleException(39, $"'{program}' could not be started.");
        return new ScriptProcess(process, isCutOff, options, clock) { Folder = owned };
    }

    /// <summary>Tells a process that waits what it is to do.</summary>
    /// <exception cref="IOException">It has ended.</exception>
    public async Task HandOverAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the end; the time that the script has begins now.</summary>
    public async Task<ScriptOutcome> RunAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();

            // The process is being killed; its pipes close at once.
            await _process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return await EndAsync(hasTimedOut: true);
        }

        return await EndAsync(hasTimedOut: false);
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        Folder?.Dispose();
    }

    private async Task<ScriptOutcome> EndAsync(bool hasTimedOut) => new(_process.ExitCode, await _output, await _error, hasTimedOut, _isCutOff);

    private static async Task<string> ReadAsync(StreamReader reader, int most)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        var isCut = false;
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            // Read on to the end all the same, or the script would wait for its reader.
            var room = Math.Min(count, most - text.Length);
            text.Append(buffer, 0, room);
            isCut |= room < count;
        }

        return isCut ? text.Append("\n[more was written and is not kept]").ToString() : text.ToString();
    }

    private static async Task<bool> CanRunAsync(string program, string[] arguments, TimeProvider clock, CancellationToken cancellationToken)
    {
        var key = string.Join('\n', [program, .. arguments]);
        if (Probes.TryGetValue(key, out var known))
        {
            return known;
        }

        var can = false;
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            using var timeout = new CancellationTokenSource(ProbeTime, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                await process.WaitForExitAsync(either.Token);
                can = process.ExitCode == 0;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or FileNotFoundException)
        {
            // Not there, or not allowed: the same to whoever asks.
        }

        return Probes.GetOrAdd(key, can);
    }

    private static IEnumerable<string> OnPath(string program)
    {
        if (Path.IsPathRooted(program))
        {
            return File.Exists(program) ? [program] : [];
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        return folders.Select(folder => Path.Combine(folder, program + suffix)).Where(File.Exists);
    }
}
