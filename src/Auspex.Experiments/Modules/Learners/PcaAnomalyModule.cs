using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Anomalies;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>PCA-Based Anomaly Detection.</summary>
internal sealed class PcaAnomalyModule : LearnerModule
{
    private const string TrainingMode = "Training mode";
    private const string Components = "Number of components to use in PCA";
    private const string Oversampling = "Oversampling parameter for randomized PCA";
    private const string Normalize = "Enable input feature mean normalization";
    private const string Counts = "2; 4; 6; 8; 10";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "PCA-Based Anomaly Detection",
        Category = "Machine Learning/Initialize Model/Anomaly Detection",
        FamilyId = "c3822fa510954c72bd1efd43d285153a",
        Outputs = [Untrained],
        Parameters =
        [
            Declare.Choice(TrainingMode, SingleMode, [SingleMode, RangeMode]),
            Single(Components, ParameterKind.Integer, "2", 1) with { VisibleWhen = Declare.When(TrainingMode, SingleMode) },
            Single(Oversampling, ParameterKind.Integer, "2", 0) with { VisibleWhen = Declare.When(TrainingMode, SingleMode) },
            Range("Range for number of PCA components", Counts, 1, 100, of: Components) with
            {
                VisibleWhen = Declare.When(TrainingMode, RangeMode),
            },
            Range("Range for the oversampling parameter used in randomized PCA", Counts, 1, 100, of: Oversampling) with
            {
                VisibleWhen = Declare.When(TrainingMode, RangeMode),
            },
            Declare.Boolean(Normalize, false),
        ],
    };

    public override bool NeedsLabel => false;

    public override ILearner Create(ModuleParameters parameters)
    {
        var values = new LearnerValues(Descriptor, parameters);
        var isRange = values.Choice(TrainingMode) == RangeMode;
        return new SubspaceLearner(
            Descriptor.Name, values.Integer(Components, isRange), values.Integer(Oversampling, isRange), values.Boolean(Normalize), values.Used);
    }
}
