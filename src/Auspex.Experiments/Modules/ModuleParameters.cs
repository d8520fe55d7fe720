using System.Globalization;

namespace Auspex.Experiments.Modules;

/// <summary>Parameter values of one module run: texts as Studio stores them, defaults filled in, hidden ones ignored.</summary>
/// <param name="descriptor">The module.</param>
/// <param name="values">Given values by parameter name (label or graph name); missing ones take their default.</param>
public sealed class ModuleParameters(ModuleDescriptor descriptor, IReadOnlyDictionary<string, string> values)
{
    /// <summary>The text of a parameter: given or default; null when it has neither or is blank.</summary>
    public string? Text(string name)
    {
        var parameter = Find(name);
        var text = values.TryGetValue(parameter.Name, out var byLabel) ? byLabel
            : parameter.GraphName is { } graphName && values.TryGetValue(graphName, out var byGraphName) ? byGraphName
            : parameter.Default;
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>The same parameters with some texts replaced, by label.</summary>
    internal ModuleParameters With(IEnumerable<KeyValuePair<string, string>> overrides)
    {
        var texts = new Dictionary<string, string>(values, StringComparer.Ordinal);
        foreach (var (name, text) in overrides)
        {
            texts[name] = text;
            if (Find(name).GraphName is { } graphName)
            {
                texts.Remove(graphName);
            }
        }

        return new ModuleParameters(descriptor, texts);
    }

    /// <summary>The text of a parameter that must have one.</summary>
    /// <exception cref="ModuleException">Error 3: it is blank.</exception>
    public string Required(string name) =>
        Text(name) ?? throw new ModuleException(3, $"Parameter '{name}' of {descriptor.Name} is empty; give a value.");

    /// <summary>A whole number within the parameter's range.</summary>
    /// <exception cref="ModuleException">Error 3 blank, 2 not a number, 8 outside a closed range, 4, 5 or 7 beyond its only bound.</exception>
    public int Integer(string name) => (int)Number(name, wholeNumber: true);

    /// <summary>A number within the parameter's range.</summary>
    /// <exception cref="ModuleException">Error 3 blank, 2 not a number, 8 outside a closed range, 4, 5 or 7 beyond its only bound.</exception>
    public double Float(string name) => Number(name, wholeNumber: false);

    /// <summary>An optional whole number; null when blank.</summary>
    public int? OptionalInteger(string name) => Text(name) is null ? null : Integer(name);

    /// <summary><c>True</c> or <c>False</c>, any case.</summary>
    /// <exception cref="ModuleException">Error 3: something else.</exception>
    public bool Boolean(string name)
    {
        var text = Required(name);
        return bool.TryParse(text, out var value)
            ? value
            : throw new ModuleException(3, $"Parameter '{name}' of {descriptor.Name} is '{text}'; expected True or False.");
    }

    /// <summary>One of the parameter's listed values, in the catalogue's spelling; its name or label, ignoring case and blanks.</summary>
    /// <exception cref="ModuleException"><paramref name="errorIfOther"/>: none of them. Error 3: blank.</exception>
    public string Choice(string name, int errorIfOther = 3)
    {
        var text = Required(name);
        return Find(name).Match(text) ?? throw new ModuleException(
            errorIfOther,
            $"Parameter '{name}' of {descriptor.Name} is '{text}'; expected one of {string.Join(", ", Find(name).Values)}.");
    }

    private double Number(string name, bool wholeNumber)
    {
        var parameter = Find(name);
        var text = Required(name);
        var style = wholeNumber ? NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite
            : NumberStyles.Float;
        if (!double.TryParse(text, style, CultureInfo.InvariantCulture, out var value) || (wholeNumber && (int)value != value))
        {
            var expected = wholeNumber ? "a whole number" : "a number";
            throw new ModuleException(2, $"Parameter '{name}' of {descriptor.Name} is '{text}'; expected {expected}.");
        }

        if (parameter is { Minimum: { } least, Maximum: { } greatest, MinimumIsExclusive: false }
            && !(value >= least && value <= greatest))
        {
            throw new ModuleException(
                8,
                FormattableString.Invariant(
                    $"Parameter '{name}' of {descriptor.Name} is {value}; it must be between {least} and {greatest}."));
        }

        if (parameter.Minimum is { } minimum && (value < minimum || (parameter.MinimumIsExclusive && value <= minimum)))
        {
            var relation = parameter.MinimumIsExclusive ? "greater than" : "at least";
            throw new ModuleException(
                parameter.MinimumIsExclusive ? 4 : 5,
                FormattableString.Invariant($"Parameter '{name}' of {descriptor.Name} is {value}; it must be {relation} {minimum}."));
        }

        if (parameter.Maximum is { } maximum && value > maximum)
        {
            throw new ModuleException(
                7, FormattableString.Invariant($"Parameter '{name}' of {descriptor.Name} is {value}; it must be at most {maximum}."));
        }

        return value;
    }

    private ModuleParameter Find(string name)
    {
        foreach (var parameter in descriptor.Parameters)
        {
            if (parameter.Name == name)
            {
                return parameter;
            }
        }

        throw new ArgumentException($"{descriptor.Name} declares no parameter '{name}'.", nameof(name));
    }
}
