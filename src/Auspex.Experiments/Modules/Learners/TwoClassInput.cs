using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>The untrained two-class learner that other learners are built on.</summary>
internal static class TwoClassInput
{
    public const string Port = "Untrained binary classification model";

    /// <exception cref="ModuleException">Error 13: what is connected is no two-class learner, or is trained already.</exception>
    public static ILearner Read(ModuleContext context, string module) => context.Get<PortValue>(Port) switch
    {
        LearnerValue { Learner: { Task: ModelTask.Binary } learner } => learner,
        LearnerValue { Learner: var learner } => throw new ModuleException(
            13, $"Input port '{Port}' of {module} holds {learner.Name}; expected a two-class learner, such as Two-Class Logistic Regression."),
        ModelValue { Model: var model } => throw new ModuleException(
            13, $"Input port '{Port}' of {module} holds a model that {model.Learner} has trained already; connect the learner itself."),
        var other => throw new ModuleException(13, $"Input port '{Port}' of {module} holds {other.Kind}; expected an untrained two-class learner."),
    };
}
