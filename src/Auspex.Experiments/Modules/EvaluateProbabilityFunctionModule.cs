using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Statistics;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Evaluate Probability Function": density, distribution function or its inverse of each value.</summary>
internal sealed class EvaluateProbabilityFunctionModule : RowwiseModule
{
    private const string Distribution = "Distribution";
    private const string Method = "Method";
    private const string NegativeBinomialMethod = "Negative binomial distribution method";
    private const string NegativeBinomial = "NegativeBinomial";
    private const string Selection = "Column set";
    private const string ResultMode = "Result mode";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Evaluate Probability Function",
        Category = "Statistical Functions",
        Inputs = [Declare.Dataset("Dataset")],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Choice(
                Distribution,
                "StandardNormal",
                [
                    "Bernoulli", "Beta", "Binomial", "Cauchy", "ChiSquare", "ChiSquareRightTailed", "Exponential", "FFisher",
                    "FFisherRightTailed", "Gamma", "GeneralizedExtremeValues", "Geometric", "GumbelMax", "GumbelMin", "Hypergeometric",
                    "Laplace", "Logistic", "Lognormal", NegativeBinomial, "Normal", "Pareto", "Poisson", "Rayleigh", "StandardNormal",
                    "TStudent", "TStudentRightTailed", "TStudentTwoTailed", "Uniform", "Weibull",
                ]),
            Declare.Choice(Method, "Cdf", ["Cdf", "InverseCdf", "Pdf"]),
            Declare.Choice(NegativeBinomialMethod, "Cdf", ["Cdf", "Pdf"], when: Declare.When(Distribution, NegativeBinomial)),
            Declare.Float("Probability of success", "0.5", 0, 1, Declare.When(Distribution, "Bernoulli", "Binomial", "Geometric", NegativeBinomial)),
            Number("Shape", "1"),
            Number("Scale", "1", 0),
            Declare.Integer("Number of trials", "3", 1, when: Declare.When(Distribution, "Binomial")),
            Number("Lower bound", "0", null, "Uniform", "Beta"),
            Number("Upper bound", "1", null, "Uniform", "Beta"),
            Number("Location", "0"),
            Number(
                "Number of degrees of freedom", "1", null,
                "ChiSquare", "ChiSquareRightTailed", "TStudent", "TStudentRightTailed", "TStudentTwoTailed"),
            Number("Numerator degrees of freedom", "3", null, "FFisher", "FFisherRightTailed"),
            Number("Denominator degrees of freedom", "6", null, "FFisher", "FFisherRightTailed"),
            Number("Lambda", "1", 0, "Exponential", "Poisson"),
            Declare.Integer("Number of samples", "9", when: Declare.When(Distribution, "Hypergeometric")),
            Declare.Integer("Number of success", "24", when: Declare.When(Distribution, "Hypergeometric", NegativeBinomial)),
            Declare.Integer("Population size", "52", when: Declare.When(Distribution, "Hypergeometric")),
            Number("Mean", "0", null, "Normal", "Lognormal"),
            Number("Standard deviation", "1", 0, "Normal", "Lognormal"),
            Declare.Columns(Selection),
            OutputMode.Declare(OutputMode.ResultOnly, ResultMode),
        ],
    };

    public override IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var parameters = context.Parameters;
        var name = parameters.Choice(Distribution);
        var method = parameters.Choice(name == NegativeBinomial ? NegativeBinomialMethod : Method);
        DistributionFunctions functions;
        try
        {
            functions = Distributions.ByName[name](new DistributionParameters(parameters));
        }
        catch (ArgumentException exception)
        {
            throw new ModuleException(8, $"The parameters of the {name} distribution do not make one: {exception.Message}", exception);
        }

        var function = method switch
        {
            "Pdf" => functions.Pdf,
            "Cdf" => functions.Cdf,
            _ => functions.Inverse,
        };
        var made = NumericColumns.Of(context, Selection, input, Descriptor.Name)
            .Select(index => new MadeColumn(index, new(
                new TableField { Name = $"{name}.{method}({input.Fields[index].Name})", Type = ColumnType.Double },
                new NumberFunction(index, function))))
            .ToList();
        return OutputMode.Bind(input, parameters.Choice(ResultMode), made);
    }

    private static ModuleParameter Number(string name, string @default, double? minimum = null, params string[] distributions) => new()
    {
        Name = name,
        Kind = ParameterKind.Float,
        Default = @default,
        Minimum = minimum,
        VisibleWhen = distributions.Length == 0 ? null : Declare.When(Distribution, distributions),
    };
}
