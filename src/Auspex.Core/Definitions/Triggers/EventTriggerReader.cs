using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Triggers;

/// <summary>Reads triggers that wait for events.</summary>
internal static class EventTriggerReader
{
    private const string Created = "Microsoft.Storage.BlobCreated";
    private const string Deleted = "Microsoft.Storage.BlobDeleted";

    public static BlobEventsTrigger ReadBlobEvents(TriggerMembers members)
    {
        var events = members.Texts("events", isRequired: true);
        foreach (var unknown in events.Where(name => !Is(name, Created) && !Is(name, Deleted)))
        {
            members.UnknownValue("events", unknown, [Created, Deleted]);
        }

        var begins = members.Text("blobPathBeginsWith", isRequired: false) ?? string.Empty;
        var ends = members.Text("blobPathEndsWith", isRequired: false) ?? string.Empty;
        if (begins.Length == 0 && ends.Length == 0)
        {
            members.Missing("blobPathBeginsWith", "what blobs' paths begin with, or a 'blobPathEndsWith'");
        }

        // Paths in events are /container/blobs/path: what is written without would never match.
        if (begins.Length > 0 && begins.TrimStart('/').Contains('/') && !begins.Contains("/blobs/", StringComparison.Ordinal)
            && !begins.EndsWith("/blobs", StringComparison.Ordinal))
        {
            members.Wrong("blobPathBeginsWith", $"Found '{begins}', expected '/container/blobs/folder/prefix': the part '/blobs/' stands between the container and the path.");
        }
        else if (begins.Length > 0 && !begins.StartsWith('/'))
        {
            members.Unusual("blobPathBeginsWith", $"Found '{begins}', expected a path that begins with '/'; one was added.");
            begins = "/" + begins;
        }

        return new BlobEventsTrigger
        {
            Scope = members.Text("scope", isRequired: true) ?? string.Empty,
            OnCreated = events.Any(name => Is(name, Created)),
            OnDeleted = events.Any(name => Is(name, Deleted)),
            PathBeginsWith = begins,
            PathEndsWith = ends,
            IgnoreEmptyBlobs = members.Boolean("ignoreEmptyBlobs") ?? true,
        };
    }

    public static CustomEventsTrigger ReadCustomEvents(TriggerMembers members)
    {
        var filters = ImmutableArray.CreateBuilder<EventFilter>();
        foreach (var entry in members.Array("advancedFilters"))
        {
            if (entry is not JsonObject json)
            {
                members.WrongType("advancedFilters", "an array of filters");
                continue;
            }

            if (ReadFilter(members.In(json)) is { } filter)
            {
                filters.Add(filter);
            }
        }

        return new CustomEventsTrigger
        {
            Scope = members.Text("scope", isRequired: true) ?? string.Empty,
            EventTypes = members.Texts("events", isRequired: true),
            SubjectBeginsWith = members.Text("subjectBeginsWith", isRequired: false) ?? string.Empty,
            SubjectEndsWith = members.Text("subjectEndsWith", isRequired: false) ?? string.Empty,
            Filters = filters.ToImmutable(),
        };
    }

    private static EventFilter? ReadFilter(TriggerMembers members)
    {
        var key = members.Text("key", isRequired: true);
        var name = members.OneOf("operatorType", EventFilter.Operators);
        if (key is null || name is null)
        {
            return null;
        }

        var single = members.Json.Member("value");
        JsonNode[] values = single is null ? [.. members.Array("values").OfType<JsonNode>()] : [single];
        var isValueless = name is "IsNotNull" or "IsNullOrUndefined";
        if (values.Length == 0 && !isValueless)
        {
            members.Missing(
                name is "BoolEquals" || name.EndsWith("Than", StringComparison.Ordinal) || name.EndsWith("ThanOrEquals", StringComparison.Ordinal) ? "value" : "values",
                "what the key is compared with");
        }

        return new EventFilter(key, name, [.. values]);
    }

    private static bool Is(string name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
