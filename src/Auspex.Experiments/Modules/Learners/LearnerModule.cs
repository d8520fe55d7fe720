using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>An Initialize Model module: parameters in, an untrained model out.</summary>
internal abstract class LearnerModule : IModule
{
    /// <summary>The one output port.</summary>
    public const string OutputPort = "Untrained model";

    public abstract ModuleDescriptor Descriptor { get; }

    /// <summary>Whether what it gives learns to predict a label.</summary>
    public virtual bool NeedsLabel => true;

    /// <summary>
    /// Whether a sweep makes learners in range mode, with one number in the range, since other parameters count in that mode only.
    /// </summary>
    public virtual bool SweepsInRangeMode => false;

    /// <summary>Reads the parameters.</summary>
    /// <exception cref="ModuleException">One cannot be read or is out of its range.</exception>
    public abstract ILearner Create(ModuleParameters parameters);

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        context.Set(OutputPort, new LearnerValue(Create(context.Parameters))
        {
            Sweep = LearnerSweep.Of(this, context.Parameters),
        });
        return Task.CompletedTask;
    }
}
