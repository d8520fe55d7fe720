using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Compilation;

/// <summary>Parameter values as the text that Studio stores, and whether such a text fits a parameter.</summary>
public static class ParameterText
{
    /// <summary>
    /// The text of a JSON value: <c>True</c> and <c>False</c> for booleans, numbers as written, JSON for objects and
    /// arrays (column selectors); null for null.
    /// </summary>
    public static string? Of(JsonNode? value) => value switch
    {
        null => null,
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.String => scalar.GetValue<string>(),
            JsonValueKind.True => bool.TrueString,
            JsonValueKind.False => bool.FalseString,
            _ => scalar.ToJsonString(),
        },
        _ => value.ToJsonString(),
    };

    /// <summary>What is wrong with a text for this parameter, from "expected"; null when it fits.</summary>
    public static ParameterFault? Check(ModuleParameter parameter, string text) => parameter.Kind switch
    {
        ParameterKind.Integer => CheckInteger(parameter, text),
        ParameterKind.Float => CheckFloat(parameter, text),
        ParameterKind.Boolean when !bool.TryParse(text, out _) => new(IsRule: false, "expected True or False"),
        ParameterKind.Enum when parameter.Values.Length > 0 && parameter.Match(text) is null =>
            new(IsRule: true, $"expected one of {string.Join(", ", parameter.Values)}"),
        _ => null,
    };

    /// <summary>Whether a parameter counts, given the texts of the others; texts by label.</summary>
    public static bool IsVisible(
        ModuleDescriptor descriptor, ModuleParameter parameter, IReadOnlyDictionary<string, string> texts)
    {
        // A chain longer than there are parameters would be a circle in the catalogue.
        for (var steps = 0; steps <= descriptor.Parameters.Length; steps++)
        {
            if (parameter.VisibleWhen is not { } condition)
            {
                return true;
            }

            var master = Find(descriptor, condition.Parameter);
            var text = master is null ? null : texts.GetValueOrDefault(master.Name) ?? master.Default;
            if (master is null || text is null || !condition.Values.Any(value => SameChoice(master, value, text)))
            {
                return false;
            }

            parameter = master;
        }

        return false;
    }

    /// <summary>The parameter by label or by its name in graphs; null when the module has none.</summary>
    public static ModuleParameter? Find(ModuleDescriptor descriptor, string name)
    {
        foreach (var parameter in descriptor.Parameters)
        {
            if (parameter.Name == name || parameter.GraphName == name)
            {
                return parameter;
            }
        }

        return null;
    }

    // The value may be written by its label, of which the condition knows nothing.
    private static bool SameChoice(ModuleParameter master, string value, string text) =>
        string.Equals(master.Match(value) ?? value, master.Match(text) ?? text, StringComparison.OrdinalIgnoreCase);

    private static ParameterFault? CheckInteger(ModuleParameter parameter, string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? CheckRange(parameter, value)
            : new(IsRule: false, "expected a whole number");

    private static ParameterFault? CheckFloat(ModuleParameter parameter, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? CheckRange(parameter, value)
            : new(IsRule: false, "expected a number");

    private static ParameterFault? CheckRange(ModuleParameter parameter, double value)
    {
        var bounds = ImmutableArray.CreateBuilder<string>(2);
        var fits = !double.IsNaN(value);
        if (parameter.Minimum is { } minimum)
        {
            fits &= parameter.MinimumIsExclusive ? value > minimum : value >= minimum;
            bounds.Add(string.Create(
                CultureInfo.InvariantCulture, $"{(parameter.MinimumIsExclusive ? "greater than" : "at least")} {minimum}"));
        }

        if (parameter.Maximum is { } maximum)
        {
            fits &= value <= maximum;
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"at most {maximum}"));
        }

        return fits || bounds.Count == 0 ? null : new(IsRule: true, $"expected a number {string.Join(" and ", bounds)}");
    }
}

/// <summary>Why a text does not fit a parameter.</summary>
/// <param name="IsRule">
/// True: it parses and breaks the parameter's rule (range, list). False: it does not parse.
/// </param>
/// <param name="Expected">What would fit, beginning with "expected".</param>
public sealed record ParameterFault(bool IsRule, string Expected);
