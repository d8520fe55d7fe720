using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Convert to TSV": the same table; a file of it has tabs between fields and a header row.</summary>
internal sealed class ConvertToTsvModule : RowwiseModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Convert to TSV",
        Category = "Data Format Conversions",
        FamilyId = "1cdbcda42ece49088b87e6b636258d3d",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context) => new IdentityTransform(input);
}
