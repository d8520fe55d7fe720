using System.Text.Json.Nodes;

namespace Auspex.Definitions.Planning;

/// <summary>Who refers to what in a factory.</summary>
internal sealed class ResourceUsers
{
    private const int MostNamed = 5;

    private readonly Dictionary<string, SortedSet<string>> _users = new(StringComparer.OrdinalIgnoreCase);

    public ResourceUsers(FactoryDefinition factory)
    {
        foreach (var pipeline in factory.Pipelines.Values)
        {
            Walk(pipeline.Source, $"pipeline '{pipeline.Name}'");
        }

        foreach (var dataset in factory.Datasets.Values)
        {
            Walk(dataset.Source, $"dataset '{dataset.Name}'");
        }

        foreach (var linkedService in factory.LinkedServices.Values)
        {
            Walk(linkedService.Source, $"linked service '{linkedService.Name}'");
        }

        foreach (var trigger in factory.Triggers.Values)
        {
            Walk(trigger.Source, $"trigger '{trigger.Name}'");
        }
    }

    /// <summary>The resources that refer to one, such as <c>pipeline 'A' and dataset 'B'</c>; null when none does.</summary>
    public string? Of(string referenceType, string name)
    {
        if (!_users.TryGetValue($"{referenceType}/{name}", out var users))
        {
            return null;
        }

        var named = users.Take(MostNamed).ToList();
        if (users.Count > MostNamed)
        {
            named.Add($"{users.Count - MostNamed} more");
        }

        return named.Count == 1 ? named[0] : $"{string.Join(", ", named[..^1])} and {named[^1]}";
    }

    private void Walk(JsonNode? node, string user)
    {
        switch (node)
        {
            case JsonObject json:
                if (json.TextMember("referenceName") is { } name)
                {
                    var key = $"{json.TextMember("type")}/{name}";
                    if (!_users.TryGetValue(key, out var users))
                    {
                        users = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
                        _users.Add(key, users);
                    }

                    users.Add(user);
                }

                foreach (var (_, value) in json)
                {
                    Walk(value, user);
                }

                break;
            case JsonArray array:
                foreach (var element in array)
                {
                    Walk(element, user);
                }

                break;
        }
    }
}
