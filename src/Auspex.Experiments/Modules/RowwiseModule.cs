using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules;

/// <summary>A module whose run is nothing but bind and apply.</summary>
internal abstract class RowwiseModule : IRowwiseModule
{
    public abstract ModuleDescriptor Descriptor { get; }

    public abstract IRowTransform Bind(TableSchema input, ModuleContext context);

    public virtual Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table(Descriptor.Inputs.Last(port => port.Type == PortType.Dataset).Name);
        context.Set(Descriptor.Outputs[0].Name, Bind(table.Schema, context).Apply(table));
        return Task.CompletedTask;
    }
}
