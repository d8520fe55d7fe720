using Auspex.Connectors.Tables;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules;

/// <summary>Tells the two modules apart that stand for a web service's ends.</summary>
internal static class WebServiceModules
{
    public const string NameParameter = "Name";

    public static bool IsInput(CompiledNode node) => node.Module is WebServiceInputModule;

    public static bool IsOutput(CompiledNode node) => node.Module is WebServiceOutputModule;

    public static ModuleParameter Name(string standard) => new()
    {
        Name = NameParameter,
        Kind = ParameterKind.String,
        Default = standard,
    };
}

/// <summary>
/// Studio's Web Service Input as a node: passes its table on, and a caller's table takes that table's place. Unconnected
/// it can only run with a caller's table.
/// </summary>
internal sealed class WebServiceInputModule : IRowwiseModule
{
    private const string Port = "Dataset";

    /// <inheritdoc/>
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Web Service Input",
        Category = "Web Service",
        Inputs = [new ModulePort(Port, PortType.Dataset, IsOptional: true)],
        Outputs = [new ModulePort(Port, PortType.Dataset)],
        Parameters = [WebServiceModules.Name("input1")],
    };

    /// <inheritdoc/>
    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        context.Set(Port, context.Table(Port));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IRowTransform Bind(TableSchema input, ModuleContext context) => new SameTable(input);

    private sealed class SameTable(TableSchema schema) : IRowTransform
    {
        public TableSchema Output => schema;

        public TableBatch Apply(TableBatch batch) => batch;
    }
}

/// <summary>Studio's Web Service Output as a node: names the port it is connected to; takes any kind of value.</summary>
internal sealed class WebServiceOutputModule : IModule
{
    /// <inheritdoc/>
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Web Service Output",
        Category = "Web Service",
        Inputs = [new ModulePort("Dataset", PortType.Dataset)],
        Parameters = [WebServiceModules.Name("output1")],
    };

    /// <inheritdoc/>
    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
