using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions;

namespace Auspex.Activities.External.Commands;

/// <summary>A program under way: no shell, no input, its environment only what it is given.</summary>
internal sealed class CommandProcess : IDisposable
{
    private const string IdMember = "processId";
    private const string StartMember = "processStart";

    // After its end a program's pipes may be held by what it left behind; that is not waited for.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Task _output;
    private readonly TimeProvider _clock;

    private CommandProcess(Process process, CommandFolder folder, long mostBytes, TimeProvider clock)
    {
        _process = process;
        _clock = clock;
        _output = Task.WhenAll(
            KeepAsync(process.StandardOutput.BaseStream, folder.StandardOutput, mostBytes),
            KeepAsync(process.StandardError.BaseStream, folder.StandardError, mostBytes));
    }

    /// <summary>Starts a program in its folder.</summary>
    /// <param name="words">Program and arguments.</param>
    /// <param name="folder">Where it runs, and where its output goes.</param>
    /// <param name="environment">All variables that it sees.</param>
    /// <param name="mostBytes">The most bytes to keep of each stream.</param>
    /// <param name="clock">The clock of waiting.</param>
    /// <exception cref="Win32Exception">There is no such program, or it cannot be started.</exception>
    public static CommandProcess Start(
        IReadOnlyList<string> words,
        CommandFolder folder,
        IEnumerable<KeyValuePair<string, string>> environment,
        long mostBytes,
        TimeProvider clock)
    {
        // A program beside the files goes before one of the path, as on a node of Azure Batch.
        var local = Path.Combine(folder.WorkingFolder, words[0]);
        var start = new ProcessStartInfo(File.Exists(local) ? local : words[0])
        {
            WorkingDirectory = folder.WorkingFolder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in words.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new CommandProcess(process, folder, mostBytes, clock);
    }

    /// <summary>What tells the process from others after a restart of this one.</summary>
    public JsonObject ToCheckpoint() => new()
    {
        [IdMember] = _process.Id,
        [StartMember] = StartOf(_process) ?? "",
    };

    /// <summary>Ends what an earlier host left running, if it still is.</summary>
    public static void EndLeftover(JsonObject checkpoint)
    {
        try
        {
            using var process = Process.GetProcessById((int)(checkpoint.IntegerMember(IdMember) ?? -1));
            if (StartOf(process) is { } start && start == checkpoint.TextMember(StartMember))
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended, or its number is another's by now.
        }
    }

    /// <summary>Waits for the end; stops the program and all it started when asked to.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw;
        }

        await Task.WhenAny(_output, Task.Delay(PipeGrace, _clock, cancellationToken));
        return _process.ExitCode;
    }

    /// <summary>Ends the program and all it started.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    /// <summary>When a process started, alike whoever asks; null when it has ended.</summary>
    /// <remarks>On Linux the runtime reckons the time from the machine's start anew in each process, which is not exact to the tick.</remarks>
    internal static string? StartOf(Process process)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
            }

            // The name stands in parentheses and may hold blanks; the start is the 20th field after it.
            var status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/stat"));
            var ticks = status[(status.LastIndexOf(')') + 2)..].Split(' ')[19];
            return $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{ticks}";
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task KeepAsync(Stream source, string file, long mostBytes)
    {
        var buffer = new byte[16_384];
        try
        {
            await using var target = new FileStream(
                file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            int read;
            var left = mostBytes;
            while ((read = await source.ReadAsync(buffer)) > 0)
            {
                // Read on when the file is full: a program that writes to a full pipe stands still.
                var kept = (int)Math.Min(read, left);
                await target.WriteAsync(buffer.AsMemory(0, kept));
                left -= kept;
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            // The program's end closed the pipe, or the disk is full; the exit code tells how it ended.
        }
    }
}
