namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Create R Model". It loads, so that experiments with it can be opened and kept, and fails when run.</summary>
internal sealed class CreateRModelModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Create R Model",
        Category = "R Language Modules",
        Outputs = [new("Model", PortType.ILearner)],
        Parameters = [Declare.Script("Trainer R script"), Declare.Script("Scorer R script")],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken) => throw new ModuleException(
        63, "'Create R Model' loads and does not run: models of this program are no R objects. Train and score within one Execute R Script instead.");
}
