using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Anomalies;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>One-Class Support Vector Machine.</summary>
internal sealed class OneClassModule : LearnerModule
{
    private const string Nu = "nu";
    private const string Epsilon = "epsilon";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "One-Class Support Vector Machine",
        Category = "Machine Learning/Initialize Model/Anomaly Detection",
        Outputs = [Untrained],
        Parameters =
        [
            ModeChoice(),
            Single(Nu, ParameterKind.Float, "0.1", 0, 1, exclusive: true),
            Single(Epsilon, ParameterKind.Float, "0.001", 0, exclusive: true),
            Range(Nu + " (range)", "0.001; 0.01; 0.1", 0.001, 1, graphName: "psnu"),
            Range(Epsilon + " (range)", "0.001; 0.01; 0.1", 1e-6, 1, graphName: "psEpsilon"),
        ],
    };

    public override bool NeedsLabel => false;

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        return new OneClassLearner(Descriptor.Name, values.Number(Nu, isRange), values.Number(Epsilon, isRange), values.Used);
    }
}
