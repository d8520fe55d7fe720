using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Bayes;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Two-Class Bayes Point Machine. It has nothing to sweep over.</summary>
internal sealed class BayesPointModule : LearnerModule
{
    private const string Iterations = "Number of training iterations";
    private const string Bias = "Include bias";
    private const string Unknown = "Allow unknown values in categorical features";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Two-Class Bayes Point Machine",
        Category = "Machine Learning/Initialize Model/Classification",
        Outputs = [Untrained],
        Parameters = [Declare.Integer(Iterations, "30", 1), Declare.Boolean(Bias, true), Declare.Boolean(Unknown, true)],
    };

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        return new BayesPointLearner(
            Descriptor.Name, values.Integer(Iterations), values.Boolean(Bias), values.Boolean(Unknown), values.Used);
    }
}
