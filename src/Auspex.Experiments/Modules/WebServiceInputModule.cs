using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's web-service "Input" as a node: the table that a caller sends; in the experiment itself the sample table at its
/// port passes through.
/// </summary>
internal sealed class WebServiceInputModule : RowwiseModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Web Service Input",
        Category = "Web Service",
        Inputs = [Declare.Dataset("Dataset", isOptional: true)],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters = [Declare.Text("Name", "input1")],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context) => new IdentityTransform(input);
}
