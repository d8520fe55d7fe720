using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Convert to CSV": the same table; taken out of the port as a file it is CSV with a header row.</summary>
internal sealed class ConvertToCsvModule : RowwiseModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Convert to CSV",
        Category = "Data Format Conversions",
        FamilyId = "faa6ba63383c4086ba587abf26b85814",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context) => new IdentityTransform(input);
}
