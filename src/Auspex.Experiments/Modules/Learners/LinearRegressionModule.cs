using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Linear;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Linear Regression, by least squares or online gradient descent.</summary>
internal sealed class LinearRegressionModule : LearnerModule
{
    private const string Method = "Solution method";
    private const string LeastSquares = "Ordinary Least Squares";
    private const string GradientDescent = "Online Gradient Descent";
    private const string L2 = "L2 regularization weight";
    private const string Intercept = "Include intercept term";
    private const string Rate = "Learning rate";
    private const string Epochs = "Number of training epochs";
    private const string Normalize = "Normalize features";
    private const string Average = "Average final hypothesis";
    private const string Decrease = "Decrease learning rate";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Linear Regression",
        Category = "Machine Learning/Initialize Model/Regression",
        FamilyId = "31960a6f789b4cf788d62e1152c0bd1a",
        Outputs = [Untrained],
        Parameters =
        [
            Declare.Choice(Method, LeastSquares, [LeastSquares, GradientDescent]),

            // Shown for least squares and for gradient descent with single parameters; Studio has one parameter for both.
            new() { Name = L2, Kind = ParameterKind.Float, Default = "0.001", Minimum = 0 },
            Declare.Boolean(Intercept, true, when: Declare.When(Method, LeastSquares)),
            ModeChoice(Declare.When(Method, GradientDescent)),
            Single(Rate, ParameterKind.Float, "0.1", 0, exclusive: true),
            Single(Epochs, ParameterKind.Integer, "10", 0),
            Range(Rate + " (range)", "0.025; 0.05; 0.1; 0.2", 0, exclusive: true),
            Range(Epochs + " (range)", "1; 10; 100", 0),
            Range(L2 + " (range)", "0.001; 0.01; 0.1", 0),
            Declare.Boolean(Normalize, true, "Should input instances be normalized", Declare.When(Method, GradientDescent)),
            Declare.Boolean(Average, true, when: Declare.When(Method, GradientDescent)),
            Declare.Boolean(Decrease, true, when: Declare.When(Method, GradientDescent)),
            SeedNumber,
            AllowUnknownLevels,
        ],
    };

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        if (values.Choice(Method) == LeastSquares)
        {
            var leastSquares = new LeastSquaresOptions(values.Number(L2), values.Boolean(Intercept));
            values.Seed();
            return new LeastSquaresLearner(Descriptor.Name, leastSquares, values.Boolean(AllowUnknown), values.Used);
        }

        var isRange = values.IsRange;
        var options = new GradientDescentOptions
        {
            LearningRate = values.Number(Rate, isRange),
            Epochs = values.Integer(Epochs, isRange),
            L2Weight = values.Number(L2, isRange),
            Normalizes = values.Boolean(Normalize),
            Averages = values.Boolean(Average),
            DecreasesRate = values.Boolean(Decrease),
            Seed = values.Seed(),
        };
        return new GradientDescentLearner(Descriptor.Name, options, values.Boolean(AllowUnknown), values.Used);
    }
}
