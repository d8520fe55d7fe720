using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Forests;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>The three modules of decision forests, which differ in task and ids.</summary>
internal sealed class DecisionForestModule : LearnerModule
{
    private const string Trees = "Number of decision trees";
    private const string Depth = "Maximum depth of the decision trees";
    private const string Splits = "Number of random splits per node";
    private const string LeafRows = "Minimum number of samples per leaf node";

    private readonly ModelTask _task;

    private DecisionForestModule(ModelTask task, string name, string category, string familyId)
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
                Resampling,
                ModeChoice(),
                Single(Trees, ParameterKind.Integer, "8", 1),
                Single(Depth, ParameterKind.Integer, "32", 1),
                Single(Splits, ParameterKind.Integer, "128", 1),
                Single(LeafRows, ParameterKind.Integer, "1", 1),
                Range(Trees + " (range)", "1; 8; 32", 1, graphName: "Range for number of decision trees"),
                Range("Maximum depth (range)", "1; 16; 64", 1, graphName: "Range for the maximum depth of the decision trees", of: Depth),
                Range("Random splits per node (range)", "1; 128; 1024", 1, graphName: "Range for the number of random splits per node", of: Splits),
                Range(
                    "Minimum samples per leaf (range)",
                    "1; 4; 16",
                    1,
                    graphName: "Range for the minimum number of samples per leaf node",
                    of: LeafRows),
                AllowUnknownValues,
            ],
        };
    }

    /// <summary>Two-Class Decision Forest.</summary>
    public static DecisionForestModule TwoClass { get; } =
        new(ModelTask.Binary, "Two-Class Decision Forest", "Classification", "5a7d5466992840c8a19cd5de4882c77e");

    /// <summary>Multiclass Decision Forest.</summary>
    public static DecisionForestModule Multiclass { get; } =
        new(ModelTask.Multiclass, "Multiclass Decision Forest", "Classification", "5e70108d2e4445d986e894f37c68fe86");

    /// <summary>Decision Forest Regression.</summary>
    public static DecisionForestModule Regression { get; } =
        new(ModelTask.Regression, "Decision Forest Regression", "Regression", "562988b2e7404e3a8131358391bad755");

    public override ModuleDescriptor Descriptor { get; }

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        var options = new ForestOptions
        {
            Resamples = values.Choice(ResamplingMethod) == Bagging,
            Trees = values.Integer(Trees, isRange),
            Depth = values.Integer(Depth, isRange),
            RandomSplits = values.Integer(Splits, isRange),
            LeafRows = values.Integer(LeafRows, isRange),
        };
        return new DecisionForestLearner(Descriptor.Name, _task, options, [], values.Boolean(AllowUnknownInForests), values.Used);
    }
}
