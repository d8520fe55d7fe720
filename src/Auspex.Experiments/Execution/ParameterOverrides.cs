using System.Collections.Immutable;
using System.Globalization;
using Auspex.Errors;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;

namespace Auspex.Experiments.Execution;

/// <summary>
/// What the module parameters of each node are in one run: the caller's values through their links, else the web-service
/// parameter's default, else what the node itself says, else the module's default.
/// </summary>
internal static class ParameterOverrides
{
    /// <summary>Checks a caller's values and lays them over the nodes' own.</summary>
    /// <param name="experiment">The graph.</param>
    /// <param name="values">Texts by web-service parameter name; names compare exactly.</param>
    /// <param name="isCall">
    /// True: a parameter without default must be given. False: the node's own value stands in.
    /// </param>
    /// <returns>Texts by label for each node that has a linked parameter; other nodes keep their own.</returns>
    /// <exception cref="WebServiceCallException">
    /// A value is missing, unknown, unparsable or against its rule.
    /// </exception>
    public static IReadOnlyDictionary<string, ImmutableSortedDictionary<string, string>> Resolve(
        CompiledExperiment experiment, IReadOnlyDictionary<string, string> values, bool isCall)
    {
        RefuseUnknown(experiment, values);
        var resolved = new Dictionary<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var parameter in experiment.Parameters)
        {
            if (values.TryGetValue(parameter.Definition.Name, out var text))
            {
                Check(parameter, text);
            }
            else if (parameter.DefaultText is { } standard)
            {
                text = standard;
            }
            else
            {
                if (isCall)
                {
                    missing.Add(parameter.Definition.Name);
                }

                continue;
            }

            foreach (var target in parameter.Targets)
            {
                var own = resolved.GetValueOrDefault(target.Node) ?? experiment[target.Node].Parameters;
                resolved[target.Node] = own.SetItem(target.Parameter.Name, text);
            }
        }

        return missing.Count == 0 ? resolved : throw new WebServiceCallException(
            ErrorCode.ServiceParameterRejected,
            "MissingRequiredGlobalParameters",
            $"These parameters have no default and were not given: {string.Join(", ", missing)}. Give them in "
                + "GlobalParameters.");
    }

    private static void RefuseUnknown(CompiledExperiment experiment, IReadOnlyDictionary<string, string> values)
    {
        var known = experiment.Parameters.Select(parameter => parameter.Definition.Name).ToList();
        var unknown = values.Keys.Where(name => !known.Contains(name, StringComparer.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new WebServiceCallException(
                ErrorCode.ServiceParameterRejected,
                "UnexpectedParameter",
                $"These parameters are not the web service's: {string.Join(", ", unknown)}; it takes "
                    + $"{(known.Count == 0 ? "none" : string.Join(", ", known))}. Names are "
                        + $"case-sensitive.{NearestName.Hint(unknown[0], known)}");
        }
    }

    private static void Check(CompiledServiceParameter parameter, string text)
    {
        if (!Parses(parameter.Definition.Type, text, out var expected))
        {
            throw Reject(parameter, "UserParameterInvalid", $"expected {expected}");
        }

        foreach (var target in parameter.Targets)
        {
            if (text.Length == 0 && target.Parameter.IsOptional)
            {
                continue;
            }

            if (ParameterText.Check(target.Parameter, text) is { } fault)
            {
                throw Reject(parameter, fault.IsRule ? "BadParameterValue" : "UserParameterInvalid", fault.Expected);
            }
        }
    }

    private static bool Parses(string type, string text, out string expected)
    {
        (var parses, expected) = type switch
        {
            "Int" => (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _), "a whole number"),
            "Float" or "Double" => (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _), "a number"),
            "Boolean" => (bool.TryParse(text, out _), "True or False"),
            _ => (true, ""),
        };
        return parses || text.Length == 0;
    }

    // The value itself stays out of the message: it may be a secret, and the caller has it.
    private static WebServiceCallException Reject(CompiledServiceParameter parameter, string subCode, string expected) => new(
        ErrorCode.ServiceParameterRejected,
        subCode,
        $"The value of parameter '{parameter.Definition.Name}' does not fit: {expected}"
            + $"{(parameter.Kind == ParameterKind.Enum ? "" : " for '" + parameter.Targets[0].Parameter.Name + "'")}.");
}
