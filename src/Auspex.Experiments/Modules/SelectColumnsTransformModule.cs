using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Select Columns Transform": remembers the columns of its input, to trim later tables to them.</summary>
internal sealed class SelectColumnsTransformModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Select Columns Transform",
        Category = "Data Transformation/Manipulation",
        FamilyId = "aa517da1497843ed960ff26cf55bfa95",
        Inputs = [Declare.Dataset("Dataset with desired columns")],
        Outputs = [Declare.Transform("Columns selection transformation")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var schema = context.Table("Dataset with desired columns").Schema;
        context.Set(
            "Columns selection transformation",
            new TransformValue(new SelectionTransform(
                [.. schema.Fields.Select(field => field.Name)],
                schema.LabelIndex < 0 ? null : schema.Fields[schema.LabelIndex].Name)));
        return Task.CompletedTask;
    }
}
