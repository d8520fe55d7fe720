using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Expressions;
using Auspex.Expressions.Typing;

namespace Auspex.Definitions.Validation;

/// <summary>Members that expressions read of activities' results: they are there.</summary>
internal static class OutputRules
{
    /// <summary>What a reference to an activity gives, the steps behind it followed as far as they are known.</summary>
    public static OutputShape Follow(OutputShape shape, IEnumerable<string> steps)
    {
        foreach (var step in steps)
        {
            shape = IsIndex(step)
                ? shape.Element ?? OutputShape.Anything
                : shape.Members?.GetValueOrDefault(step) ?? OutputShape.Anything;
        }

        return shape;
    }

    /// <summary>Reports the first step that leads nowhere.</summary>
    public static void Check(
        ExpressionReference reference,
        ActivityDefinition target,
        OutputShape shape,
        JsonObject parent,
        string member,
        DefinitionReport report)
    {
        var way = "activity";
        foreach (var step in reference.Path)
        {
            if (shape.Types == ValueTypes.Array && !IsIndex(step.Name))
            {
                Report(
                    DiagnosticSeverity.Error,
                    $"The expression reads '{step.Name}' of '{way}' of {target.Type} '{target.Name}', which is an array; an element is read by its "
                    + $"index, as in {way}[0].{step.Name}.");
                return;
            }

            if (shape.Members is { } members && !IsIndex(step.Name) && !members.ContainsKey(step.Name))
            {
                ReportMissing(step, members.Keys, way);
                return;
            }

            shape = Follow(shape, [step.Name]);
            way = way == "activity" ? step.Name : IsIndex(step.Name) ? $"{way}[{step.Name}]" : $"{way}.{step.Name}";
        }

        void ReportMissing(ReferenceStep step, IEnumerable<string> known, string where)
        {
            var severity = shape.IsComplete && !step.IsGuarded ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
            var own = known.Where(name => !IsCommon(name)).Order(StringComparer.Ordinal).ToArray();
            var has = where == "activity"
                ? "activity() gives 'output', 'error' and 'status'"
                : own.Length == 0 ? $"its '{where}' has no members of its own" : $"its '{where}' has {string.Join(", ", own.Select(name => $"'{name}'"))}";
            Report(
                severity,
                $"The expression reads '{step.Name}' of {target.Type} '{target.Name}', but {has}.{(where == "output" ? Advice(target, step.Name) : null) ?? NearestName.Hint(step.Name, known)}");
        }

        void Report(DiagnosticSeverity severity, string message) =>
            ExpressionRules.Report(ErrorCode.UnknownOutputMember, severity, parent, member, reference.JsonPath, message, report);
    }

    private static string? Advice(ActivityDefinition target, string name)
    {
        if (string.Equals(target.Type, "Lookup", StringComparison.OrdinalIgnoreCase))
        {
            return name.ToUpperInvariant() switch
            {
                "VALUE" or "COUNT" => " It looks up one row only: set 'firstRowOnly' to false, or read output.firstRow.",
                "FIRSTROW" => " It looks up all rows: read output.value[0], or set 'firstRowOnly' to true.",
                _ => null,
            };
        }

        return string.Equals(target.Type, "GetMetadata", StringComparison.OrdinalIgnoreCase)
            && ActivityOutputs.KnownMetadataFields.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? $" Add \"{name}\" to its 'fieldList'."
            : null;
    }

    private static bool IsCommon(string name) =>
        name is "effectiveIntegrationRuntime" or "executionDuration" or "durationInQueue" or "billingReference";

    private static bool IsIndex(string step) => step == "[]" || (step.Length > 0 && step.All(char.IsAsciiDigit));
}
