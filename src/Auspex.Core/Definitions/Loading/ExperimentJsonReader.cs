using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Takes members out of an experiment's JSON and reports what does not fit.</summary>
internal sealed class ExperimentJsonReader(string? file, ImmutableArray<Diagnostic>.Builder diagnostics)
{
    public static string KindOf(JsonNode? value) => value switch
    {
        null => "nothing",
        JsonObject => "an object",
        JsonArray => "an array",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "text",
            JsonValueKind.Number => "a number",
            _ => "true or false",
        },
    };

    public void Report(
        ErrorCode code, string message, string path, DiagnosticSeverity severity = DiagnosticSeverity.Error) =>
        diagnostics.Add(new Diagnostic(code, severity, message, file, path));

    /// <summary>The members in file order; null, and a diagnostic, when a name stands twice.</summary>
    public IReadOnlyDictionary<string, JsonNode?>? MembersOf(JsonObject json, string path)
    {
        try
        {
            var members = new OrderedDictionary<string, JsonNode?>(json.Count, StringComparer.Ordinal);
            foreach (var (name, value) in json)
            {
                members.Add(name, value);
            }

            return members;
        }
        catch (ArgumentException)
        {
            // A parsed JsonObject finds repeated names only now, when its members are first asked for.
            foreach (var name in RepeatedNames(json))
            {
                Report(
                    ErrorCode.ExperimentDuplicate,
                    $"'{name}' stands twice in one object; names are unique there. Rename or remove one.",
                    ExperimentPaths.Member(path, name));
            }

            return null;
        }
    }

    public JsonObject? ObjectOf(IReadOnlyDictionary<string, JsonNode?> members, string member, string path)
    {
        if (!members.TryGetValue(member, out var value) || value is null)
        {
            return null;
        }

        if (value is JsonObject json)
        {
            return json;
        }

        Report(
            ErrorCode.ExperimentShape, $"'{member}' is {KindOf(value)}; expected an object.", ExperimentPaths.Member(path, member));
        return null;
    }

    public string? Text(IReadOnlyDictionary<string, JsonNode?> members, string member, string path)
    {
        if (!members.TryGetValue(member, out var value) || value is null)
        {
            return null;
        }

        if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
        {
            return text.GetValue<string>();
        }

        Report(ErrorCode.ExperimentShape, $"'{member}' is {KindOf(value)}; expected text.", ExperimentPaths.Member(path, member));
        return null;
    }

    public void ReportUnknown(IReadOnlyDictionary<string, JsonNode?> members, string[] known, string path)
    {
        foreach (var name in members.Keys)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                Report(
                    ErrorCode.ExperimentMemberUnknown,
                    $"'{name}' means nothing here and is kept as it is.{NearestName.Hint(name, known)}",
                    ExperimentPaths.Member(path, name),
                    DiagnosticSeverity.Warning);
            }
        }
    }

    public bool CheckNode(string id, HashSet<string> ids, string path)
    {
        if (ids.Contains(id))
        {
            return true;
        }

        Report(
            ErrorCode.ExperimentReference,
            $"There is no node '{id}'; expected one of the experiment's nodes.{NearestName.Hint(id, ids)}",
            path);
        return false;
    }

    private static List<string> RepeatedNames(JsonObject json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json.ToJsonString()));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var repeated = new List<string>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1
                && reader.GetString() is { } name && !seen.Add(name))
            {
                repeated.Add(name);
            }
        }

        return repeated;
    }
}
