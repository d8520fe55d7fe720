using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Scripts;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Execute R Script": an <c>Rscript</c> process runs a script that takes its tables with <c>maml.mapInputPort</c> and gives
/// one with <c>maml.mapOutputPort</c>. The version is accepted and has no effect: the R that is there runs.
/// </summary>
internal sealed class ExecuteRScriptModule : IModule
{
    private const string Script = "R Script";
    private const string Seed = "Random seed";
    private const string Bundle = "Script Bundle";
    private const string Stub = "data.set <- maml.mapInputPort(1)\nmaml.mapOutputPort(\"data.set\")\n";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Execute R Script",
        Category = "R Language Modules",
        FamilyId = "30806023392b42e094d66b775a6e0fd5",
        Inputs =
        [
            Declare.Dataset("Dataset1", isOptional: true),
            Declare.Dataset("Dataset2", isOptional: true),
            new(Bundle, PortType.Zip, IsOptional: true),
        ],
        Outputs = [Declare.Dataset("Result Dataset"), Declare.Dataset("R Device")],
        Parameters =
        [
            Declare.Script(Script, Stub),
            Declare.Integer(Seed, null, 0) with { IsOptional = true },
            Declare.Choice("R Version", "CRAN R 3.1.0", ["CRAN R 3.1.0", "Microsoft R Open 3.2.2", "Microsoft R Open 3.4.4"]),
        ],
    };

    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var script = context.Parameters.Required(Script);
        var seed = context.Parameters.OptionalInteger(Seed);
        var rscript = await RInterpreter.FindAsync(context.Services, cancellationToken);
        using var folder = new ScriptFolder();
        await RInterpreter.PrepareAsync(
            folder, script, context.Has(Bundle) ? context.Get<ArchiveValue>(Bundle) : null, cancellationToken);
        foreach (var number in new[] { 1, 2 })
        {
            if (context.Has($"Dataset{number}"))
            {
                var table = context.Table($"Dataset{number}");
                await ColumnExchange.WriteAsync(folder.File($"in{number}"), table, cancellationToken);
                await folder.WriteAsync($"in{number}.R", RHeader.Of(table), cancellationToken);
            }
        }

        var outcome = await RInterpreter.RunAsync(rscript, folder, seed, loadsOnly: false, context.Services, cancellationToken);
        await ScriptRunner.CheckAsync(context, folder, outcome, RInterpreter.Error, cancellationToken);
        context.Set("Result Dataset", await ColumnExchange.ReadAsync(folder.File("out"), cancellationToken));
        context.Set("R Device", ScriptDevice.Table(outcome, folder.Pictures()));
    }
}
