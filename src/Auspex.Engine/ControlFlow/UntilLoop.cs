using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;

namespace Auspex.Engine.ControlFlow;

/// <summary>Until: the body first, then the expression, until it holds or the deadline passes.</summary>
internal static class UntilLoop
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromDays(7);

    public static async ValueTask BeginAsync(ActivityBeginning beginning)
    {
        var written = beginning.Evaluate("timeout");
        var timeout = written is null
            ? DefaultTimeout
            : ActivityPolicyReader.ReadTimeSpan(written, "timeout", beginning.Name);
        await beginning.StartAsync(new JsonObject { ["timeout"] = timeout.ToString("d\\.hh\\:mm\\:ss", null) });
        beginning.Emit(new LoopStarted(
            beginning.Now, beginning.Activity.Path, Items: null, Count: 0, Parallelism: 1, DueAt: beginning.Now + timeout));
    }

    /// <summary>Evaluates the loop's expression as seen from its latest iteration.</summary>
    /// <exception cref="ActivityException">The result is no Boolean.</exception>
    public static bool EvaluateCondition(ActivityBeginning beginning)
    {
        var result = beginning.Evaluate("expression");
        return ActivityPolicyReader.ReadBoolean(result)
            ?? throw ActivityBeginning.Invalid(
                $"The execution of template action '{beginning.Name}' failed: the result of the evaluation of 'until' expression "
                + $"'{beginning.TextOf("expression")}' is of type '{ActivityPolicyReader.TypeName(result)}'. The result must be a valid boolean.");
    }
}
