using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;
using Auspex.Expressions;

namespace Auspex.Engine.ControlFlow;

/// <summary>IfCondition and Switch: evaluate once, then one branch runs.</summary>
internal static class Branching
{
    public static async ValueTask BeginIfAsync(ActivityBeginning beginning)
    {
        var result = beginning.Evaluate("expression");

        // A notebook's exit value is text; real pipelines test "true" with it.
        if (ActivityPolicyReader.ReadBoolean(result) is not { } holds)
        {
            throw ActivityBeginning.Invalid(
                $"The execution of template action '{beginning.Name}' failed: the result of the evaluation of 'expression' "
                + $"'{beginning.TextOf("expression")}' is of type '{ActivityPolicyReader.TypeName(result)}'. The result must be a valid boolean.");
        }

        await beginning.StartAsync(new JsonObject { ["expression"] = holds });
        Choose(beginning, holds ? "ifTrueActivities" : "ifFalseActivities");
    }

    public static async ValueTask BeginSwitchAsync(ActivityBeginning beginning)
    {
        var property = beginning.Raw("on") is null ? "expression" : "on";
        var result = beginning.Evaluate(property);
        if (result is not JsonValue scalar)
        {
            throw ActivityBeginning.Invalid(
                $"The execution of template action '{beginning.Name}' failed: the result of the evaluation of 'on' "
                + $"'{beginning.TextOf(property)}' is of type '{ActivityPolicyReader.TypeName(result)}'. The result must be a valid string.");
        }

        var value = ExpressionEvaluator.ToText(scalar);
        await beginning.StartAsync(new JsonObject { ["on"] = value });

        var branch = "case:" + value;
        var isCase = beginning.Activity.Plan.Branches.Any(candidate => candidate.Name.Equals(branch, StringComparison.Ordinal));
        Choose(beginning, isCase ? branch : "defaultActivities");
    }

    private static void Choose(ActivityBeginning beginning, string branch) =>
        beginning.Emit(new BranchChosen(
            beginning.Now,
            beginning.Activity.Path,
            beginning.Activity.Plan.FindBranch(branch) is null ? null : branch));
}
