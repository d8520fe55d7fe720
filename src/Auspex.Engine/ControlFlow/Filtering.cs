using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Expressions;

namespace Auspex.Engine.ControlFlow;

/// <summary>Filter: keeps the items whose condition holds, in their order.</summary>
internal static class Filtering
{
    public static async ValueTask BeginAsync(ActivityBeginning beginning)
    {
        var result = beginning.Evaluate("items");
        if (result is not JsonArray items)
        {
            throw ActivityBeginning.Invalid(
                $"The execution of template action '{beginning.Name}' failed: the result of the evaluation of 'items' expression "
                + $"'{beginning.TextOf("items")}' is of type '{ActivityPolicyReader.TypeName(result)}'. The result must be a valid array.");
        }

        await beginning.StartAsync(new JsonObject { ["items"] = items.DeepClone(), ["condition"] = beginning.TextOf("condition") });

        var condition = beginning.Raw("condition");
        var kept = new JsonArray();
        foreach (var item in items)
        {
            var holds = ExpressionEvaluator.Evaluate(condition, beginning.Context with { Item = item });
            if (ActivityPolicyReader.ReadBoolean(holds) is not { } keep)
            {
                throw ActivityBeginning.Invalid(
                    $"The execution of template action '{beginning.Name}' failed: the result of the evaluation of 'condition' "
                    + $"'{beginning.TextOf("condition")}' is of type '{ActivityPolicyReader.TypeName(holds)}'. The result must be a valid boolean.");
            }

            if (keep)
            {
                kept.Add(item?.DeepClone());
            }
        }

        await beginning.SucceedAsync(new JsonObject
        {
            ["ItemsCount"] = items.Count,
            ["FilteredItemsCount"] = kept.Count,
            ["Value"] = kept,
        });
    }
}
