using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>Takes the untrained model from a port.</summary>
internal static class UntrainedPort
{
    /// <exception cref="ModuleException">Error 13: the model is trained. Error 3: something else, or nothing.</exception>
    public static LearnerValue Of(ModuleContext context, string port) => context.Get<PortValue>(port) switch
    {
        LearnerValue value => value,
        ModelValue value => throw new ModuleException(
            13, $"Input port '{port}' holds a model that {value.Model.Learner} has trained already; connect the learner itself."),
        var other => throw new ModuleException(3, $"Input port '{port}' holds {other.Kind}; expected an untrained model."),
    };
}
