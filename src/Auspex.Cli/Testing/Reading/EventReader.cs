using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions.Triggers;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Reading;

/// <summary>Reads the events that a test of a trigger posts: blobs that come or go, or events as Event Grid delivers them.</summary>
internal static class EventReader
{
    /// <summary>The events in the order of their times.</summary>
    /// <param name="members">The test.</param>
    /// <param name="trigger">The trigger under test; null when it is not known.</param>
    /// <param name="period">The test's period; null when it has none.</param>
    public static ImmutableArray<TestEvent> Read(TestMembers members, TestTrigger? trigger, TestPeriod? period)
    {
        if (members.Array("events") is not { } given)
        {
            return [];
        }

        if (period is null)
        {
            members.Error(ErrorCode.TestMemberInvalid, given, "A test with 'events' needs a 'trigger' and a 'period'; give a test of a pipeline the trigger's 'body' instead.");
            return [];
        }

        var detail = trigger is null ? null : TriggerReader.Read(trigger.Definition).Detail;
        if (trigger is not null && detail is not (BlobEventsTrigger or CustomEventsTrigger))
        {
            members.Error(
                ErrorCode.TestMemberInvalid, given, $"Trigger '{trigger.Definition.Name}' is a {trigger.Definition.Type}, which no event starts; leave out 'events'.");
            return [];
        }

        var scope = detail is BlobEventsTrigger blobs ? blobs.Scope : (detail as CustomEventsTrigger)?.Scope ?? "";
        var events = new List<TestEvent>();
        foreach (var node in given)
        {
            if (node is not JsonObject json)
            {
                members.Error(ErrorCode.TestMemberInvalid, node ?? given, $"Found {Checking.JsonDifference.Show(node)} in 'events', expected an object.");
            }
            else if (ReadOne(members.Of(json, "An event"), events.Count + 1, scope, period) is { } posted)
            {
                events.Add(posted);
            }
        }

        return [.. events.OrderBy(posted => posted.Time)];
    }

    private static TestEvent? ReadOne(TestMembers members, int number, string scope, TestPeriod period)
    {
        var time = members.Time("time") ?? period.Start;
        var (blob, posted) = (members.Text("blob"), members.Object("event"));
        var (isDeleted, size) = (members.Boolean("deleted") ?? false, members.Count("size") ?? 1);
        members.Close();
        if ((blob is null) == (posted is null))
        {
            members.Error(ErrorCode.TestMemberInvalid, null, "An event needs either 'blob', a path such as 'container/folder/file.csv', or 'event', as Event Grid delivers it.");
            return null;
        }

        if (time < period.Start || time >= period.End)
        {
            members.Error(ErrorCode.TestMemberInvalid, members.Json["time"], "The event's 'time' lies outside of the period.");
            return null;
        }

        if (blob is not null && blob.IndexOf('/', StringComparison.Ordinal) <= 0)
        {
            members.Error(ErrorCode.TestMemberInvalid, members.Json["blob"], $"Found blob '{blob}', expected a container and a path in it: 'container/folder/file.csv'.");
            return null;
        }

        var json = posted?.DeepClone().AsObject() ?? OfBlob(blob!, isDeleted, size);
        json.TryAdd("id", string.Create(CultureInfo.InvariantCulture, $"event-{number}"));
        json.TryAdd("subject", "");
        json.TryAdd("data", new JsonObject());
        if (json["specversion"] is null)
        {
            json.TryAdd("topic", scope);
            json.TryAdd("eventTime", TestFactory.TimeText(time));
        }

        return new TestEvent(time, json);
    }

    private static JsonObject OfBlob(string blob, bool isDeleted, int size)
    {
        var slash = blob.IndexOf('/', StringComparison.Ordinal);
        return new JsonObject
        {
            ["eventType"] = isDeleted ? "Microsoft.Storage.BlobDeleted" : "Microsoft.Storage.BlobCreated",
            ["subject"] = $"/blobServices/default/containers/{blob[..slash]}/blobs/{blob[(slash + 1)..]}",
            ["data"] = new JsonObject { ["api"] = isDeleted ? "DeleteBlob" : "PutBlob", ["contentLength"] = size },
        };
    }
}
