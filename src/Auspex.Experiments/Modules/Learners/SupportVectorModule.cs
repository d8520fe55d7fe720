using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Linear;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Two-Class Support Vector Machine: linear, by stochastic steps (Shalev-Shwartz 2007).</summary>
internal sealed class SupportVectorModule : LearnerModule
{
    private const string Iterations = "Number of iterations";
    private const string Lambda = "Lambda";
    private const string Normalize = "Normalize features";
    private const string Project = "Project to the unit-sphere";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Two-Class Support Vector Machine",
        Category = "Machine Learning/Initialize Model/Classification",
        FamilyId = "12d8479b74b44e67b8ded32867380e20",
        Outputs = [Untrained],
        Parameters =
        [
            ModeChoice(),
            Single(Iterations, ParameterKind.Integer, "1", 1),
            Single(Lambda, ParameterKind.Float, "0.001", 0, exclusive: true),
            Range(Iterations + " (range)", "1; 10; 100", 1),
            Range(Lambda + " (range)", "0.00001; 0.0001; 0.001; 0.01; 0.1", 0, exclusive: true),
            Declare.Boolean(Normalize, true),
            Declare.Boolean(Project, false),
            SeedNumber,
            AllowUnknownLevels,
        ],
    };

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        var options = new SupportVectorOptions(
            values.Integer(Iterations, isRange),
            values.Number(Lambda, isRange),
            values.Boolean(Project),
            values.Boolean(Normalize),
            values.Seed());
        return new MarginLearner(Descriptor.Name, options, values.Boolean(AllowUnknown), values.Used);
    }
}
