using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Apply Transformation": applies a fitted transform to a table; it never fits again.</summary>
internal sealed class ApplyTransformationModule : RowwiseModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Apply Transformation",
        Category = "Machine Learning/Score",
        FamilyId = "805e592d0f1f48eb97c9688ed0c1dc70",
        Inputs = [Declare.Transform("Transformation"), Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Transformed dataset")],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context) =>
        context.Get<TransformValue>("Transformation").Transform.Bind(input);
}
