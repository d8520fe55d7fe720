using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Activities of known types have what they need, in the JSON type that they need it in.</summary>
internal static class ActivityShapeRules
{
    private static readonly string[] ActivityMembers =
    [
        "name", "type", "description", "state", "onInactiveMarkAs", "dependsOn", "userProperties",
        "linkedServiceName", "policy", "inputs",
        "outputs", "typeProperties",
    ];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"];

    public static void Check(ActivityDefinition activity, DefinitionReport report)
    {
        CheckSpelling(activity.Source, report);
        if (activity.Type.Length == 0)
        {
            return;
        }

        if (!KnownTypes.Activities.Contains(activity.Type))
        {
            report.Add(
                ErrorCode.UnknownActivityType,
                DiagnosticSeverity.Warning,
                activity.Source,
                "type",
                $"Activity '{activity.Name}' has the type '{activity.Type}', which is not known here. It is kept "
                + "as it is; a run that reaches it fails."
                + NearestName.Hint(activity.Type, KnownTypes.Activities));
            return;
        }

        if (ActivityShapes.Find(activity.Type) is not { } shape)
        {
            return;
        }

        if (shape.NeedsLinkedService && activity.Source.Member("linkedServiceName") is null)
        {
            Missing(activity, activity.Source, "linkedServiceName", report);
        }
        else if (activity.Source.Member("linkedServiceName") is { } reference && activity.LinkedServiceName is null && !ArmText.IsExpression(reference))
        {
            report.WrongType(
                activity.Source,
                "linkedServiceName",
                "a reference such as {\"referenceName\": \"...\", \"type\": \"LinkedServiceReference\"}");
        }

        if (ArmText.IsExpression(activity.Source.Member("typeProperties")))
        {
            return;
        }

        foreach (var member in shape.Members)
        {
            CheckMember(activity, member, report);
        }

        CheckMethod(activity, report);
        CheckCopy(activity, report);
    }

    private static void CheckMember(ActivityDefinition activity, ShapeMember member, DefinitionReport report)
    {
        if (activity.TypeProperties.Member(member.Name) is not { } value)
        {
            // JSON null is a value that a variable may be set to.
            if (member.IsRequired && !(member.Name == "value" && activity.TypeProperties.TryMember(member.Name, out _)))
            {
                Missing(activity, activity.TypeProperties.Parent is null ? activity.Source : activity.TypeProperties, member.Name, report);
            }

            return;
        }

        // Lists of inner activities are checked when they are loaded.
        if (value.AsExpression() is not null || ArmText.IsExpression(value) || (!activity.Branches.IsEmpty && BranchLoader.Members.Contains(member.Name)))
        {
            return;
        }

        var (fits, expected) = member.Shape switch
        {
            MemberShape.Text => (value.AsText() is not null || IsLiteralExpression(value), "text"),
            MemberShape.Integer => (value.AsInteger() is not null || IsLiteralExpression(value), "a whole number or an expression"),
            MemberShape.Boolean => (value.AsBoolean() is not null || IsLiteralExpression(value), "true, false or an expression"),
            MemberShape.Object => (value is JsonObject, "an object"),
            MemberShape.Array => (value is JsonArray, "an array"),
            MemberShape.Reference => (ReferenceLoader.Load(value) is not null, "a reference such as {\"referenceName\": \"...\", \"type\": \"...\"}"),
            MemberShape.Expression => (value is JsonArray || value.AsText() is not null || IsLiteralExpression(value),
                "an expression such as {\"type\": \"Expression\", \"value\": \"@...\"}"),
            _ => (true, string.Empty),
        };
        if (!fits && activity.TypeProperties.Parent is not null)
        {
            report.WrongType(activity.TypeProperties, member.Name, expected);
        }
    }

    // {"type": "Expression", "value": 5}: an expression object around a literal.
    private static bool IsLiteralExpression(JsonNode value) =>
        value is JsonObject json && string.Equals(json.TextMember("type"), "Expression", StringComparison.OrdinalIgnoreCase);

    private static void CheckMethod(ActivityDefinition activity, DefinitionReport report)
    {
        if (activity.Type.StartsWith("Web", StringComparison.OrdinalIgnoreCase)
            && activity.TypeProperties.Member("method") is { } node && node.AsExpression() is null && !ArmText.IsExpression(node)
            && node.AsText() is { } method && !Methods.Contains(method.ToUpperInvariant(), StringComparer.Ordinal))
        {
            report.Add(
                ErrorCode.UnknownValue,
                DiagnosticSeverity.Error,
                activity.TypeProperties,
                "method",
                $"Found '{method}' for 'method', expected one of {string.Join(", ", Methods)}.{NearestName.Hint(method, Methods)}");
        }
    }

    private static void CheckCopy(ActivityDefinition activity, DefinitionReport report)
    {
        if (!string.Equals(activity.Type, "Copy", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        foreach (var member in (ReadOnlySpan<string>)["inputs", "outputs"])
        {
            var value = activity.Source.Member(member);
            if (ArmText.IsExpression(value))
            {
                continue;
            }

            if ((value as JsonArray)?.Count is null or 0)
            {
                Missing(activity, activity.Source, member, report);
            }
        }
    }

    private static void CheckSpelling(JsonObject source, DefinitionReport report)
    {
        foreach (var (name, _) in source)
        {
            if (!ActivityMembers.Contains(name, StringComparer.OrdinalIgnoreCase) && NearestName.Find(name, ActivityMembers) is { } nearest
                && source.MemberName(nearest) is null)
            {
                report.Add(
                    ErrorCode.MisspelledMember,
                    DiagnosticSeverity.Warning,
                    source,
                    name,
                    $"An activity has no member '{name}', so nothing reads it. Did you mean '{nearest}'?");
            }
        }
    }

    private static void Missing(
        ActivityDefinition activity,
        JsonObject parent,
        string member,
        DefinitionReport report) =>
        report.Error(
            ErrorCode.MissingMember,
            parent,
            $"{activity.Type} '{activity.Name}' has no '{member}', which it needs.");
}
