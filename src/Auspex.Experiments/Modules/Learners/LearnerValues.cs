using System.Globalization;

namespace Auspex.Experiments.Modules.Learners;

/// <summary>
/// Reads a learner's parameters and remembers what was in force, for the trained model's description. In range mode a
/// learner that is trained without a sweep takes the first number of each range, as Studio's Train Model does.
/// </summary>
internal sealed class LearnerValues(ModuleDescriptor descriptor, ModuleParameters parameters)
{
    private readonly SortedDictionary<string, string> _used = new(StringComparer.Ordinal);

    /// <summary>The values in force, by the parameter's label.</summary>
    public IReadOnlyDictionary<string, string> Used => _used;

    /// <summary>Whether the learner is in range mode.</summary>
    public bool IsRange => Choice(LearnerDeclarations.Mode) == LearnerDeclarations.RangeMode;

    public string Choice(string name) => Use(name, parameters.Choice(name));

    public bool Boolean(string name)
    {
        var value = parameters.Boolean(name);
        Use(name, value ? "True" : "False");
        return value;
    }

    /// <summary>A whole number of its own.</summary>
    public int Integer(string name) => Integer(name, isRange: false);

    /// <summary>A text; an empty one where it is blank.</summary>
    public string Text(string name) => Use(name, parameters.Text(name) ?? "");

    public int? Seed()
    {
        var seed = parameters.OptionalInteger(LearnerDeclarations.Seed);
        if (seed is { } number)
        {
            Use(LearnerDeclarations.Seed, number.ToString(CultureInfo.InvariantCulture));
        }

        return seed;
    }

    /// <summary>A number of its own.</summary>
    public double Number(string name)
    {
        var value = parameters.Float(name);
        Use(name, value.ToString("R", CultureInfo.InvariantCulture));
        return value;
    }

    /// <summary>A number, or the first of its range.</summary>
    public double Number(string name, bool isRange) => isRange ? First(name) : Number(name);

    /// <summary>A whole number, or the first of its range.</summary>
    public int Integer(string name, bool isRange)
    {
        if (!isRange)
        {
            var value = parameters.Integer(name);
            Use(name, value.ToString(CultureInfo.InvariantCulture));
            return value;
        }

        var first = First(name);
        return first == (int)first
            ? (int)first
            : throw new ModuleException(
                2, $"The range of parameter '{name}' of {descriptor.Name} begins with {first.ToString(CultureInfo.InvariantCulture)}; expected whole numbers.");
    }

    private double First(string name)
    {
        var declared = descriptor.Parameters.First(parameter => parameter.RangeOf == name);
        var range = declared.Name;
        var text = parameters.Required(range);
        var first = SweptParameter.FirstOf(text);
        if (!double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            throw new ModuleException(
                2, $"Parameter '{range}' of {descriptor.Name} is '{text}'; expected numbers separated by semicolons, such as 1; 4; 16.");
        }

        if (value < declared.Minimum || (declared.MinimumIsExclusive && value <= declared.Minimum) || value > declared.Maximum)
        {
            throw new ModuleException(
                8, FormattableString.Invariant($"Parameter '{range}' of {descriptor.Name} has {value}, which is out of its bounds."));
        }

        Use(name, value.ToString("R", CultureInfo.InvariantCulture));
        return value;
    }

    private string Use(string name, string value) => _used[name] = value;
}
