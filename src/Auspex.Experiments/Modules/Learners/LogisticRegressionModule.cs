using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Linear;
using static Auspex.Experiments.Modules.Learners.LearnerDeclarations;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Two-Class and Multiclass Logistic Regression, which differ in task and id.</summary>
internal sealed class LogisticRegressionModule : LearnerModule
{
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
            Parameters = LbfgsParameters.All,
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
        var options = LbfgsParameters.Read(values);
        return new LogisticRegressionLearner(Descriptor.Name, _task, options, values.Boolean(AllowUnknown), values.Used);
    }
}
