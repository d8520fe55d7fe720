using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Filters;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Threshold Filter": values that meet the condition pass, the others become 0; or whether they meet it. Within so many
/// standard deviations of the mean for <c>StdDev</c>.
/// </summary>
internal sealed class ThresholdFilterModule : FilterModule
{
    private const string Kind = "Type";

    public override ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Threshold Filter",
        Category = Category,
        Outputs = [Output],
        Parameters =
        [
            Declare.Choice(Kind, "LessThan", ["LessThan", "GreaterThan", "EqualTo", "Range", "Magnitude", "StdDev"]),
            Declare.Boolean("Indicator", false),
            Number("Level", "0", "LessThan", "GreaterThan", "EqualTo", "Magnitude"),
            Number("Lower boundary", "-1", "Range"),
            Number("Upper boundary", "1", "Range"),
            Number("Alpha", "3", "StdDev"),
        ],
    };

    public override SignalFilter Create(ModuleParameters parameters)
    {
        var indicates = parameters.Boolean("Indicator");
        var test = Test(parameters);
        return new FunctionFilter(
            values =>
            {
                var meets = test(values);
                return [.. values.Select(value => meets(value) ? indicates ? 1 : value : 0)];
            },
            indicates);
    }

    private static Func<double[], Func<double, bool>> Test(ModuleParameters parameters)
    {
        var kind = parameters.Choice(Kind);
        if (kind == "StdDev")
        {
            var alpha = parameters.Float("Alpha");
            return values =>
            {
                var mean = values.Sum() / values.Length;
                var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
                return value => Math.Abs(value - mean) <= alpha * deviation;
            };
        }

        if (kind == "Range")
        {
            var (lower, upper) = (parameters.Float("Lower boundary"), parameters.Float("Upper boundary"));
            return lower <= upper
                ? _ => value => value >= lower && value <= upper
                : throw new ModuleException(7, FormattableString.Invariant($"'Lower boundary' is {lower}; it must be at most 'Upper boundary', which is {upper}."));
        }

        var level = parameters.Float("Level");
        return kind switch
        {
            "LessThan" => _ => value => value < level,
            "GreaterThan" => _ => value => value > level,
            "EqualTo" => _ => value => value == level,
            _ => _ => value => Math.Abs(value) > Math.Abs(level),
        };
    }

    private static ModuleParameter Number(string name, string @default, params string[] kinds) =>
        new() { Name = name, Kind = ParameterKind.Float, Default = @default, VisibleWhen = Declare.When(Kind, kinds) };
}
