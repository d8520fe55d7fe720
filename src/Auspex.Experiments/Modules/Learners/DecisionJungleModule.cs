using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Jungles;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>The two modules of decision jungles, which differ in task. No lists to sweep over are known of them.</summary>
internal sealed class DecisionJungleModule : LearnerModule
{
    private const string Graphs = "Number of decision DAGs";
    private const string Depth = "Maximum depth of the decision DAGs";
    private const string Width = "Maximum width of the decision DAGs";
    private const string Steps = "Number of optimization steps per decision DAG layer";

    private readonly ModelTask _task;

    private DecisionJungleModule(ModelTask task, string name)
    {
        _task = task;
        Descriptor = new ModuleDescriptor
        {
            Name = name,
            Category = "Machine Learning/Initialize Model/Classification",
            Outputs = [Untrained],
            Parameters =
            [
                Resampling,
                ModeChoice(),
                Single(Graphs, ParameterKind.Integer, "8", 1),
                Single(Depth, ParameterKind.Integer, "32", 1),
                Single(Width, ParameterKind.Integer, "128", 8),
                Single(Steps, ParameterKind.Integer, "2048", 1000),
                AllowUnknownValues,
            ],
        };
    }

    /// <summary>Two-Class Decision Jungle.</summary>
    public static DecisionJungleModule TwoClass { get; } = new(ModelTask.Binary, "Two-Class Decision Jungle");

    /// <summary>Multiclass Decision Jungle.</summary>
    public static DecisionJungleModule Multiclass { get; } = new(ModelTask.Multiclass, "Multiclass Decision Jungle");

    public override ModuleDescriptor Descriptor { get; }

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        values.Choice(Mode);
        var options = new JungleOptions
        {
            Resamples = values.Choice(ResamplingMethod) == Bagging,
            Graphs = values.Integer(Graphs),
            Depth = values.Integer(Depth),
            Width = values.Integer(Width),
            Steps = values.Integer(Steps),
        };
        return new DecisionJungleLearner(Descriptor.Name, _task, options, values.Boolean(AllowUnknownInForests), values.Used);
    }
}
