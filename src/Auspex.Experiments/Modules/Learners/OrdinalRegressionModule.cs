using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Composed;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Ordinal Regression: a two-class learner made one for ranks.</summary>
internal sealed class OrdinalRegressionModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Ordinal Regression",
        Category = "Machine Learning/Initialize Model/Regression",
        Inputs = [new(TwoClassInput.Port, PortType.ILearner)],
        Outputs = [LearnerDeclarations.Untrained],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        context.Set(LearnerModule.OutputPort, new LearnerValue(new OrdinalLearner(Descriptor.Name, TwoClassInput.Read(context, Descriptor.Name))));
        return Task.CompletedTask;
    }
}
