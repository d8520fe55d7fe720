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
        var python = await PythonInterpreter.FindAsync(context.Services, cancellationToken);
        using var folder = new ScriptFolder();
        await PythonInterpreter.PrepareAsync(
            folder, script, context.Has(Bundle) ? context.Get<ArchiveValue>(Bundle) : null, cancellationToken);
        foreach (var number in new[] { 1, 2 })
        {
            if (context.Has($"Dataset{number}"))
            {
                await ColumnExchange.WriteAsync(folder.File($"in{number}"), context.Table($"Dataset{number}"), cancellationToken);
            }
        }

        var outcome = await PythonInterpreter.RunAsync(python, folder, loadsOnly: false, context.Services, cancellationToken);
        await ScriptRunner.CheckAsync(context, folder, outcome, PythonInterpreter.Error, cancellationToken);
        context.Set("Results dataset", await ColumnExchange.ReadAsync(folder.File("out"), cancellationToken));
        context.Set("Python device", ScriptDevice.Table(outcome, folder.Pictures()));
    }
}
