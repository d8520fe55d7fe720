using System.Globalization;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Filters;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "User-Defined Filter": a filter of given weights.</summary>
internal sealed class UserDefinedFilterModule : FilterModule
{
    private const string Kind = "Type of filter";
    private const string Forward = "Forward";
    private const string Backward = "Backward";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "User-Defined Filter",
        Category = Category,
        Outputs = [Output],
        Parameters =
        [
            Declare.Choice(Kind, "FIR", ["FIR", "IIR"]),
            Declare.Text(Forward, "1.0"),
            Declare.Text(Backward, "1.0", when: Declare.When(Kind, "IIR")),
        ],
    };

    public override SignalFilter Create(ModuleParameters parameters)
    {
        var forward = Read(parameters, Forward);
        var backward = parameters.Choice(Kind) == "IIR" ? Read(parameters, Backward) : [1];
        return backward[0] != 0
            ? new LinearFilter(forward, backward)
            : throw new ModuleException(8, $"'{Backward}' begins with 0; its first number divides all others and must not be 0.");
    }

    private static double[] Read(ModuleParameters parameters, string name)
    {
        var weights = new List<double>();
        foreach (var part in parameters.Required(name).Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            weights.Add(double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
                ? weight
                : throw new ModuleException(2, $"'{name}' has '{part}'; expected numbers separated by commas."));
        }

        return weights.Count > 0 ? [.. weights] : throw new ModuleException(3, $"'{name}' has no number; expected at least one.");
    }
}
