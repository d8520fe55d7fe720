using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Scripts;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Execute Python Script": a process of its own runs <c>azureml_main(dataframe1, dataframe2)</c> on pandas data frames and
/// gives back the one it returns. The version is accepted and has no effect: the Python that is there runs.
/// </summary>
internal sealed class ExecutePythonScriptModule : IModule
{
    private const string Script = "Python script";
    private const string Stub = "def azureml_main(dataframe1 = None, dataframe2 = None):\n    return dataframe1,\n";
    private const string Bundle = "Script Bundle";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Execute Python Script",
        Category = "Python Language Modules",
        FamilyId = "cdb56f957f4c404dbde75bb972e6f232",
        Inputs =
        [
            Declare.Dataset("Dataset1", isOptional: true),
            Declare.Dataset("Dataset2", isOptional: true),
            new(Bundle, PortType.Zip, IsOptional: true),
        ],
        Outputs = [Declare.Dataset("Results dataset"), Declare.Dataset("Python device")],
        Parameters =
        [
            Declare.Script(Script, Stub, "R Script"),
            Declare.Choice(
                "Python Version",
                "Anaconda 4.0/Python 3.5",
                ["Anaconda 2.1/Python 2.7.7", "Anaconda 4.0/Python 2.7.11", "Anaconda 4.0/Python 3.5"]),
        ],
    };

    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var script = context.Parameters.Required(Script);
        var options = context.Services.Scripts;
        var python = await ScriptProcess.FindAsync(
            options.Python is { } named ? [named] : ["python3", "/usr/bin/python3", "python"],
            ["-c", "import pandas"],
            context.Services.Clock,
            cancellationToken) ?? throw new ModuleException(
                85,
                "No Python with pandas was found; install Debian's python3-pandas, or name the program in Auspex:Scripts:Python.");

        using var folder = new ScriptFolder();
        await folder.WriteAsync("script.py", script, cancellationToken);
        await folder.WriteAsync("runner.py", ScriptRunner.Read("runner.py"), cancellationToken);
        foreach (var number in new[] { 1, 2 })
        {
            if (context.Has($"Dataset{number}"))
            {
                await ColumnExchange.WriteAsync(folder.File($"in{number}"), context.Table($"Dataset{number}"), cancellationToken);
            }
        }

        if (context.Has(Bundle))
        {
            await folder.UnpackAsync(context.Get<ArchiveValue>(Bundle), "Script Bundle", cancellationToken);
        }

        var outcome = await ScriptProcess.RunAsync(
            python, ["-s", "-B", folder.File("runner.py"), folder.Exchange], folder.Work,
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
            options, context.Services.Clock, cancellationToken);
        await ScriptRunner.CheckAsync(context, folder, outcome, 85, cancellationToken);
        context.Set("Results dataset", await ColumnExchange.ReadAsync(folder.File("out"), cancellationToken));
        context.Set("Python device", ScriptDevice.Table(outcome, folder.Pictures()));
    }
}
