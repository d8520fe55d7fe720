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
        var input = context.Get<TableValue>(Descriptor.Inputs.Last(port => port.Type == PortType.Dataset).Name);

        // Rows stay in their places, and so in their folds.
        context.Set(
            Descriptor.Outputs[0].Name,
            new TableValue(Bind(input.Table.Schema, context).Apply(input.Table)) { Folds = input.Folds });
        return Task.CompletedTask;
    }
}
