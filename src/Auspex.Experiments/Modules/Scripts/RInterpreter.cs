using System.Globalization;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Scripts;

/// <summary>The R that scripts run in: which program, with what environment, by which runner.</summary>
internal static class RInterpreter
{
    public const int Error = 63;

    private const string BundleFolder = "src";

    /// <summary>The program.</summary>
    /// <exception cref="ModuleException">Error 63: there is none.</exception>
    public static async Task<string> FindAsync(ModuleServices services, CancellationToken cancellationToken) =>
        await ScriptProcess.FindAsync(
            [services.Scripts.Rscript ?? "Rscript"], ["--version"], services.Clock, cancellationToken)
        ?? throw new ModuleException(
            Error, "No Rscript was found; install Debian's r-base-core, or name the program in Auspex:Scripts:Rscript. Nothing was run.");

    /// <summary>Puts the script, its runner and its files into the folder.</summary>
    /// <exception cref="ModuleException">Error 102: the bundle cannot be unpacked.</exception>
    public static async Task PrepareAsync(
        ScriptFolder folder, string script, ArchiveValue? bundle, CancellationToken cancellationToken)
    {
        await folder.WriteAsync("script.R", script, cancellationToken);
        await folder.WriteAsync("runner.R", ScriptRunner.Read("runner.R"), cancellationToken);
        if (bundle is not null)
        {
            await folder.UnpackAsync(bundle, BundleFolder, cancellationToken);
        }
    }

    /// <summary>Runs what was prepared, to its end.</summary>
    /// <param name="program">What <see cref="FindAsync"/> gave.</param>
    /// <param name="folder">The script's folder.</param>
    /// <param name="seed">Of R's random numbers; null for any.</param>
    /// <param name="loadsOnly">Whether the script is only parsed: at its top level, R scripts take their tables.</param>
    /// <param name="services">Bounds and clock.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    public static async Task<ScriptOutcome> RunAsync(
        string program, ScriptFolder folder, int? seed, bool loadsOnly, ModuleServices services, CancellationToken cancellationToken)
    {
        string[] arguments = ["--vanilla", folder.File("runner.R"), folder.Exchange];
        using var process = await ScriptProcess.StartAsync(
            program,
            loadsOnly ? [.. arguments, ScriptRunner.LoadOnly]
                : seed is { } given ? [.. arguments, given.ToString(CultureInfo.InvariantCulture)] : arguments,
            folder.Work,
            new Dictionary<string, string>
            {
                ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
                ["HOME"] = folder.Work,
                ["TMPDIR"] = folder.Work,
                ["LANG"] = "C.UTF-8",
                ["LC_ALL"] = "C.UTF-8",
                ["OPENBLAS_NUM_THREADS"] = "1",
                ["OMP_NUM_THREADS"] = "1",
            },
            services.Scripts,
            services.Clock,
            owned: null,
            cancellationToken);
        return await process.RunAsync(cancellationToken);
    }
}
