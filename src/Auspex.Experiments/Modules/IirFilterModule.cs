using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Filters;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "IIR Filter": Butterworth and Chebyshev filters.</summary>
internal sealed class IirFilterModule : FilterModule
{
    private const string Kind = "Filter kind";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "IIR Filter",
        Category = Category,
        Outputs = [Output],
        Parameters =
        [
            Declare.Integer("Order", "5", 4, 13),
            Declare.Choice(Kind, "Butterworth", ["Butterworth", "Chebyshev type 1", "Chebyshev type 2"]),
            Declare.Choice(FilterType, "LowPass", FilterTypes),
            Cutoff(Low, "0.3"),
            Cutoff(High, "0.7"),
            new()
            {
                Name = "Ripple",
                Kind = ParameterKind.Float,
                Default = "0.5",
                Minimum = 0,
                VisibleWhen = Declare.When(Kind, "Chebyshev type 1", "Chebyshev type 2"),
            },
        ],
    };

    public override SignalFilter Create(ModuleParameters parameters)
    {
        var (low, high) = Cutoffs(parameters);
        var kind = parameters.Choice(Kind);
        var ripple = kind == "Butterworth" ? 0 : parameters.Float("Ripple");
        if (kind != "Butterworth" && !(ripple > 0))
        {
            throw new ModuleException(4, FormattableString.Invariant($"'Ripple' is {ripple}; a Chebyshev filter needs one greater than 0."));
        }

        return IirDesign.Design(parameters.Integer("Order"), kind, parameters.Choice(FilterType), low, high, ripple);
    }
}
