using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Clustering;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>K-Means Clustering. A blank seed is a fixed one, as with other learners.</summary>
internal sealed class KMeansModule : LearnerModule
{
    private const string Centroids = "Number of Centroids";
    private const string Initialization = "Initialization";
    private const string InitializationOfRange = "Initialization for sweep";
    private const string Seeds = "Number of seeds to sweep";
    private const string Metric = "Metric";
    private const string Iterations = "Iterations";
    private const string LabelMode = "Assign Label Mode";
    private const string PlusPlus = "K-Means++";
    private const string PlusPlusFast = "K-Means++ Fast";
    private const string FirstN = "First N";
    private const string ByLabel = "Use Label Column";
    private const string Ignore = "Ignore label column";
    private const string Fill = "Fill missing values";

    private static readonly string[] Starts = [FirstN, "Random", PlusPlus, PlusPlusFast, "Evenly", ByLabel];

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "K-Means Clustering",
        Category = "Machine Learning/Initialize Model/Clustering",
        FamilyId = "5049a09bbd904c4e9b467c87e3a36810",
        Outputs = [new(OutputPort, PortType.ICluster)],
        Parameters =
        [
            ModeChoice(),
            Single(Centroids, ParameterKind.Integer, "2", 2),
            Range("Range for Number of Centroids", null, 2, of: Centroids),
            Declare.Choice(Initialization, PlusPlus, Starts, when: Declare.When(Mode, SingleMode)),
            Declare.Choice(InitializationOfRange, PlusPlus, Starts, when: Declare.When(Mode, RangeMode)),
            SeedNumber,
            Declare.Integer(Seeds, "10", 1, when: Declare.When(Mode, RangeMode)),
            Declare.Choice(Metric, "Euclidean", ["Euclidean", "Cosine"]),
            Declare.Integer(Iterations, "100", 1),
            Declare.Choice(LabelMode, Ignore, [Ignore, Fill, "Overwrite from closest to center"]),
        ],
    };

    public override bool NeedsLabel => false;

    public override bool SweepsInRangeMode => true;

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        var options = new KMeansOptions
        {
            Clusters = values.Integer(Centroids, isRange),
            Start = values.Choice(isRange ? InitializationOfRange : Initialization) switch
            {
                FirstN => CenterStart.FirstRows,
                PlusPlus => CenterStart.PlusPlus,
                PlusPlusFast => CenterStart.PlusPlusOfSample,
                ByLabel => CenterStart.ByLabel,
                "Evenly" => CenterStart.Evenly,
                _ => CenterStart.Random,
            },
            Starts = isRange ? values.Integer(Seeds) : 1,
            Metric = values.Choice(Metric) == "Cosine" ? ClusterMetric.Cosine : ClusterMetric.Euclidean,
            Iterations = values.Integer(Iterations),
            Label = values.Choice(LabelMode) switch
            {
                Ignore => LabelUse.None,
                Fill => LabelUse.FillMissing,
                _ => LabelUse.Overwrite,
            },
        };
        return new KMeansLearner(Descriptor.Name, options with { Seed = values.Seed() ?? options.Seed }, values.Used);
    }
}
