using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Linear;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Two-Class and Multiclass Logistic Regression, which differ in task and id.</summary>
internal sealed class LogisticRegressionModule : LearnerModule
{
    private const string Tolerance = "Optimization tolerance";
    private const string L1 = "L1 regularization weight";
    private const string L2 = "L2 regularization weight";
    private const string Memory = "Memory size for L-BFGS";

    private readonly ModelTask _task;

    private LogisticRegressionModule(ModelTask task, string name, string familyId)
    {
        _task = task;
        Descriptor = new ModuleDescriptor
        {
            Name = name,
            Category = "Machine Learning/Initialize Model/Classification",
            FamilyId = familyId,
            Outputs = [Untrained],
            Parameters =
            [
                ModeChoice(),
                Single(Tolerance, ParameterKind.Float, "1e-7", 0, exclusive: true, graphName: "Optimization Tolerance"),
                Single(L1, ParameterKind.Float, "1.0", 0, graphName: "L1 Regularization weight"),

                // The missing letter is Studio's.
                Single(L2, ParameterKind.Float, "1.0", 0, graphName: "L2 Regularizaton weight"),
                Single(Memory, ParameterKind.Integer, "20", 1, graphName: "Memory Size"),
                Range(Tolerance + " (range)", "0.00001; 0.00000001", 0, exclusive: true, graphName: "Range for optimization tolerance"),
                Range(L1 + " (range)", "0.0; 0.01; 0.1; 1.0", 0, graphName: "Range for L1 regularization weight"),
                Range(L2 + " (range)", "0.01; 0.1; 1.0", 0, graphName: "Range for L2 regularization weight"),
                Range(
                    Memory + " (range)",
                    "5; 20; 50",
                    1,
                    graphName: "Range for memory size for L-BFGS the lower the value the faster and less accurate the training"),
                SeedNumber,
                AllowUnknownLevels,
            ],
        };
    }

    /// <summary>Two-Class Logistic Regression.</summary>
    public static LogisticRegressionModule TwoClass { get; } =
        new(ModelTask.Binary, "Two-Class Logistic Regression", "b0fd7660eeed43c5948720d9cc79ed5d");

    /// <summary>Multiclass Logistic Regression.</summary>
    public static LogisticRegressionModule Multiclass { get; } =
        new(ModelTask.Multiclass, "Multiclass Logistic Regression", "1d195fe598cd4e1aa1c8076aaa3e02c3");

    public override ModuleDescriptor Descriptor { get; }

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.IsRange;
        var options = new LogisticOptions
        {
            OptimizationTolerance = values.Number(Tolerance, isRange),
            L1Weight = values.Number(L1, isRange),
            L2Weight = values.Number(L2, isRange),
            MemorySize = values.Integer(Memory, isRange),
            Seed = values.Seed(),
        };
        return new LogisticRegressionLearner(Descriptor.Name, _task, options, values.Boolean(AllowUnknown), values.Used);
    }
}
