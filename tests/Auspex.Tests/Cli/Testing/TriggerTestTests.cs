using Auspex.Definitions;
using Xunit;
using static Auspex.Tests.Cli.Testing.PipelineTests;

namespace Auspex.Tests.Cli.Testing;

public sealed class TriggerTestTests
{
    [Fact]
    public async Task Run_OfAMonthOfHourlyWindows_StartsEachWithItsParameters() =>
        Assert.Empty(await RunAsync(
            Windows(""" "delay": "00:15:00", """),
            """
            {
              "trigger": "T",
              "period": {"startTime": "2024-02-01T00:00:00Z", "endTime": "2024-03-01T00:00:00Z"},
              "mocks": {"activities": {"Load": {"delay": "00:10:00"}}},
              "expect": {
                "count": 696,
                "every": {"pipeline": "P", "triggerStatus": "Succeeded"},
                "first": {"parameters": {"from": "2024-02-01T00:00:00.0000000Z"}, "startTime": "2024-02-01T01:15:00Z"},
                "last": {"windowStartTime": "2024-02-29T23:00:00Z", "windowEndTime": "2024-03-01T00:00:00Z", "startTime": "2024-03-01T00:15:00Z"}
              }
            }
            """));

    [Fact]
    public async Task Run_OfAWindowThatFailsAtFirst_RetriesIt() =>
        Assert.Empty(await RunAsync(
            Windows(""" "retryPolicy": {"count": 1, "intervalInSeconds": 60}, """),
            """
            {
              "trigger": "T",
              "period": {"startTime": "2024-02-01T00:00:00Z", "endTime": "2024-02-01T03:00:00Z"},
              "mocks": {"activities": {"Load": [{"error": {"message": "not yet"}}, {}]}},
              "expect": {"runs": [
                {"windowStartTime": "2024-02-01T00:00:00Z", "startTime": "2024-02-01T01:01:00Z"},
                {"windowStartTime": "2024-02-01T01:00:00Z", "startTime": "2024-02-01T02:01:00Z"},
                {"windowStartTime": "2024-02-01T02:00:00Z", "startTime": "2024-02-01T03:01:00Z"}
              ]}
            }
            """));

    [Fact]
    public async Task Run_WithBlobsThatComeAndGo_StartsForThoseThatFit() =>
        Assert.Empty(await RunAsync(
            Triggered(
                """{"file": {"type": "String"}}""",
                """
                {"name": "T", "properties": {"type": "BlobEventsTrigger",
                 "pipelines": [{"pipelineReference": {"referenceName": "P", "type": "PipelineReference"}, "parameters": {"file": "@triggerBody().fileName"}}],
                 "typeProperties": {"blobPathBeginsWith": "/in/blobs/day", "blobPathEndsWith": ".csv", "ignoreEmptyBlobs": true,
                 "scope": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a", "events": ["Microsoft.Storage.BlobCreated"]}}}
                """),
            """
            {
              "trigger": "T",
              "period": {"startTime": "2024-02-01T00:00:00Z", "endTime": "2024-02-02T00:00:00Z"},
              "events": [
                {"time": "2024-02-01T09:00:00Z", "blob": "in/day/b.csv"},
                {"time": "2024-02-01T08:00:00Z", "blob": "in/day/a.csv"},
                {"blob": "in/day/empty.csv", "size": 0}, {"blob": "in/other.csv"}, {"blob": "in/day/a.csv", "deleted": true}
              ],
              "mocks": "defaults",
              "expect": {"count": 2, "first": {"parameters": {"file": "a.csv"}, "startTime": "2024-02-01T08:00:00Z"}, "last": {"parameters": {"file": "b.csv"}}}
            }
            """));

