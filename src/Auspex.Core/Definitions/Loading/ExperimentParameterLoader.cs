using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads the web-service parameters of an experiment.</summary>
internal static class ExperimentParameterLoader
{
    private static readonly string[] Members = ["type", "default", "links", "description"];

    private static readonly string[] Types =
    [
        "Int", "Float", "Double", "Boolean", "String", "Enumerated", "Script", "ColumnPicker", "Mode", "Credential",
        "ParameterRange",
    ];

    public static ImmutableArray<ExperimentParameter> Read(
        IReadOnlyDictionary<string, JsonNode?> members, HashSet<string> ids, ExperimentJsonReader reader)
    {
        if (reader.ObjectOf(members, "parameters", "$") is not { } json || reader.MembersOf(json, "$.parameters") is not { } entries)
        {
            return [];
        }

        var parameters = ImmutableArray.CreateBuilder<ExperimentParameter>(entries.Count);
        foreach (var (name, value) in entries)
        {
            var path = ExperimentPaths.Parameter(name);
            if (string.IsNullOrWhiteSpace(name) || value is not JsonObject body)
            {
                reader.Report(
                    ErrorCode.ExperimentShape,
                    $"Web-service parameter '{name}' is {ExperimentJsonReader.KindOf(value)}; expected a name and an "
                        + "object with 'links'.",
                    path);
            }
            else if (reader.MembersOf(body, path) is { } parameterMembers)
            {
                reader.ReportUnknown(parameterMembers, Members, path);
                parameters.Add(new ExperimentParameter(
                    name,
                    ReadType(name, parameterMembers, path, reader),
                    parameterMembers.ContainsKey("default"),
                    ReadDefault(name, parameterMembers, path, reader),
                    ReadLinks(name, parameterMembers, path, ids, reader))
                {
                    Description = reader.Text(parameterMembers, "description", path),
                });
            }
        }

        return parameters.DrainToImmutable();
    }

    private static string ReadType(
        string name, IReadOnlyDictionary<string, JsonNode?> members, string path, ExperimentJsonReader reader)
    {
        if (reader.Text(members, "type", path) is not { } text)
        {
            return "";
        }

        var type = Types.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (type is null)
        {
            reader.Report(
                ErrorCode.ExperimentShape,
                $"Web-service parameter '{name}' has type '{text}'; expected one of "
                    + $"{string.Join(", ", Types)}.{NearestName.Hint(text, Types)}",
                ExperimentPaths.Member(path, "type"));
        }

        return type ?? "";
    }

    private static JsonNode? ReadDefault(
        string name, IReadOnlyDictionary<string, JsonNode?> members, string path, ExperimentJsonReader reader)
    {
        if (members.TryGetValue("default", out var value) && value is not (null or JsonValue))
        {
            reader.Report(
                ErrorCode.ExperimentShape,
                $"The default of web-service parameter '{name}' is {ExperimentJsonReader.KindOf(value)}; expected "
                    + "text, a number, true or false.",
                ExperimentPaths.Member(path, "default"));
            return null;
        }

        return value?.DeepClone();
    }

    private static ImmutableArray<ParameterLink> ReadLinks(
        string name,
        IReadOnlyDictionary<string, JsonNode?> members,
        string path,
        HashSet<string> ids,
        ExperimentJsonReader reader)
    {
        var linksPath = ExperimentPaths.Member(path, "links");
        if (!members.TryGetValue("links", out var json) || json is not JsonArray { Count: > 0 } array)
        {
            reader.Report(
                ErrorCode.ExperimentShape,
                $"Web-service parameter '{name}' has no links; expected an array of 'node.Parameter name'.",
                linksPath);
            return [];
        }

        var links = ImmutableArray.CreateBuilder<ParameterLink>(array.Count);
        for (var i = 0; i < array.Count; i++)
        {
            var linkPath = $"{linksPath}[{i}]";
            if (array[i] is JsonValue text
                && text.GetValueKind() == JsonValueKind.String
                && ExperimentLoader.SplitReference(text.GetValue<string>()) is (var node, { Length: > 0 } parameter))
            {
                if (reader.CheckNode(node, ids, linkPath))
                {
                    links.Add(new ParameterLink(node, parameter));
                }
            }
            else
            {
                reader.Report(
                    ErrorCode.ExperimentShape,
                    $"Link {i} of web-service parameter '{name}' is {ExperimentJsonReader.KindOf(array[i])}; expected "
                        + "text: 'node.Parameter name'.",
                    linkPath);
            }
        }

        return links.DrainToImmutable();
    }
}
