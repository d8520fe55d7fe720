using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions;

namespace Auspex.Cli.Testing.Mocks;

/// <summary>
/// A likely output of an activity that does not run: the members that its type has, and those that the pipeline's expressions
/// read of it.
/// </summary>
internal static class SampleOutputs
{
    private const string Time = "2026-01-01T00:00:00Z";
    private const int MostElements = 20;

    public static JsonObject Create(ActivityDefinition activity, IReadOnlyList<ImmutableArray<string>> reads)
    {
        var output = OfType(activity);
        foreach (var path in reads)
        {
            Add(output, path);
        }

        return output;
    }

    private static JsonObject OfType(ActivityDefinition activity) => activity.Type.ToUpperInvariant() switch
    {
        "COPY" => new JsonObject
        {
            ["dataRead"] = 100,
            ["dataWritten"] = 100,
            ["filesRead"] = 1,
            ["filesWritten"] = 1,
            ["rowsRead"] = 1,
            ["rowsCopied"] = 1,
            ["copyDuration"] = 1,
            ["throughput"] = 0.1,
            ["usedParallelCopies"] = 1,
            ["errors"] = new JsonArray(),
        },
        "LOOKUP" => activity.TypeProperties.BooleanMember("firstRowOnly") == false
            ? new JsonObject { ["count"] = 1, ["value"] = new JsonArray(new JsonObject()) }
            : new JsonObject { ["firstRow"] = new JsonObject() },
        "GETMETADATA" => Metadata(activity),
        "DELETE" => new JsonObject { ["filesDeleted"] = 1 },
        "VALIDATION" => new JsonObject
        {
            ["exists"] = true,
            ["itemName"] = "sample",
            ["itemType"] = "File",
            ["size"] = 100,
            ["lastModified"] = Time,
        },
        "WEBACTIVITY" => new JsonObject { ["ADFWebActivityResponseHeaders"] = new JsonObject() },
        "SCRIPT" => new JsonObject
        {
            ["resultSetCount"] = 1,
            ["recordsAffected"] = 0,
            ["resultSets"] = new JsonArray(new JsonObject { ["rowCount"] = 1, ["rows"] = new JsonArray(new JsonObject()) }),
            ["outputParameters"] = new JsonObject(),
        },
        "CUSTOM" => new JsonObject { ["exitcode"] = 0, ["outputs"] = new JsonArray() },
        "DATABRICKSNOTEBOOK" => new JsonObject { ["runPageUrl"] = "https://databricks.invalid/run/1", ["runOutput"] = "sample" },
        "DATABRICKSSPARKJAR" or "DATABRICKSSPARKPYTHON" => new JsonObject { ["runPageUrl"] = "https://databricks.invalid/run/1" },
        "EXECUTEDATAFLOW" => new JsonObject { ["runStatus"] = new JsonObject { ["metrics"] = new JsonObject() } },
        "SYNAPSENOTEBOOK" => new JsonObject
        {
            ["status"] = new JsonObject { ["Output"] = new JsonObject { ["result"] = new JsonObject { ["exitValue"] = "sample" } } },
        },
        "AZUREMLBATCHEXECUTION" => Scored(activity),
        _ => [],
    };

    private static JsonObject Scored(ActivityDefinition activity)
    {
        var results = new JsonObject();
        foreach (var (name, _) in activity.TypeProperties.ObjectMember("webServiceOutputs") ?? [])
        {
            results[name] = new JsonObject { ["RelativeLocation"] = $"sample/{name}.csv", ["BaseLocation"] = "https://storage.invalid/" };
        }

        return new JsonObject { ["Results"] = results };
    }

    private static JsonObject Metadata(ActivityDefinition activity)
    {
        var output = new JsonObject();
        foreach (var field in (activity.TypeProperties.ArrayMember("fieldList") ?? []).Select(field => field.AsText()).OfType<string>())
        {
            output[field] = field.ToUpperInvariant() switch
            {
                "EXISTS" => true,
                "ITEMNAME" => "sample.csv",
                "ITEMTYPE" => "File",
                "SIZE" => 100,
                "COLUMNCOUNT" => 1,
                "LASTMODIFIED" or "CREATED" => Time,
                "CHILDITEMS" => new JsonArray(new JsonObject { ["name"] = "sample.csv", ["type"] = "File" }),
                "STRUCTURE" => new JsonArray(new JsonObject { ["name"] = "column", ["type"] = "String" }),
                _ => "sample",
            };
        }

        return output;
    }

    private static void Add(JsonObject output, ImmutableArray<string> path)
    {
        JsonNode at = output;
        for (var index = 0; index < path.Length; index++)
        {
            var next = index + 1 < path.Length ? path[index + 1] : null;
            if (Enter(at, path[index], next) is not { } inner)
            {
                return;
            }

            at = inner;
        }
    }

    // What is there already stays, unless a member is read of something that has none.
    private static JsonNode? Enter(JsonNode at, string step, string? next)
    {
        if (at is JsonArray list)
        {
            if (!int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var element) || element >= MostElements)
            {
                return null;
            }

            while (list.Count <= element)
            {
                list.Add(null);
            }

            return list[element] is { } there && (next is null || there is JsonObject or JsonArray)
                ? there
                : list[element] = Value(step, next);
        }

        if (at is not JsonObject json)
        {
            return null;
        }

        var name = json.MemberName(step) ?? step;
        return json[name] is { } present && (next is null || present is JsonObject or JsonArray) ? present : json[name] = Value(step, next);
    }

    private static JsonNode Value(string name, string? next)
    {
        if (next is not null)
        {
            return int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? new JsonArray() : new JsonObject();
        }

        var upper = name.ToUpperInvariant();
        return upper switch
        {
            "VALUE" or "CHILDITEMS" or "ITEMS" or "ROWS" => new JsonArray(new JsonObject()),
            _ when upper.StartsWith("IS", StringComparison.Ordinal) || upper.StartsWith("HAS", StringComparison.Ordinal)
                || upper is "EXISTS" or "ENABLED" or "SUCCESS" => true,
            _ when EndsWithOneOf(upper, "COUNT", "SIZE", "ROWS", "LENGTH", "TOTAL", "NUMBER", "DURATION", "INDEX", "COPIED", "READ", "WRITTEN") => 1,
            _ when EndsWithOneOf(upper, "DATE", "TIME", "MODIFIED", "WATERMARK", "TIMESTAMP") => Time,
            _ when upper.EndsWith("ID", StringComparison.Ordinal) => "1",
            _ => "sample",
        };
    }

    private static bool EndsWithOneOf(string text, params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (text.EndsWith(ending, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
