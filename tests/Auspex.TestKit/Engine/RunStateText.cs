using System.Globalization;
using System.Text;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;

namespace Auspex.TestKit.Engine;

/// <summary>A run's state as text: two states are equal if their texts are.</summary>
internal static class RunStateText
{
    public static string Describe(RunState state)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{state.Status} at {state.Sequence}, cancel {state.CancelRequested} {state.CancelIsRecursive}\n");
        text.Append(CultureInfo.InvariantCulture, $"failure {state.Failure}\nreturns {state.ReturnValue()?.ToJsonString()}\n");
        foreach (var (name, variable) in state.Variables.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"variable {name} = {variable.Current?.ToJsonString() ?? "null"}\n");
        }

        foreach (var activity in RunState.Reachable(state.Root))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{activity.Path}: {activity.Status} {activity.Phase} attempt {activity.Attempt}/{activity.MaxAttempts}");
            text.Append(CultureInfo.InvariantCulture,
                $" {activity.StartedAt:O}..{activity.EndedAt:O} due {activity.DueAt:O} fired {activity.TimerFired}");
            text.Append(CultureInfo.InvariantCulture,
                $" open {activity.OpenPredecessors} inner {activity.ActiveInner} branch {activity.BranchChosen}");
            text.Append(CultureInfo.InvariantCulture,
                $" in {Text(activity.Input)} out {Text(activity.Output)} checkpoint {Text(activity.Checkpoint)} {activity.Failure}");
            if (activity.Loop is { } loop)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $" loop {loop.Next}/{loop.Count} x{loop.Parallelism} open {loop.Open.Count} finished {loop.Finished.Count} awaits {loop.AwaitsCondition} holds {loop.ConditionHolds} {loop.Failure}");
            }

            text.Append('\n');
        }

        text.Append("active ").AppendJoin(", ", state.Active.Select(activity => activity.Path));
        return text.ToString();
    }

    private static string Text(JournalValue? value) => value is null ? "-"
        : value.Artifact?.Value ?? value.CipherText ?? Encoding.UTF8.GetString(value.Utf8.Span);
}
