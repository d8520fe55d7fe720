using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Auspex.Engine.Runs;

/// <summary>The activities that <c>activity('A')</c> may name from within one scope: those that have ended and are visible.</summary>
/// <remarks>
/// Visible are the activities of the scope and of those around it, and what is inside a container that is visible and has
/// a latest inside: a branch that was taken, an Until's last iteration. The inside of a ForEach is seen only from within.
/// </remarks>
internal sealed class ScopeActivities(RunState run, ScopeState scope) : IReadOnlyDictionary<string, JsonObject>
{
    public IEnumerable<string> Keys => All().Select(activity => activity.Name);

    public IEnumerable<JsonObject> Values => All().Select(activity => activity.ToExpressionObject(run));

    public int Count => All().Count();

    public JsonObject this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"Activity '{key}' is not in scope.");

    public bool ContainsKey(string key) => Find(key) is { HasEnded: true };

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonObject value)
    {
        value = Find(key) is { HasEnded: true } activity ? activity.ToExpressionObject(run) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, JsonObject>> GetEnumerator() =>
        All().Select(activity => KeyValuePair.Create(activity.Name, activity.ToExpressionObject(run))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ActivityState? Find(string name) => run.Plan.Find(name) is { } plan ? Find(plan) : null;

    private ActivityState? Find(ActivityPlan plan)
    {
        if (plan.Owner is null)
        {
            return run.Root.Activities[plan.Index];
        }

        if (Find(plan.Owner) is not { } owner || InnerScope(owner) is not { } inner)
        {
            return null;
        }

        // The branch that was taken may be another than the one that holds this activity.
        return plan.Index < inner.Activities.Length && inner.Activities[plan.Index].Plan == plan
            ? inner.Activities[plan.Index]
            : null;
    }

    private ScopeState? InnerScope(ActivityState owner)
    {
        for (var at = scope; at is not null; at = at.Owner?.Scope)
        {
            if (at.Owner == owner)
            {
                return at;
            }
        }

        return owner.Inner;
    }

    private IEnumerable<ActivityState> All() => Visible(run.Root).Where(activity => activity.HasEnded);

    private IEnumerable<ActivityState> Visible(ScopeState from)
    {
        foreach (var activity in from.Activities)
        {
            yield return activity;
            if (activity.Plan.Kind.IsContainer() && InnerScope(activity) is { } inner)
            {
                foreach (var below in Visible(inner))
                {
                    yield return below;
                }
            }
        }
    }
}
