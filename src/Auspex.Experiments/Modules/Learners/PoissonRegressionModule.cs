using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Linear;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Poisson Regression.</summary>
internal sealed class PoissonRegressionModule : LearnerModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Poisson Regression",
        Category = "Machine Learning/Initialize Model/Regression",
        FamilyId = "80e21b9d382740d8b733b53148becbc2",
        Outputs = [Untrained],
        Parameters = LbfgsParameters.All,
    };

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var options = LbfgsParameters.Read(values);
        return new PoissonLearner(Descriptor.Name, options, values.Boolean(AllowUnknown), values.Used);
    }
}
