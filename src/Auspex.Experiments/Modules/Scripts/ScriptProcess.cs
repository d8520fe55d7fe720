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
/// Runs a script's interpreter: in a folder and with an environment of its own, so that no secret of this process is handed on,
/// and within bounds of time and memory.
/// </summary>
internal static class ScriptProcess
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, bool> Probes = new(StringComparer.Ordinal);

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

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ScriptOutcome> RunAsync(
        string program, string[] arguments, string folder, IReadOnlyDictionary<string, string> environment, ScriptOptions options,
        TimeProvider clock, CancellationToken cancellationToken)
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

        using var process = Process.Start(start) ?? throw new ModuleException(39, $"'{program}' could not be started.");
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var output = ReadAsync(process.StandardOutput, options.OutputBytes);
        var error = ReadAsync(process.StandardError, options.OutputBytes);
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);

            // The process is being killed; its pipes close at once.
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return new ScriptOutcome(process.ExitCode, await output, await error, HasTimedOut: true, isCutOff);
        }

        return new ScriptOutcome(process.ExitCode, await output, await error, HasTimedOut: false, isCutOff);
    }

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