    [Fact]
    public async Task Run_WithCustomEvents_StartsOnceForEachId() =>
        Assert.Empty(await RunAsync(
            Triggered(
                """{"order": {"type": "Int"}}""",
                """
                {"name": "T", "properties": {"type": "CustomEventsTrigger",
                 "pipelines": [{"pipelineReference": {"referenceName": "P", "type": "PipelineReference"}, "parameters": {"order": "@triggerBody().event.data.order"}}],
                 "typeProperties": {"scope": "/subscriptions/s/topics/t", "events": ["Shipped"], "subjectBeginsWith": "shop"}}}
                """),
            """
            {
              "trigger": "T",
              "period": {"startTime": "2024-02-01T00:00:00Z", "endTime": "2024-02-02T00:00:00Z"},
              "events": [
                {"event": {"id": "1", "eventType": "Shipped", "subject": "shop/7", "data": {"order": 7}}},
                {"event": {"id": "1", "eventType": "Shipped", "subject": "shop/7", "data": {"order": 7}}},
                {"event": {"eventType": "Ordered", "subject": "shop/7"}},
                {"event": {"specversion": "1.0", "id": "2", "type": "Shipped", "source": "x", "subject": "Shop/8", "data": {"order": 8}}, "time": "2024-02-01T01:00:00Z"}
              ],
              "mocks": "defaults",
              "expect": {"runs": [{"parameters": {"order": 7}}, {"parameters": {"order": 8}, "startTime": "2024-02-01T01:00:00Z"}]}
            }
            """));

    [Fact]
    public async Task Run_WithWindowsThatFail_SaysHowManyAndWhichFirst()
    {
        var failures = await RunAsync(
            Windows(""),
            """
            {
              "trigger": "T",
              "period": {"startTime": "2024-02-01T00:00:00Z", "endTime": "2024-02-01T02:00:00Z"},
              "mocks": {"activities": {"Load": [{"when": {"from": "2024-02-01T01:00:00.0000000Z"}, "error": {"message": "bad hour"}, "times": 9}, {}]}},
              "expect": {"count": 3, "last": {"status": "Succeeded"}}
            }
            """);

        Assert.Equal(3, failures.Length);
        Assert.Equal("count: found 2 runs, expected 3", failures[0]);
        Assert.Contains("found 1 of 2 runs that are not Succeeded", failures[1], StringComparison.Ordinal);
        Assert.Contains("bad hour", failures[1], StringComparison.Ordinal);
        Assert.Equal("last run:\n  $.status: found \"Failed\", expected \"Succeeded\"", failures[2]);
    }

    [Fact]
    public async Task Run_OfASchedule_StartsAtItsTimesWithinThePeriod()
    {
        var factory = Factory(
            ("pipeline/P.json", $$$$"""{"name": "P", "properties": {"parameters": {"from": {"type": "String"}}, "activities": [{{{{Work("Load")}}}}]}}"""),
            ("trigger/T.json", """
                {"name": "T", "properties": {"type": "ScheduleTrigger", "runtimeState": "Started",
                  "pipelines": [{"pipelineReference": {"referenceName": "P", "type": "PipelineReference"}, "parameters": {"from": "@trigger().scheduledTime"}}],
                  "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1, "startTime": "2020-01-01T00:00:00Z", "timeZone": "UTC", "schedule": {"hours": [0, 12], "minutes": [0]}}}}}
                """));

        Assert.Empty(await RunAsync(
            factory,
            """
            {
              "trigger": "T",
              "period": {"startTime": "2024-02-01T00:00:00Z", "endTime": "2024-02-03T00:00:00Z"},
              "mocks": "defaults",
              "expect": {
                "count": 4,
                "first": {"scheduledTime": "2024-02-01T00:00:00Z", "parameters": {"from": "2024-02-01T00:00:00.0000000Z"}},
                "last": {"scheduledTime": "2024-02-02T12:00:00Z"}
              }
            }
            """));
    }

    private static FactoryDefinition Triggered(string parameters, string trigger) => Factory(
        ("pipeline/P.json", $$$$"""{"name": "P", "properties": {"parameters": {{{{parameters}}}}, "activities": [{{{{Work("Load")}}}}]}}"""),
        ("trigger/T.json", trigger));

    private static FactoryDefinition Windows(string more) => Factory(
        ("pipeline/P.json", $$$$"""
            {"name": "P", "properties": {"parameters": {"from": {"type": "String"}}, "activities": [{{{{Work("Load", "Copy", "", """{"from": "@pipeline().parameters.from"}""")}}}}]}}
            """),
        ("trigger/T.json", $$$$"""
            {"name": "T", "properties": {"type": "TumblingWindowTrigger", "runtimeState": "Started",
              "pipeline": {"pipelineReference": {"referenceName": "P", "type": "PipelineReference"}, "parameters": {"from": "@trigger().outputs.windowStartTime"}},
              "typeProperties": { {{{{more}}}} "frequency": "Hour", "interval": 1, "startTime": "2019-12-31T00:00:00Z", "maxConcurrency": 2}}}
            """));
}
