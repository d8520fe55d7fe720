using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;

namespace Auspex.Engine.ControlFlow;

/// <summary>ForEach: the items are evaluated once; a slot that is free takes the next one.</summary>
/// <remarks>Data Factory deals the items to its slots up front; here a slow item holds up nobody else. Order of start is the items'.</remarks>
internal static class ForEachLoop
{
    public const int MaxItems = 100_000;
    private const int DefaultParallelism = 20;
    private const int MaxParallelism = 50;

    public static async ValueTask BeginAsync(ActivityBeginning beginning)
    {
        var result = beginning.Evaluate("items");
        if (result is not JsonArray items)
        {
            throw ActivityBeginning.Invalid(
                $"The execution of template action '{beginning.Name}' failed: the result of the evaluation of 'foreach' expression "
                + $"'{beginning.TextOf("items")}' is of type '{ActivityPolicyReader.TypeName(result)}'. The result must be a valid array.");
        }

        if (items.Count > MaxItems)
        {
            throw ActivityBeginning.Invalid(FormattableString.Invariant(
                $"ForEach '{beginning.Name}' found {items.Count} items, at most {MaxItems} are allowed. Split them over several loops."));
        }

        var parallelism = ReadParallelism(beginning);
        var value = await beginning.Vault.StoreAsync(items, beginning.SecureInput);
        await beginning.StartAsync(new JsonObject { ["itemsCount"] = items.Count });
        if (beginning.Run.Kept?.ItemsOf(beginning.Activity.Path) is { } kept && !kept.Utf8.Span.SequenceEqual(value.Utf8.Span))
        {
            // What was done for other items says nothing about these.
            beginning.Emit(new ResultsDropped(beginning.Now, beginning.Activity.Path));
        }

        beginning.Emit(new LoopStarted(beginning.Now, beginning.Activity.Path, value, items.Count, parallelism, StopsAtFailure: StopsAtFailure(beginning) ? true : null));
    }

    // A user property is the one place of a ForEach's own that Data Factory leaves to its author.
    private static bool StopsAtFailure(ActivityBeginning beginning) =>
        beginning.UserProperties()?.FirstOrDefault(property => property.Key.Equals("stopAtFirstFailure", StringComparison.OrdinalIgnoreCase)).Value is { } wish
            ? ActivityPolicyReader.ReadBoolean(wish) == true
            : beginning.Options.StopForEachAtFirstFailure;

    private static int ReadParallelism(ActivityBeginning beginning)
    {
        if (ActivityPolicyReader.ReadBoolean(beginning.Raw("isSequential")) == true)
        {
            return 1;
        }

        return beginning.Raw("batchCount") is { } batchCount
            ? (int)Math.Min(
                ActivityPolicyReader.ReadInteger(batchCount, "batchCount", beginning.Name, 1, int.MaxValue), MaxParallelism)
            : DefaultParallelism;
    }
}
