using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Triggers: their type, what they start and when.</summary>
internal static class TriggerRules
{
    private static readonly string[] Frequencies = ["Minute", "Hour", "Day", "Week", "Month"];

    public static void Check(TriggerDefinition trigger, DefinitionReport report)
    {
        var body = trigger.Source.ObjectMember("properties") ?? trigger.Source;
        if (trigger.Type.Length > 0 && !KnownTypes.Triggers.Contains(trigger.Type))
        {
            report.Add(
                ErrorCode.UnknownResourceType,
                DiagnosticSeverity.Warning,
                body,
                "type",
                $"The trigger '{trigger.Name}' has the type '{trigger.Type}', which is not known here; it never "
                + "starts anything."
                + NearestName.Hint(trigger.Type, KnownTypes.Triggers));
        }

        if (trigger.Pipelines.IsEmpty)
        {
            report.Warning(
                ErrorCode.TriggerWithoutPipeline,
                body.Member("pipelines") ?? body.Member("pipeline") ?? body,
                $"The trigger '{trigger.Name}' starts no pipeline. Name one in 'pipelines', or remove the trigger.");
        }
        else if (Is(trigger, "TumblingWindowTrigger") && trigger.Pipelines.Length > 1)
        {
            report.Error(
                ErrorCode.TriggerShape,
                body,
                $"The trigger '{trigger.Name}' starts {trigger.Pipelines.Length} pipelines; a tumbling window "
                + "starts exactly one.");
        }

        if (Is(trigger, "ScheduleTrigger"))
        {
            CheckTime(trigger, trigger.TypeProperties.ObjectMember("recurrence"), "recurrence", body, report);
        }
        else if (Is(trigger, "TumblingWindowTrigger"))
        {
            CheckTime(trigger, trigger.TypeProperties, "typeProperties", body, report);
        }
    }

    private static void CheckTime(
        TriggerDefinition trigger,
        JsonObject? time,
        string where,
        JsonObject body,
        DefinitionReport report)
    {
        if (time is null || time.Count == 0)
        {
            report.Error(
                ErrorCode.MissingMember,
                body,
                $"The trigger '{trigger.Name}' has no '{where}', which says when it starts.");
            return;
        }

        if (time.Member("frequency") is not { } node)
        {
            report.Error(ErrorCode.MissingMember, time, $"The trigger '{trigger.Name}' has no 'frequency'.");
        }
        else if (!ArmText.IsExpression(node) && !Frequencies.Contains(node.AsText(), StringComparer.OrdinalIgnoreCase))
        {
            report.Error(
                ErrorCode.UnknownValue,
                node,
                $"Found '{node.AsText()}' for 'frequency', expected one of {string.Join(", ", Frequencies)}."
                + NearestName.Hint(node.AsText() ?? string.Empty, Frequencies));
        }

        if (time.Member("interval") is { } interval && !ArmText.IsExpression(interval) && interval.AsInteger() is null or < 1)
        {
            report.WrongType(time, "interval", "a whole number of at least 1");
        }

        if (time.Member("startTime") is null)
        {
            report.Error(ErrorCode.MissingMember, time, $"The trigger '{trigger.Name}' has no 'startTime'.");
        }
    }

    private static bool Is(TriggerDefinition trigger, string type) => string.Equals(trigger.Type, type, StringComparison.OrdinalIgnoreCase);
}
