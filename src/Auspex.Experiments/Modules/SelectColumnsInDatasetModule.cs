using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Select Columns in Dataset", formerly "Project Columns": some columns, in the selector's order; roles stay.</summary>
internal sealed class SelectColumnsInDatasetModule : RowwiseModule
{
    private const string Selection = "Select columns";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Select Columns in Dataset",
        Category = "Data Transformation/Manipulation",
        FamilyId = "1ec722fab6234e26a44ea50c6d726223",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters = [Declare.Columns(Selection, graphName: "Select Columns")],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context) =>
        new ColumnwiseTransform(
            context.Parameters.Columns(Selection, input)
                .Select(index => new OutputColumn(input.Fields[index], new SourceColumn(index))),
            input.Fields.Length);
}
