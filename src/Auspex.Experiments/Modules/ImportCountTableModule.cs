using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Counting;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Import Count Table": a counting transform of the two tables of Export Count Table.</summary>
internal sealed class ImportCountTableModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Import Count Table",
        Category = "Data Transformation/Learning with Counts",
        Inputs = [Declare.Dataset("Count metadata"), Declare.Dataset("Count table"), Declare.Dataset("Counted data set", isOptional: true)],
        Outputs = [Declare.Transform("Counting transform")],
        Parameters = [Declare.Choice("Counting type", "Dataset", ["Dataset", "Blob"])],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var transform = CountTables.Read(context.Table("Count metadata"), context.Table("Count table"));
        if (context.Has("Counted data set"))
        {
            // What the counts are of must be there.
            foreach (var column in transform.Columns)
            {
                ColumnNames.Find(context.Table("Counted data set").Schema, column.Column);
            }
        }

        context.Set("Counting transform", new TransformValue(transform));
        return Task.CompletedTask;
    }
}
