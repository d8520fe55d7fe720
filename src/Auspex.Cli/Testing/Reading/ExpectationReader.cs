using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Reading;

/// <summary>Reads <c>expect</c>.</summary>
internal sealed class ExpectationReader(TestMembers members, Func<TestMembers, JsonNode?, ActivityKey, bool> isActivity)
{
    private static readonly string[] ActivityStatuses =
        ["Succeeded", "Failed", "Skipped", "Inactive", "Cancelled", "InProgress", ActivityExpectation.NotRun];

    public RunExpectations ReadRun()
    {
        CheckPatterns(members.Json);
        var error = members.Object("error") is { } json ? Error(members.Of(json, "'error'")) : null;
        var expected = new RunExpectations
        {
            Error = error,
            Status = members.Word("status", "Succeeded", "Failed", "Cancelled") ?? (error is null ? "Succeeded" : "Failed"),
            Activities = Keyed("activities", Activity),
            Branches = Keyed("branches", Branch),
            Iterations = Keyed("iterations", Iterations),
            Order = [.. Order()],
            ReturnValue = members.Object("returnValue"),
            Variables = members.Object("variables"),
            Duration = Duration(members, "duration"),
        };
        members.Close();
        return expected;
    }

    public TriggerExpectations ReadTrigger()
    {
        CheckPatterns(members.Json);
        var expected = new TriggerExpectations
        {
            Count = members.Count("count"),
            Status = members.Word("status", "Succeeded", "Failed", "Cancelled", "Any") switch
            {
                null => "Succeeded",
                "Any" => null,
                var status => status,
            },
            Every = members.Object("every"),
            First = members.Object("first"),
            Last = members.Object("last"),
            Runs = members.Array("runs"),
        };
        members.Close();
        return expected;
    }

    private ActivityExpectation? Activity(JsonNode? node, string name)
    {
        if (node is JsonValue && node.GetValueKind() == JsonValueKind.String)
        {
            return new ActivityExpectation { Status = Status(node, node.GetValue<string>()) };
        }

        if (node is not JsonObject json)
        {
            members.Error(
                ErrorCode.TestMemberInvalid,
                node,
                $"Found {Checking.JsonDifference.Show(node)} for activity '{name}', expected a status or an object with 'status', 'input', 'output' and so on.");
            return null;
        }

        var own = members.Of(json, $"The expectation of activity '{name}'");
        var expected = new ActivityExpectation
        {
            Status = own.Text("status") is { } status ? Status(json["status"], status) : null,
            Runs = own.Count("runs"),
            Attempts = own.Count("attempts"),
            Input = own.Object("input"),
            Output = own.Object("output"),
            Inputs = own.Array("inputs"),
            Outputs = own.Array("outputs"),
            Error = own.Object("error") is { } error ? Error(own.Of(error, "'error'")) : null,
            Duration = Duration(own, "duration"),
        };
        own.Close();
        return expected;
    }

    private string? Status(JsonNode? node, string status)
    {
        if (ActivityStatuses.Contains(status, StringComparer.Ordinal))
        {
            return status;
        }

        members.Error(
            ErrorCode.TestMemberInvalid,
            node,
            $"Found the status '{status}', expected one of {string.Join(", ", ActivityStatuses)}.{NearestName.Hint(status, ActivityStatuses)}");
        return null;
    }

    private string? Branch(JsonNode? node, string name)
    {
        var branch = node?.GetValueKind() switch
        {
            JsonValueKind.True => "ifTrueActivities",
            JsonValueKind.False => "ifFalseActivities",
            JsonValueKind.String => node.GetValue<string>() switch
            {
                "true" => "ifTrueActivities",
                "false" => "ifFalseActivities",
                "default" => "defaultActivities",
                var text and ("ifTrueActivities" or "ifFalseActivities" or "defaultActivities") => text,
                var text => text.StartsWith("case:", StringComparison.Ordinal) ? text : "case:" + text,
            },
            _ => null,
        };
        if (branch is null)
        {
            members.Error(
                ErrorCode.TestMemberInvalid,
                node,
                $"Found {Checking.JsonDifference.Show(node)} as the branch of '{name}', expected true or false (IfCondition), or the value of a case or \"default\" (Switch).");
        }

        return branch;
    }

    private int? Iterations(JsonNode? node, string name)
    {
        if (node is not null && TestMembers.AsCount(node) is { } count)
        {
            return count;
        }

        members.Error(ErrorCode.TestMemberInvalid, node, $"Found {Checking.JsonDifference.Show(node)} as the iterations of '{name}', expected a whole number from 0.");
        return null;
    }

    private IEnumerable<ActivityKey> Order()
    {
        foreach (var node in members.Array("order") ?? [])
        {
            if (node?.GetValueKind() != JsonValueKind.String)
            {
                members.Error(ErrorCode.TestMemberInvalid, node, $"Found {Checking.JsonDifference.Show(node)} in 'order', expected the name of an activity.");
            }
            else if (ActivityKey.Parse(node.GetValue<string>()) is var key && isActivity(members, node, key))
            {
                yield return key;
            }
        }
    }

    private static ErrorExpectation Error(TestMembers own)
    {
        var expected = new ErrorExpectation(
            own.Text("errorCode"), own.Text("message"), own.Word("failureType", "UserError", "SystemError"), own.Text("target"));
        own.Close();
        return expected;
    }

    private static DurationExpectation? Duration(TestMembers own, string name)
    {
        if (own.Node(name) is not JsonObject json)
        {
            return own.Span(name) is { } span ? new DurationExpectation(span, span) : null;
        }

        var bounds = own.Of(json, $"'{name}'");
        var expected = new DurationExpectation(bounds.Span("atLeast"), bounds.Span("atMost"));
        bounds.Close();
        return expected;
    }

    private ImmutableArray<(ActivityKey, T)> Keyed<T>(string member, Func<JsonNode?, string, T?> read)
        where T : class => Keyed(member, (node, name) => read(node, name) is { } value ? (T[])[value] : []);

    private ImmutableArray<(ActivityKey, T)> Keyed<T>(string member, Func<JsonNode?, string, T?> read)
        where T : struct => Keyed(member, (node, name) => read(node, name) is { } value ? (T[])[value] : []);

    private ImmutableArray<(ActivityKey, T)> Keyed<T>(string member, Func<JsonNode?, string, T[]> read)
    {
        var found = ImmutableArray.CreateBuilder<(ActivityKey, T)>();
        foreach (var (name, node) in members.Object(member) ?? [])
        {
            var key = ActivityKey.Parse(name);
            if (isActivity(members, node, key))
            {
                found.AddRange(read(node, name).Select(value => (key, value)));
            }
        }

        return found.ToImmutable();
    }

    private void CheckPatterns(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: 1 } json when json["$matches"] is JsonValue pattern:
                try
                {
                    _ = new Regex(pattern.ToString(), RegexOptions.CultureInvariant);
                }
                catch (RegexParseException exception)
                {
                    members.Error(ErrorCode.TestMemberInvalid, pattern, $"'{pattern}' is no regular expression: {exception.Message}");
                }

                break;
            case JsonObject json:
                foreach (var (_, value) in json)
                {
                    CheckPatterns(value);
                }

                break;
            case JsonArray array:
                foreach (var element in array)
                {
                    CheckPatterns(element);
                }

                break;
        }
    }
}
