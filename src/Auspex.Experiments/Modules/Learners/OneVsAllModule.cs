using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Composed;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>One-vs-All Multiclass: a two-class learner made one for many classes.</summary>
internal sealed class OneVsAllModule : IModule
{
    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "One-vs-All Multiclass",
        Category = "Machine Learning/Initialize Model/Classification",
        FamilyId = "7191efaeb4b14d03a6f87205f87be664",
        Inputs = [new(TwoClassInput.Port, PortType.ILearner)],
        Outputs = [LearnerDeclarations.Untrained],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        context.Set(LearnerModule.OutputPort, new LearnerValue(new OneVsAllLearner(Descriptor.Name, TwoClassInput.Read(context, Descriptor.Name))));
        return Task.CompletedTask;
    }
}
