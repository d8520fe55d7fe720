using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Filters;

/// <summary>A module that makes a filter of its parameters.</summary>
internal abstract class FilterModule : IModule
{
    protected const string Category = "Data Transformation/Filter";
    protected const string FilterType = "Filter type";
    protected const string Low = "Low cutoff";
    protected const string High = "High cutoff";
    protected const double MostCutoff = 0.9999999;

    public abstract ModuleDescriptor Descriptor { get; }

    protected static ModulePort Output => new("Filter", PortType.IFilter);

    protected static string[] FilterTypes => ["LowPass", "HighPass", "BandPass", "BandStop"];

    public abstract SignalFilter Create(ModuleParameters parameters);

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        context.Set("Filter", new FilterValue(Create(context.Parameters)));
        return Task.CompletedTask;
    }

    protected static ModuleParameter Cutoff(string name, string @default, ParameterVisibility? when = null) => new()
    {
        Name = name,
        Kind = ParameterKind.Float,
        Default = @default,
        Minimum = 0,
        MinimumIsExclusive = true,
        Maximum = MostCutoff,
        VisibleWhen = when,
    };

    /// <summary>The cutoffs that a type uses, checked.</summary>
    /// <exception cref="ModuleException">Error 6: the low one is not below the high one.</exception>
    protected static (double Low, double High) Cutoffs(ModuleParameters parameters)
    {
        var type = parameters.Choice(FilterType);
        var low = type == "HighPass" ? 0 : parameters.Float(Low);
        var high = type == "LowPass" ? MostCutoff : parameters.Float(High);
        return type is "LowPass" or "HighPass" || low < high
            ? (low, high)
            : throw new ModuleException(6, FormattableString.Invariant($"'{Low}' is {low}; it must be less than '{High}', which is {high}."));
    }
}
