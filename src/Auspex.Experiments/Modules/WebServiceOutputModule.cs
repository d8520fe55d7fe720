using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's web-service "Output" as a node: the table that a caller gets; inside the experiment it passes through.</summary>
internal sealed class WebServiceOutputModule : RowwiseModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Web Service Output",
        Category = "Web Service",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters = [Declare.Text("Name", "output1")],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context) => new IdentityTransform(input);
}
