using System.Text.Json.Nodes;
using Auspex.Definitions.Planning;

namespace Auspex.Cli.Output;

/// <summary>A plan as text for people and as JSON for programs.</summary>
internal static class PlanView
{
    public static void Write(TextWriter writer, FactoryPlan plan)
    {
        if (plan.IsEmpty)
        {
            writer.WriteLine("Nothing changes: both factories do the same.");
            return;
        }

        foreach (var change in plan.Changes)
        {
            var sign = change.Action switch
            {
                PlanAction.Added => '+',
                PlanAction.Removed => '-',
                _ => '~',
            };
            writer.WriteLine($"{sign} {change.Kind} {change.Name}");
            foreach (var detail in change.Details)
            {
                writer.WriteLine($"    {detail}");
            }

            foreach (var effect in change.Effects)
            {
                writer.WriteLine($"    => {effect}");
            }
        }

        int Count(PlanAction action) => plan.Changes.Count(change => change.Action == action);
        writer.WriteLine($"{Count(PlanAction.Added)} added, {Count(PlanAction.Removed)} removed, {Count(PlanAction.Changed)} changed.");
    }

    public static JsonObject ToJson(FactoryPlan plan) => new()
    {
        ["isEmpty"] = plan.IsEmpty,
        ["changes"] = new JsonArray([.. plan.Changes.Select(change => new JsonObject
        {
            ["action"] = change.Action.ToString(),
            ["kind"] = change.Kind,
            ["name"] = change.Name,
            ["details"] = new JsonArray([.. change.Details.Select(detail => JsonValue.Create(detail))]),
            ["effects"] = new JsonArray([.. change.Effects.Select(effect => JsonValue.Create(effect))]),
        })]),
    };
}
