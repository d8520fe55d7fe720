using Auspex.Experiments.Models;
using Auspex.Experiments.Training.LocallyDeep;
using Auspex.Experiments.Training.Networks;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Two-Class Locally Deep Support Vector Machine.</summary>
internal sealed class LocallyDeepModule : LearnerModule
{
    private const string Depth = "Depth of the tree";
    private const string LambdaW = "Lambda W";
    private const string LambdaTheta = "Lambda Theta";
    private const string LambdaThetaPrime = "Lambda Theta Prime";
    private const string Sharpness = "Sigmoid sharpness";
    private const string Iterations = "Number of iterations";
    private const string Normalizer = "Feature normalizer";
    private const string Lambdas = "0.1; 0.01; 0.001";

    // A tree of depth 16 has 130,000 nodes.
    private const int Deepest = 16;

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Two-Class Locally Deep Support Vector Machine",
        Category = "Machine Learning/Initialize Model/Classification",
        Outputs = [Untrained],
        Parameters =
        [
            ModeChoice(),
            Single(Depth, ParameterKind.Integer, "3", 1, Deepest),
            Single(LambdaW, ParameterKind.Float, "0.1", 0, exclusive: true),
            Single(LambdaTheta, ParameterKind.Float, "0.01", 0, exclusive: true),
            Single(LambdaThetaPrime, ParameterKind.Float, "0.01", 0, exclusive: true),
            Single(Sharpness, ParameterKind.Float, "1.0", 0, exclusive: true),
            Single(Iterations, ParameterKind.Integer, "15000", 1),
            Range(Depth + " (range)", "1; 3; 5; 7", 1, Deepest),
            Range(LambdaW + " (range)", Lambdas, 0, exclusive: true),
            Range(LambdaTheta + " (range)", Lambdas, 0, exclusive: true),
            Range(LambdaThetaPrime + " (range)", Lambdas, 0, exclusive: true),
            Range(Sharpness + " (range)", "1.0; 0.1; 0.01", 0, exclusive: true),
            Range(Iterations + " (range)", "10000; 15000; 20000", 1),
            Declare.Choice(Normalizer, "Min-Max normalizer", ["Min-Max normalizer", "Gaussian normalizer", "Do not normalize"]),
            SeedNumber,
            AllowUnknownLevels,
        ],
    };

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        var options = new LocallyDeepOptions
        {
            Depth = values.Integer(Depth, isRange),
            LambdaVotes = values.Number(LambdaW, isRange),
            LambdaRoutes = values.Number(LambdaTheta, isRange),
            LambdaGates = values.Number(LambdaThetaPrime, isRange),
            Sharpness = values.Number(Sharpness, isRange),
            Iterations = values.Integer(Iterations, isRange),
            Normalizer = values.Choice(Normalizer) switch
            {
                "Min-Max normalizer" => NumberNormalizer.MinMax,
                "Gaussian normalizer" => NumberNormalizer.Gaussian,
                _ => NumberNormalizer.None,
            },
        };
        return new LocallyDeepLearner(
            Descriptor.Name, options with { Seed = values.Seed() ?? options.Seed }, values.Boolean(AllowUnknown), values.Used);
    }
}
