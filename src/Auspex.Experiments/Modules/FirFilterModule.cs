using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Filters;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "FIR Filter": an ideal filter under a window.</summary>
internal sealed class FirFilterModule : FilterModule
{
    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "FIR Filter",
        Category = Category,
        Outputs = [Output],
        Parameters =
        [
            Declare.Integer("Order", "5", 4),
            Declare.Choice("Window", "Hamming", ["None/Rectangular", "Bartlett (Triangle)", "Blackman", "Hamming", "Hann"]),
            Declare.Choice(FilterType, "LowPass", FilterTypes),
            Cutoff(Low, "0.3"),
            Cutoff(High, "0.7", Declare.When(FilterType, "HighPass", "BandPass", "BandStop")),
            Declare.Boolean("Scale", true),
        ],
    };

    public override SignalFilter Create(ModuleParameters parameters)
    {
        var (low, high) = Cutoffs(parameters);
        return new LinearFilter(
            FirDesign.Design(
                parameters.Integer("Order"), parameters.Choice("Window"), parameters.Choice(FilterType), low, high, parameters.Boolean("Scale")),
            [1]);
    }
}
