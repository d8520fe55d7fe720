using System.Text.Json;

namespace Auspex.Experiments.Modules.Scripts;

/// <summary>The programs that run scripts inside their interpreter, and what they report.</summary>
internal static class ScriptRunner
{
    /// <summary>A runner's argument that makes it load the script and not run it.</summary>
    public const string LoadOnly = "load-only";

    /// <summary>A runner's argument that makes it wait on its standard input for the folders of its script.</summary>
    public const string Standby = "standby";

    private const string Report = "report.json";

    /// <summary>The text of a runner.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(ScriptRunner).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The runner '{name}' is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Writes what the script printed to the node's log, and fails as the script did.</summary>
    /// <exception cref="ModuleException">The given number, or 138 for want of memory.</exception>
    public static async Task CheckAsync(
        ModuleContext context, ScriptFolder folder, ScriptOutcome outcome, int error, CancellationToken cancellationToken)
    {
        var options = context.Services.Scripts;
        ScriptDevice.Note(context, outcome);
        if (!outcome.IsCutOff && !options.AllowsNetwork)
        {
            context.Note("The script was not cut off from the network: this system lets the process make no network of its own.");
        }

        await CheckAsync(folder, outcome, error, options, cancellationToken);
    }

    /// <summary>Fails as the script did.</summary>
    /// <exception cref="ModuleException">The given number, or 138 for want of memory.</exception>
    public static async Task CheckAsync(
        ScriptFolder folder, ScriptOutcome outcome, int error, ScriptOptions options, CancellationToken cancellationToken)
    {
        if (outcome.HasTimedOut)
        {
            throw new ModuleException(
                error, $"The script ran longer than {options.Timeout:g} and was ended; make it faster, or raise Auspex:Scripts:Timeout.");
        }

        if (!File.Exists(folder.File(Report)))
        {
            // Killed from outside, most often for want of memory, or the interpreter did not come up.
            throw outcome.Error.Contains("MemoryError", StringComparison.Ordinal)
                || outcome.Error.Contains("cannot allocate", StringComparison.Ordinal)
                || outcome.ExitCode is 137 or 139
                ? OutOfMemory(options)
                : new ModuleException(error, $"The script's process ended with exit code {outcome.ExitCode} and no result; see the node's log.");
        }

        await using var stream = File.OpenRead(folder.File(Report));
        using var report = await JsonDocument.ParseAsync(stream, default, cancellationToken);
        switch (report.RootElement.GetProperty("status").GetString())
        {
            case "ok":
                return;
            case "memory":
                throw OutOfMemory(options);
            default:
                var line = report.RootElement.GetProperty("line") is { ValueKind: JsonValueKind.Number } number ? $" in line {number.GetInt32()}" : "";
                throw new ModuleException(
                    error,
                    $"The script failed{line}: {report.RootElement.GetProperty("message").GetString()?.TrimEnd('.')}. The node's log has all that it wrote; correct the script.");
        }
    }

    /// <summary>The interpreter and its version, as the runner reported it; null where it reported nothing.</summary>
    public static async Task<string?> ReadVersionAsync(ScriptFolder folder, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.File(Report)))
        {
            return null;
        }

        await using var stream = File.OpenRead(folder.File(Report));
        using var report = await JsonDocument.ParseAsync(stream, default, cancellationToken);
        return report.RootElement.TryGetProperty("version", out var version) ? version.GetString() : null;
    }

    private static ModuleException OutOfMemory(ScriptOptions options) => new(
        138, $"The script ran out of memory; it may use {options.MemoryInBytes >> 20} MiB. Give it fewer rows, or raise Auspex:Scripts:MemoryInBytes.");
}
