using Auspex.Experiments.Execution;

namespace Auspex.Experiments.Modules;

/// <summary>Seeds of modules that work on tables: 0 or blank takes one from the clock, and the node's log tells which.</summary>
internal static class Seeds
{
    /// <summary>The random numbers of a seed parameter.</summary>
    public static SeededRandom Random(this ModuleContext context, string parameter)
    {
        var random = SeededRandom.Create(context.Parameters.OptionalInteger(parameter) ?? 0, context.Services.Clock);
        context.Note(FormattableString.Invariant($"Random seed {random.Seed}."));
        return random;
    }
}
