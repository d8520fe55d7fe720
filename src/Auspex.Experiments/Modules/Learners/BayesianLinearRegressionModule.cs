using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Bayes;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Bayesian Linear Regression. It has nothing to sweep over.</summary>
internal sealed class BayesianLinearRegressionModule : LearnerModule
{
    private const string Regularization = "Regularization weight";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Bayesian Linear Regression",
        Category = "Machine Learning/Initialize Model/Regression",
        Outputs = [Untrained],
        Parameters =
        [
            new()
            {
                Name = Regularization,
                Kind = ParameterKind.Float,
                Default = "1.0",
                Minimum = 0,
                MinimumIsExclusive = true,
            },
            AllowUnknownLevels,
        ],
    };

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        return new BayesianLinearLearner(Descriptor.Name, values.Number(Regularization), values.Boolean(AllowUnknown), values.Used);
    }
}
