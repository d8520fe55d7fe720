using System.Collections.Immutable;
using System.Globalization;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Networks;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>The three modules of neural networks, which differ in task, ids and rates.</summary>
internal sealed class NeuralNetworkModule : LearnerModule
{
    private const string Hidden = "Hidden layer specification";
    private const string HiddenOfRange = "Hidden layer specification (range mode)";
    private const string FullyConnected = "Fully-connected case";
    private const string Custom = "Custom definition script";
    private const string Nodes = "Number of hidden nodes";
    private const string Definition = "Neural network definition";
    private const string Rate = "Learning rate";
    private const string Iterations = "Number of learning iterations";
    private const string Diameter = "The initial learning weights diameter";
    private const string Momentum = "The momentum";
    private const string Normalizer = "The type of normalizer";
    private const string MinMax = "Min-Max normalizer";
    private const string Binning = "Binning normalizer";
    private const string Gaussian = "Gaussian normalizer";
    private const string Shuffle = "Shuffle examples";
    private const int MostLayers = 50;
    private const int MostNodes = 1 << 20;

    private readonly ModelTask _task;

    private NeuralNetworkModule(ModelTask task, string name, string category, string familyId, string rate, double fastest, string rates)
    {
        _task = task;
        Descriptor = new ModuleDescriptor
        {
            Name = name,
            Category = $"Machine Learning/Initialize Model/{category}",
            FamilyId = familyId,
            Outputs = [Untrained],
            Parameters =
            [
                ModeChoice(),
                Declare.Choice(Hidden, FullyConnected, [FullyConnected, Custom], when: Declare.When(Mode, SingleMode)),
                Declare.Choice(
                    HiddenOfRange, FullyConnected, [FullyConnected, Custom], "Hidden layer specification1", Declare.When(Mode, RangeMode)),

                // Shown for the fully connected case of either mode; Studio has one parameter for both.
                Declare.Text(Nodes, "100"),
                Declare.Script(Definition) with { IsOptional = true },
                Single(Rate, ParameterKind.Float, rate, 0, fastest, exclusive: true, graphName: "The learning rate"),
                Single(Iterations, ParameterKind.Integer, "100", 1),
                Range(Rate + " (range)", rates, 0, fastest, exclusive: true, graphName: "Range for learning rate"),
                Range(Iterations + " (range)", "20; 40; 80; 160", 1, graphName: "Range for number of learning iterations"),
                new()
                {
                    Name = Diameter,
                    Kind = ParameterKind.Float,
                    Default = "0.1",
                    Minimum = 0,
                    MinimumIsExclusive = true,
                },
                Declare.Float(Momentum, "0", 0, 1),
                Declare.Choice(Normalizer, MinMax, [Binning, Gaussian, MinMax, "Do not normalize"]),
                Declare.Boolean(Shuffle, true),
                SeedNumber,
                AllowUnknownLevels,
            ],
        };
    }

    /// <summary>Two-Class Neural Network.</summary>
    public static NeuralNetworkModule TwoClass { get; } = new(
        ModelTask.Binary, "Two-Class Neural Network", "Classification", "ebc29f52719d4d0fb66a2ce85f527c7d", "0.1", 1, "0.1; 0.2; 0.4");

    /// <summary>Multiclass Neural Network.</summary>
    public static NeuralNetworkModule Multiclass { get; } = new(
        ModelTask.Multiclass, "Multiclass Neural Network", "Classification", "e8b401fb230a4b21bd11d1fda0d57c1f", "0.1", 1, "0.1; 0.2; 0.4");

    /// <summary>Neural Network Regression.</summary>
    public static NeuralNetworkModule Regression { get; } = new(
        ModelTask.Regression, "Neural Network Regression", "Regression", "d7ee222c669f4200a576a761a9c1a928", "0.005", 2, "0.01; 0.02; 0.04");

    public override ModuleDescriptor Descriptor { get; }

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        var options = new NetworkOptions
        {
            LearningRate = values.Number(Rate, isRange),
            Iterations = values.Integer(Iterations, isRange),
            Diameter = values.Number(Diameter),
            Momentum = values.Number(Momentum),
            Normalizer = values.Choice(Normalizer) switch
            {
                MinMax => NumberNormalizer.MinMax,
                Gaussian => NumberNormalizer.Gaussian,
                Binning => NumberNormalizer.Binning,
                _ => NumberNormalizer.None,
            },
            Shuffles = values.Boolean(Shuffle),
        };
        if (values.Choice(isRange ? HiddenOfRange : Hidden) == Custom)
        {
            parameters.Required(Definition);
            var (hidden, outputs) = NetSharpDefinition.Read(values.Text(Definition));
            options = options with { Hidden = hidden, Outputs = outputs };
        }
        else
        {
            options = options with { Hidden = ReadNodes(values.Text(Nodes)) };
        }

        options = options with { Seed = values.Seed() ?? options.Seed };
        return new NetworkLearner(Descriptor.Name, _task, options, values.Boolean(AllowUnknown), values.Used);
    }

    // "100", or "50, 20" for two layers; "0" and nothing for none.
    private static ImmutableArray<HiddenLayer> ReadNodes(string text)
    {
        var layers = ImmutableArray.CreateBuilder<HiddenLayer>();
        foreach (var part in text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var nodes) || nodes is < 0 or > MostNodes)
            {
                throw new ModuleException(
                    2, $"Parameter '{Nodes}' is '{text}'; expected whole numbers up to {MostNodes} separated by commas, a layer each.");
            }

            if (nodes > 0)
            {
                layers.Add(new HiddenLayer(nodes, NodeFunction.Sigmoid));
            }
        }

        return layers.Count <= MostLayers
            ? layers.ToImmutable()
            : throw new ModuleException(7, $"Parameter '{Nodes}' has {layers.Count} layers; at most {MostLayers} are trained.");
    }
}
