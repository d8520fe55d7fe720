using Auspex.Experiments.Models;
using Auspex.Experiments.Training;
using Auspex.Experiments.Training.Trees;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>The two modules of boosted trees, which differ in task, ids and one label.</summary>
/// <remarks>The random number seed is accepted and has no effect: nothing in this training is left to chance.</remarks>
internal sealed class BoostedTreesModule : LearnerModule
{
    private const string Leaves = "Maximum number of leaves per tree";
    private const string LeafRows = "Minimum number of samples per leaf node";
    private const string Rate = "Learning rate";

    private readonly ModelTask _task;
    private readonly string _trees;

    private BoostedTreesModule(ModelTask task, string name, string category, string familyId, string trees)
    {
        _task = task;
        _trees = trees;
        Descriptor = new ModuleDescriptor
        {
            Name = name,
            Category = category,
            FamilyId = familyId,
            Outputs = [Untrained],
            Parameters =
            [
                ModeChoice(),
                Single(Leaves, ParameterKind.Integer, "20", 2),
                Single(LeafRows, ParameterKind.Integer, "10", 1, graphName: "Minimum number of training instances required to form a leaf"),
                Single(Rate, ParameterKind.Float, "0.2", 0, 1, exclusive: true, graphName: "The learning rate"),
                Single(trees, ParameterKind.Integer, "100", 1, graphName: GraphNameOf(trees)),
                Range(Leaves + " (range)", "2; 8; 32; 128", 2, graphName: "Range for maximum number of leaves per tree"),
                Range(
                    LeafRows + " (range)",
                    "1; 10; 50",
                    1,
                    graphName: "Range for minimum number of training instances required to form a leaf"),
                Range(Rate + " (range)", "0.025; 0.05; 0.1; 0.2; 0.4", 0, 1, exclusive: true, graphName: "Range for learning rate"),
                Range(trees + " (range)", "20; 100; 500", 1, graphName: "Range for total number of trees constructed"),
                SeedNumber,
                AllowUnknownLevels,
            ],
        };

        static string? GraphNameOf(string trees) =>
            trees == "Total number of trees constructed" ? null : "Total number of trees constructed";
    }

    /// <summary>Two-Class Boosted Decision Tree.</summary>
    public static BoostedTreesModule TwoClass { get; } = new(
        ModelTask.Binary,
        "Two-Class Boosted Decision Tree",
        "Machine Learning/Initialize Model/Classification",
        "e3c522f853d948298ea45c6a6b75330c",
        "Number of trees constructed");

    /// <summary>Boosted Decision Tree Regression.</summary>
    public static BoostedTreesModule Regression { get; } = new(
        ModelTask.Regression,
        "Boosted Decision Tree Regression",
        "Machine Learning/Initialize Model/Regression",
        "0207d2526c414c7784c373bdf1ac5960",
        "Total number of trees constructed");

    public override ModuleDescriptor Descriptor { get; }

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        var options = new BoostedTreesOptions
        {
            Leaves = values.Integer(Leaves, isRange),
            LeafRows = values.Integer(LeafRows, isRange),
            LearningRate = values.Number(Rate, isRange),
            Trees = values.Integer(_trees, isRange),
        };
        values.Seed();
        return new BoostedTreesLearner(Descriptor.Name, _task, options, values.Boolean(AllowUnknown), values.Used);
    }
}
