using System.Collections.Immutable;
using Auspex.Experiments.Training.Linear;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>The parameters that all learners fitted by L-BFGS have.</summary>
internal static class LbfgsParameters
{
    private const string Tolerance = "Optimization tolerance";
    private const string L1 = "L1 regularization weight";
    private const string L2 = "L2 regularization weight";
    private const string Memory = "Memory size for L-BFGS";

    public static ImmutableArray<ModuleParameter> All =>
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
    ];

    public static LogisticOptions Read(LearnerValues values)
    {
        var isRange = values.IsRange;
        return new LogisticOptions
        {
            OptimizationTolerance = values.Number(Tolerance, isRange),
            L1Weight = values.Number(L1, isRange),
            L2Weight = values.Number(L2, isRange),
            MemorySize = values.Integer(Memory, isRange),
            Seed = values.Seed(),
        };
    }
}
