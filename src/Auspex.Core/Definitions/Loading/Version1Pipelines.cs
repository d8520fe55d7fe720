using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>
/// Brings activities of Data Factory version 1 up to date. Version 1 had no <c>dependsOn</c>: an activity waited for those
/// that produce its input datasets. Without that order a model would be updated before it is trained.
/// </summary>
internal static class Version1Pipelines
{
    public static ImmutableArray<ActivityDefinition> Upgrade(
        ImmutableArray<ActivityDefinition> activities,
        DefinitionReport report)
    {
        if (!activities.Any(activity => IsVersion1(activity.Source)))
        {
            return activities;
        }

        var upgraded = activities.Select(activity => UpgradeType(activity, report)).ToArray();
        if (upgraded.All(activity => activity.DependsOn.IsEmpty))
        {
            Order(upgraded, report);
        }

        return [.. upgraded];
    }

    private static bool IsVersion1(JsonObject activity) =>
        Datasets(activity, "inputs").Concat(Datasets(activity, "outputs")).Any(ReferenceLoader.IsVersion1);

    private static JsonArray Datasets(JsonObject activity, string member) => activity.ArrayMember(member) ?? [];

    private static string[] DatasetNames(JsonObject activity, string member) =>
        [.. Datasets(activity, member).Select(ReferenceLoader.Load).OfType<ResourceReference>().Select(dataset => dataset.ReferenceName)];

    // The predecessor of AzureMLBatchExecution: its first datasets are the service's only input and output.
    private static ActivityDefinition UpgradeType(ActivityDefinition activity, DefinitionReport report)
    {
        if (!string.Equals(activity.Type, "AzureMLBatchScoring", StringComparison.OrdinalIgnoreCase))
        {
            return activity;
        }

        report.Information(
            ErrorCode.Version1Shape,
            activity.Source,
            $"Activity '{activity.Name}' has the old type AzureMLBatchScoring; it was taken as "
            + "AzureMLBatchExecution with its first "
            + "datasets as the web service's input and output and 'webServiceParameters' as 'globalParameters'.");
        var typeProperties = activity.TypeProperties.DeepClone().AsObject();
        if (DatasetNames(activity.Source, "inputs") is [var input, ..])
        {
            typeProperties["webServiceInput"] = input;
        }

        if (DatasetNames(activity.Source, "outputs") is [var output, ..])
        {
            typeProperties["webServiceOutput"] = output;
        }

        if (typeProperties.MemberName("webServiceParameters") is { } parameters)
        {
            var values = typeProperties[parameters];
            typeProperties.Remove(parameters);
            typeProperties["globalParameters"] = values;
        }

        return activity with { Type = "AzureMLBatchExecution", TypeProperties = typeProperties };
    }

    private static void Order(ActivityDefinition[] activities, DefinitionReport report)
    {
        var producers = activities
            .SelectMany((activity, index) => DatasetNames(activity.Source, "outputs").Select(dataset => (dataset, index)))
            .ToLookup(pair => pair.dataset, pair => pair.index, StringComparer.OrdinalIgnoreCase);
        var predecessors = activities.Select(_ => new SortedSet<int>()).ToArray();
        for (var consumer = 0; consumer < activities.Length; consumer++)
        {
            foreach (var producer in DatasetNames(activities[consumer].Source, "inputs").SelectMany(dataset => producers[dataset]))
            {
                if (producer != consumer && !Reaches(predecessors, producer, consumer))
                {
                    predecessors[consumer].Add(producer);
                }
            }
        }

        for (var index = 0; index < activities.Length; index++)
        {
            if (predecessors[index].Count == 0)
            {
                continue;
            }

            var names = predecessors[index].Select(predecessor => activities[predecessor].Name).ToArray();
            report.Information(
                ErrorCode.Version1Shape,
                activities[index].Source,
                $"Activity '{activities[index].Name}' has version 1's datasets instead of 'dependsOn'; it waits for "
                + $"{string.Join(", ", names.Select(name => $"'{name}'"))}, whose outputs it reads.");
            activities[index] = activities[index] with
            {
                DependsOn = [.. names.Select(name => new ActivityDependency(name, [DependencyCondition.Succeeded]))],
            };
        }
    }

    // Two activities that feed each other would wait for ever: the later edge is left out.
    private static bool Reaches(SortedSet<int>[] predecessors, int from, int to) =>
        predecessors[from].Contains(to) || predecessors[from].Any(next => Reaches(predecessors, next, to));
}
