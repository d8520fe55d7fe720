namespace Auspex.Engine.Runs;

/// <summary>An open list of activities: the pipeline's own, a branch, or one iteration of a loop.</summary>
internal sealed class ScopeState
{
    public ScopeState(ScopePlan plan, string path, ActivityState? owner, int index)
    {
        Plan = plan;
        Path = path;
        Owner = owner;
        Index = index;
        Remaining = plan.Activities.Length;
        Activities = new ActivityState[plan.Activities.Length];
        for (var at = 0; at < Activities.Length; at++)
        {
            Activities[at] = new ActivityState(this, plan.Activities[at]);
        }
    }

    public ScopePlan Plan { get; }

    public string Path { get; }

    /// <summary>The container; null at the top.</summary>
    public ActivityState? Owner { get; }

    /// <summary>The iteration; -1 for the pipeline's own list and for branches.</summary>
    public int Index { get; }

    public ActivityState[] Activities { get; }

    /// <summary>Activities that have not ended.</summary>
    public int Remaining { get; set; }
}
