using Auspex.Experiments.Modules.Counting;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Export Count Table": a counting transform as two tables.</summary>
internal sealed class ExportCountTableModule : IModule
{
    private const string Port = "Counting transform";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Export Count Table",
        Category = "Data Transformation/Learning with Counts",
        Inputs = [Declare.Transform(Port)],
        Outputs = [Declare.Dataset("Count metadata"), Declare.Dataset("Count table")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var transform = CountTables.Of(context, Port);
        context.Set("Count metadata", CountTables.Metadata(transform));
        context.Set("Count table", CountTables.Counts(transform));
        return Task.CompletedTask;
    }
}
