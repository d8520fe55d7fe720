using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Convert to ARFF": the same table; a file of it is ARFF, categories as nominal attributes.</summary>
internal sealed class ConvertToArffModule : RowwiseModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Convert to ARFF",
        Category = "Data Format Conversions",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context) => new IdentityTransform(input);
}
