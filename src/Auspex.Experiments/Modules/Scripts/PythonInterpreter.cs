using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Scripts;

/// <summary>The Python that scripts run in: which program, with what environment, by which runner.</summary>
internal static class PythonInterpreter
{
    public const int Error = 85;

    private const string BundleFolder = "Script Bundle";

    /// <summary>The program.</summary>
    /// <exception cref="ModuleException">Error 85: there is none with pandas.</exception>
    public static async Task<string> FindAsync(ModuleServices services, CancellationToken cancellationToken) =>
        await ScriptProcess.FindAsync(
            services.Scripts.Python is { } named ? [named] : ["python3", "/usr/bin/python3", "python"],
            ["-c", "import pandas"],
            services.Clock,
            cancellationToken)
        ?? throw new ModuleException(
            Error,
            "No Python with pandas was found; install Debian's python3-pandas, or name the program in Auspex:Scripts:Python.");

    /// <summary>Puts the script, its runner and its files into the folder.</summary>
    /// <exception cref="ModuleException">Error 102: the bundle cannot be unpacked.</exception>
    public static async Task PrepareAsync(
        ScriptFolder folder, string script, ArchiveValue? bundle, CancellationToken cancellationToken)
    {
        await folder.WriteAsync("script.py", script, cancellationToken);
        await folder.WriteAsync("runner.py", ScriptRunner.Read("runner.py"), cancellationToken);
        if (bundle is not null)
        {
            await folder.UnpackAsync(bundle, BundleFolder, cancellationToken);
        }
    }

    /// <summary>Runs what was prepared, to its end.</summary>
    /// <param name="program">What <see cref="FindAsync"/> gave.</param>
    /// <param name="folder">The script's folder.</param>
    /// <param name="loadsOnly">Whether only the script's definitions are made and its function is not called.</param>
    /// <param name="services">Bounds and clock, and the processes that wait.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    public static async Task<ScriptOutcome> RunAsync(
        string program, ScriptFolder folder, bool loadsOnly, ModuleServices services, CancellationToken cancellationToken)
    {
        var standby = loadsOnly ? null : services.Standby;
        ScriptOutcome outcome;
        using (var process = (standby is null ? null : await standby.TryBeginAsync(program, folder))
            ?? await StartAsync(
                program,
                folder,
                loadsOnly ? [folder.File("runner.py"), folder.Exchange, ScriptRunner.LoadOnly] : [folder.File("runner.py"), folder.Exchange],
                services,
                owned: null,
                cancellationToken))
        {
            outcome = await process.RunAsync(cancellationToken);
        }

        if (standby is not null)
        {
            await standby.RefillAsync(program, services);
        }

        return outcome;
    }

    /// <summary>Starts the program with its runner.</summary>
    /// <param name="program">What <see cref="FindAsync"/> gave.</param>
    /// <param name="folder">Where it starts.</param>
    /// <param name="arguments">The runner and its arguments.</param>
    /// <param name="services">Bounds and clock.</param>
    /// <param name="owned">A folder that goes with the process; null for none.</param>
    /// <param name="cancellationToken">Stops before it starts.</param>
    public static Task<ScriptProcess> StartAsync(
        string program, ScriptFolder folder, string[] arguments, ModuleServices services, ScriptFolder? owned, CancellationToken cancellationToken) =>
        ScriptProcess.StartAsync(
            program,
            ["-s", "-B", .. arguments],
            folder.Work,
            new Dictionary<string, string>
            {
                ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
                ["HOME"] = folder.Work,
                ["TMPDIR"] = folder.Work,
                ["LANG"] = "C.UTF-8",
                ["PYTHONUTF8"] = "1",
                ["PYTHONHASHSEED"] = "0",
                ["MPLBACKEND"] = "Agg",
                ["OPENBLAS_NUM_THREADS"] = "1",
                ["OMP_NUM_THREADS"] = "1",
            },
            services.Scripts,
            services.Clock,
            owned,
            cancellationToken);
}
