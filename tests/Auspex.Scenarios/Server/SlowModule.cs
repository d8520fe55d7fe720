using Auspex.Experiments.Modules;

namespace Auspex.Scenarios.Server;

/// <summary>Passes its table on after a while.</summary>
internal sealed class SlowModule(double seconds = 1) : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Slow",
        Category = "Statistical Functions",
        Inputs = [new ModulePort("Dataset", PortType.Dataset)],
        Outputs = [new ModulePort("Results dataset", PortType.Dataset)],
    };

    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellationToken);
        context.Set("Results dataset", context.Table("Dataset"));
    }
}
