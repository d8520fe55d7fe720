using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Control activities: variables that exist and fit, cases that differ, timeouts.</summary>
internal static class ControlRules
{
    private const string ReturnValue = "pipelineReturnValue";

    public static void Check(ActivityPlace place, PipelineDefinition pipeline, DefinitionReport report)
    {
        if (place.Is("SetVariable") || place.Is("AppendVariable"))
        {
            CheckVariable(place, pipeline, report);
        }
        else if (place.Is("Switch"))
        {
            CheckCases(place.Activity, report);
        }
        else if (place.Is("Until") && place.Activity.TypeProperties.Member("timeout") is { } timeout)
        {
            PolicyRules.CheckTimeout(place.Activity.TypeProperties, "timeout", timeout, report);
        }
    }

    private static void CheckVariable(ActivityPlace place, PipelineDefinition pipeline, DefinitionReport report)
    {
        var properties = place.Activity.TypeProperties;
        if (properties.TextMember("variableName") is not { } name)
        {
            return;
        }

        if (string.Equals(name, ReturnValue, StringComparison.OrdinalIgnoreCase) && properties.BooleanMember("setSystemVariable") == true)
        {
            return;
        }

        var variable = pipeline.Variables.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));
        if (variable is null)
        {
            report.Add(
                ErrorCode.UnknownVariable,
                DiagnosticSeverity.Error,
                properties,
                "variableName",
                $"{place.Activity.Type} '{place.Activity.Name}' sets the variable '{name}', which the pipeline "
                + $"'{pipeline.Name}' does not declare."
                + NearestName.Hint(name, pipeline.Variables.Select(candidate => candidate.Name)));
            return;
        }

        var isArray = string.Equals(variable.Type, "Array", StringComparison.OrdinalIgnoreCase);
        if (place.Is("AppendVariable") && !isArray)
        {
            report.Add(
                ErrorCode.VariableTypeMismatch,
                DiagnosticSeverity.Error,
                properties,
                "variableName",
                $"AppendVariable '{place.Activity.Name}' appends to '{name}', which is declared as "
                + $"{variable.Type}; only an Array can be appended to.");
        }
        else if (place.Is("SetVariable") && properties.Member("value") is { } value && Mismatch(variable, value, isArray) is { } expected)
        {
            report.Add(
                ErrorCode.VariableTypeMismatch,
                DiagnosticSeverity.Error,
                properties,
                "value",
                $"SetVariable '{place.Activity.Name}' puts {value.Describe()} into '{name}', which is declared as "
                + $"{variable.Type}; expected {expected}.");
        }
    }

    // Only what can be seen without running: literals.
    private static string? Mismatch(VariableDefinition variable, JsonNode value, bool isArray)
    {
        if (value.AsExpression() is not null || ArmText.IsExpression(value) || (value as JsonObject)?.TextMember("type") is not null)
        {
            return null;
        }

        var kind = value.GetValueKind();
        return variable.Type.ToUpperInvariant() switch
        {
            _ when isArray && kind != JsonValueKind.Array => "an array",
            "STRING" when kind is JsonValueKind.Array or JsonValueKind.Object => "text",
            "BOOLEAN" or "BOOL" when value.AsBoolean() is null => "true or false",
            "INTEGER" or "INT" when value.AsInteger() is null => "a whole number",
            _ => null,
        };
    }

    private static void CheckCases(ActivityDefinition activity, DefinitionReport report)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var json in activity.TypeProperties.ArrayMember("cases")?.OfType<JsonObject>() ?? [])
        {
            if (json.TextMember("value") is not { } value)
            {
                report.Error(
                    ErrorCode.MissingMember,
                    json,
                    $"A case of Switch '{activity.Name}' has no 'value', the text that chooses it.");
            }
            else if (!seen.Add(value))
            {
                report.Error(
                    ErrorCode.DuplicateCase,
                    json,
                    $"Switch '{activity.Name}' has two cases for '{value}'; the second never runs. Remove one.");
            }
        }
    }
}
