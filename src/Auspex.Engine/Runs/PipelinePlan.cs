using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Auspex.Definitions;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>A pipeline made ready to be decided: every list of activities with its edges resolved, once for all runs.</summary>
internal sealed class PipelinePlan
{
    // A factory starts the same definition again and again; its plan lives as long as the definition does.
    private static readonly ConditionalWeakTable<PipelineDefinition, PipelinePlan> Plans = [];

    private readonly Dictionary<string, ActivityPlan> _byName = new(StringComparer.OrdinalIgnoreCase);

    private PipelinePlan(PipelineDefinition definition)
    {
        Definition = definition;
        Root = BuildScope(definition.Activities, owner: null, string.Empty);
    }

    public PipelineDefinition Definition { get; }

    /// <summary>The pipeline's own activities.</summary>
    public ScopePlan Root { get; }

    /// <exception cref="RunRejectedException">The definition cannot be run: a cycle, an unknown dependency, a name used twice.</exception>
    public static PipelinePlan For(PipelineDefinition definition) =>
        Plans.GetValue(definition, static key => new PipelinePlan(key));

    /// <summary>The activity of that name, inner ones included; null when there is none.</summary>
    public ActivityPlan? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The activity of that name as paths write it; null when there is none.</summary>
    public ActivityPlan? FindEscaped(string escapedName) =>
        Find(ActivityPath.Unescape(escapedName));

    private ScopePlan BuildScope(ImmutableArray<ActivityDefinition> activities, ActivityPlan? owner, string branch)
    {
        var plans = new ActivityPlan[activities.Length];
        var names = new Dictionary<string, int>(activities.Length, StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < activities.Length; index++)
        {
            plans[index] = new ActivityPlan(activities[index], index, owner, branch);
            names[activities[index].Name] = index;
            if (!_byName.TryAdd(activities[index].Name, plans[index]))
            {
                throw new RunRejectedException(ErrorCode.ActivityNameTaken,
                    $"Pipeline '{Definition.Name}' has two activities named '{activities[index].Name}'. "
                    + "Names are unique within a pipeline, inner activities included and case ignored. Rename one.");
            }
        }

        ResolveDependencies(plans, names);
        foreach (var plan in plans)
        {
            plan.Branches = [.. plan.Definition.Branches
                .Select(inner => new BranchPlan(inner.Name, BuildScope(inner.Activities, plan, inner.Name)))];
        }

        return new ScopePlan([.. plans]);
    }

    private void ResolveDependencies(ActivityPlan[] plans, Dictionary<string, int> names)
    {
        var dependants = plans.Select(_ => new List<int>()).ToArray();
        foreach (var plan in plans)
        {
            var dependencies = ImmutableArray.CreateBuilder<DependencyPlan>(plan.Definition.DependsOn.Length);
            foreach (var dependency in plan.Definition.DependsOn)
            {
                if (!names.TryGetValue(dependency.Activity, out var predecessor))
                {
                    throw new RunRejectedException(ErrorCode.DependencyUnknown,
                        $"Pipeline '{Definition.Name}', activity '{plan.Definition.Name}' depends on "
                        + $"'{dependency.Activity}', which is not in the same list of activities. Correct the name in dependsOn.");
                }

                dependencies.Add(new DependencyPlan(predecessor, dependency.Conditions));
            }

            plan.Dependencies = dependencies.ToImmutable();
            plan.Predecessors = [.. plan.Dependencies.Select(dependency => dependency.Predecessor).Distinct()];
            foreach (var predecessor in plan.Predecessors)
            {
                dependants[predecessor].Add(plan.Index);
            }
        }

        foreach (var plan in plans)
        {
            plan.Dependants = [.. dependants[plan.Index]];
        }

        RefuseCycles(plans);
    }

    private void RefuseCycles(ActivityPlan[] plans)
    {
        // Kahn: what is never freed lies on a cycle or behind one.
        var open = plans.Select(plan => plan.Predecessors.Length).ToArray();
        var free = new Queue<int>(plans.Where(plan => plan.Predecessors.IsEmpty).Select(plan => plan.Index));
        var freed = 0;
        while (free.TryDequeue(out var index))
        {
            freed++;
            foreach (var dependant in plans[index].Dependants)
            {
                if (--open[dependant] == 0)
                {
                    free.Enqueue(dependant);
                }
            }
        }

        if (freed < plans.Length)
        {
            throw new RunRejectedException(ErrorCode.DependencyCycle,
                $"Pipeline '{Definition.Name}': activities depend on each other in a circle: {DescribeCycle(plans, open)}. "
                + "Remove one of these dependencies.");
        }
    }

    private static string DescribeCycle(ActivityPlan[] plans, int[] open)
    {
        var way = new List<int>();
        var at = Array.FindIndex(open, count => count > 0);
        while (!way.Contains(at))
        {
            way.Add(at);
            at = plans[at].Predecessors.First(predecessor => open[predecessor] > 0);
        }

        var names = way.SkipWhile(index => index != at).Append(at).Select(index => $"'{plans[index].Definition.Name}'");
        return string.Join(" -> ", names);
    }
}

/// <summary>A list of activities that start, depend on each other and are judged together.</summary>
internal sealed class ScopePlan(ImmutableArray<ActivityPlan> activities)
{
    private readonly Dictionary<string, int> _byEscapedName = activities.ToDictionary(
        plan => ActivityPath.Escape(plan.Definition.Name), plan => plan.Index, StringComparer.Ordinal);

    public ImmutableArray<ActivityPlan> Activities { get; } = activities;

    /// <summary>The index of an activity by its name as paths write it; -1 when it is not in this list.</summary>
    public int IndexOf(ReadOnlySpan<char> escapedName) =>
        _byEscapedName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(escapedName, out var index) ? index : -1;
}

/// <summary>An activity in its list, with what the decider asks of it.</summary>
internal sealed class ActivityPlan(ActivityDefinition definition, int index, ActivityPlan? owner, string branch)
{
    public ActivityDefinition Definition { get; } = definition;

    public int Index { get; } = index;

    /// <summary>The container that holds it; null at the top.</summary>
    public ActivityPlan? Owner { get; } = owner;

    /// <summary>The container's branch that holds it.</summary>
    public string Branch { get; } = branch;

    public ActivityKind Kind { get; } = ActivityKinds.Of(definition.Type);

    public ImmutableArray<DependencyPlan> Dependencies { get; set; } = [];

    /// <summary>The distinct predecessors.</summary>
    public ImmutableArray<int> Predecessors { get; set; } = [];

    public ImmutableArray<int> Dependants { get; set; } = [];

    public ImmutableArray<BranchPlan> Branches { get; set; } = [];

    /// <summary>The branch of that name; null when it is not there or holds nothing.</summary>
    public ScopePlan? FindBranch(string name) =>
        Branches.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.Ordinal))?.Scope
            is { Activities.IsEmpty: false } scope ? scope : null;
}

/// <summary>An entry of <c>dependsOn</c> with its predecessor's index.</summary>
internal sealed record DependencyPlan(int Predecessor, ImmutableArray<DependencyCondition> Conditions);

/// <summary>A container's branch.</summary>
internal sealed record BranchPlan(string Name, ScopePlan Scope);
