using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Linear;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Two-Class Averaged Perceptron.</summary>
internal sealed class AveragedPerceptronModule : LearnerModule
{
    private const string Rate = "Learning rate";
    private const string Iterations = "Maximum number of iterations";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Two-Class Averaged Perceptron",
        Category = "Machine Learning/Initialize Model/Classification",
        FamilyId = "5ed44caa5360407dae6c7a88c491474a",
        Outputs = [Untrained],
        Parameters =
        [
            ModeChoice(),
            Single(Rate, ParameterKind.Float, "1.0", 0, exclusive: true, graphName: "Initial learning rate"),
            Single(Iterations, ParameterKind.Integer, "10", 1),
            Range(Rate + " (range)", "0.1; 0.5; 1.0", 0, exclusive: true),
            Range(Iterations + " (range)", "1; 10", 1),
            SeedNumber,
            AllowUnknownLevels,
        ],
    };

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        var options = new PerceptronOptions(values.Number(Rate, isRange), values.Integer(Iterations, isRange), values.Seed());
        return new MarginLearner(Descriptor.Name, options, values.Boolean(AllowUnknown), values.Used);
    }
}
