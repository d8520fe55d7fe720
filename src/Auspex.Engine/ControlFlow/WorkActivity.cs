using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Engine.ControlFlow;

/// <summary>Begins an activity that an executor carries out: its whole input and policy are evaluated once, for all attempts.</summary>
internal static class WorkActivity
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(90);

    public static async ValueTask BeginAsync(ActivityBeginning beginning, TimeSpan defaultTimeout)
    {
        var definition = beginning.Activity.Plan.Definition;
        var policy = definition.Policy;
        var input = new ResolvedInput(
            (JsonObject)ExpressionEvaluator.Evaluate(definition.TypeProperties, beginning.Context)!,
            definition.LinkedServiceName?.Parameters is { } arguments
                ? (JsonObject)ExpressionEvaluator.Evaluate(arguments, beginning.Context)!
                : null,
            beginning.UserProperties(),
            EvaluateReferences(beginning, "inputs"),
            EvaluateReferences(beginning, "outputs"));

        // ExecutePipeline has no timeout of its own: the child's activities have theirs. A WebHook has one among its properties, and of
        // the policy only what is kept secret.
        var isWebHook = definition.Type.Equals("WebHook", StringComparison.OrdinalIgnoreCase);
        TimeSpan? timeout = isWebHook || definition.Type.Equals(ExecutePipelineExecutor.Type, StringComparison.OrdinalIgnoreCase)
            ? null
            : defaultTimeout;
        if (!isWebHook && ExpressionEvaluator.Evaluate(policy.Timeout, beginning.Context) is { } written)
        {
            var span = ActivityPolicyReader.ReadTimeSpan(written, "policy.timeout", beginning.Name);
            timeout = span < LongestTimeout ? span : LongestTimeout;
        }

        var retries = !isWebHook && ExpressionEvaluator.Evaluate(policy.Retry, beginning.Context) is { } retry
            ? ActivityPolicyReader.ReadInteger(retry, "policy.retry", beginning.Name, 0, int.MaxValue - 1)
            : 0;

        var value = await beginning.Vault.StoreAsync(input.ToJson(), beginning.SecureInput);
        if (beginning.Options.MaxInputBytes is > 0 and var most && value.Utf8.Length > most)
        {
            throw new ActivityException(
                ErrorCode.ActivityTemplate,
                "2002",
                FormattableString.Invariant(
                    $"The payload including configurations on activity '{beginning.Name}' is too large: its evaluated properties take {value.Utf8.Length} bytes, at most {most} are allowed (Auspex:Engine:MaxInputBytes). Pass large values through a store."),
                FailureType.UserError);
        }

        beginning.Emit(new ActivityStarted(
            beginning.Now, beginning.Activity.Path, 1, value, timeout, (int)retries + 1));
    }

    private static JsonArray? EvaluateReferences(ActivityBeginning beginning, string member) =>
        beginning.Activity.Plan.Definition.Source.ArrayMember(member) is { Count: > 0 } references
            ? ExpressionEvaluator.Evaluate(references, beginning.Context) as JsonArray
            : null;
}
