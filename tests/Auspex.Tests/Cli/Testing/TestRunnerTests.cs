using Auspex.Cli.Testing;
using Xunit;
using static Auspex.Tests.Cli.Testing.PipelineTests;

namespace Auspex.Tests.Cli.Testing;

public sealed class TestRunnerTests
{
    private const string WaitThreeDays = """{"name": "Wait", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 259200}}""";

    [Fact]
    public async Task Run_OfAWaitOfDays_TakesNoTime() =>
        Assert.Empty(await RunAsync(WaitThreeDays, """{"pipeline": "P", "expect": {"status": "Succeeded", "duration": "3.00:00:00"}}"""));

    [Fact]
    public async Task Run_WithAnotherDuration_SaysBoth() =>
        Assert.Equal(
            ["duration: found 3.00:00:00, expected at most 1.00:00:00"],
            await RunAsync(WaitThreeDays, """{"pipeline": "P", "expect": {"duration": {"atMost": "1.00:00:00"}}}"""));

    [Fact]
    public async Task Run_OfAnActivityWithoutMock_FailsAndSaysHowToMockIt()
    {
        // The pipeline itself copes with the failure; the test must not.
        var failures = await RunAsync(
            $"{Work("Load", "AzureMLBatchExecution")}, {Work("Mend", "Copy", After("Load", "Failed"))}",
            """{"pipeline": "P", "mocks": {"types": {"Copy": {}}}}""");

        var failure = Assert.Single(failures);
        Assert.Contains("activity 'Load' (AzureMLBatchExecution) has no mock", failure, StringComparison.Ordinal);
        Assert.Contains("\"activities\": {\"Load\"", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAnswersInTurn_GivesEachAttemptItsOwn()
    {
        const string Retried = """ "policy": {"retry": 2, "retryIntervalInSeconds": 60}, """;

        Assert.Empty(await RunAsync(
            Work("Load", "WebActivity", Retried),
            """
            {
              "pipeline": "P",
              "mocks": {"activities": {"Load": [
                {"error": {"errorCode": "2108", "message": "away", "failureType": "SystemError"}, "times": 2},
                {"output": {"rows": 3}}
              ]}},
              "expect": {"activities": {"Load": {"status": "Succeeded", "attempts": 3, "output": {"rows": 3}}}, "duration": "00:02:00"}
            }
            """));
    }

    [Fact]
    public async Task Run_WithAnErrorToTheEnd_FailsWithItsCodeAndMessage() =>
        Assert.Empty(await RunAsync(
            Work("Load"),
            """
            {
              "pipeline": "P",
              "mocks": {"types": {"Copy": {"error": {"errorCode": "4711", "message": "no such file"}, "output": {"rowsRead": 1}}}},
              "expect": {
                "error": {"errorCode": "4711", "message": "no such file", "failureType": "UserError", "target": "Load"},
                "activities": {"Load": {"status": "Failed", "error": {"errorCode": "4711"}, "output": {"rowsRead": 1}}}
              }
            }
            """));

    [Fact]
    public async Task Run_OfAMockThatTakesTooLong_TimesOut() =>
        Assert.Empty(await RunAsync(
            Work("Load", "Copy", """ "policy": {"timeout": "0.00:10:00"}, """),
            """
            {
              "pipeline": "P",
              "mocks": {"activities": {"Load": {"delay": "00:20:00"}}},
              "expect": {"status": "Failed", "error": {"message": "timed out"}, "duration": "00:10:00"}
            }
            """));

    [Fact]
    public async Task Run_WithAMockForAnInput_AnswersByInputAndIteration()
    {
        var each = $$$$"""
            {"name": "Each", "type": "ForEach", "typeProperties": {"items": {"value": "@createArray('a', 'b', 'c')", "type": "Expression"},
              "activities": [{{{{Work("Load", "Copy", "", """{"source": {"file": "@item()", "size": 1}}""")}}}}]}}
            """;

        Assert.Empty(await RunAsync(
            each,
            """
            {
              "pipeline": "P",
              "mocks": {"activities": {
                "Load": [{"when": {"source": {"file": "b"}}, "error": {"message": "b is bad"}}, {"output": {"rows": 1}}],
                "Each[2]/Load": {"output": {"rows": 9}}
              }},
              "expect": {
                "status": "Failed",
                "iterations": {"Each": 3},
                "activities": {
                  "Load": {"runs": 3, "inputs": [{"source": {"file": "a"}}, {"source": {"file": "b"}}, {"source": {"file": "c"}}]},
                  "Each[0]/Load": {"status": "Succeeded", "output": {"rows": 1}},
                  "Each[1]/Load": {"status": "Failed", "error": {"message": "b is bad"}},
                  "Each[2]/Load": {"output": {"rows": 9}}
                }
              }
            }
            """));
    }

    [Fact]
    public async Task Run_OfAnUntil_GoesThroughTheAnswersFromIterationToIteration()
    {
        var until = $$$$"""
            {"name": "Until", "type": "Until", "typeProperties": {"expression": {"value": "@equals(activity('Ask').output.state, 'done')", "type": "Expression"},
              "timeout": "1.00:00:00", "activities": [
                {{{{Work("Ask", "WebActivity")}}}},
                {"name": "Pause", "type": "Wait", "dependsOn": [{"activity": "Ask", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"waitTimeInSeconds": 600}}]}}
            """;

        Assert.Empty(await RunAsync(
            until,
            """
            {
              "pipeline": "P",
              "mocks": {"activities": {"Ask": [{"output": {"state": "running"}, "times": 5}, {"output": {"state": "done"}}]}},
              "expect": {"iterations": {"Until": 6}, "activities": {"Ask": {"runs": 6}}, "duration": "01:00:00"}
            }
            """));
    }

    [Fact]
    public async Task Run_WithBranches_TellsThemAndWhatWasSkipped()
    {
        var activities = $$$$"""
            {{{{Work("First")}}}},
            {"name": "If", "type": "IfCondition", {{{{After("First")}}}} "typeProperties": {"expression": {"value": "@pipeline().parameters.big", "type": "Expression"},
              "ifTrueActivities": [{{{{Work("Big")}}}}]}},
            {{{{Work("Alarm", "WebActivity", After("First", "Failed"))}}}},
            {"name": "Switch", "type": "Switch", {{{{After("If")}}}} "typeProperties": {"on": {"value": "@toLower('X')", "type": "Expression"},
              "cases": [{"value": "x", "activities": [{{{{Work("CaseX")}}}}]}], "defaultActivities": [{{{{Work("Other")}}}}]}}
            """;

        Assert.Empty(await RunAsync(
            activities,
            """
            {
              "pipeline": "P",
              "parameters": {"big": false},
              "mocks": {"types": {"Copy": {}}},
              "expect": {
                "branches": {"If": false, "Switch": "x"},
                "activities": {"Big": "NotRun", "Alarm": "Skipped", "CaseX": "Succeeded", "Other": "NotRun"},
                "order": ["First", "If", "CaseX"]
              }
            }
            """,
            """ "parameters": {"big": {"type": "bool", "defaultValue": true}}, """));
    }

    [Fact]
    public async Task Run_ThatDiffers_SaysFoundAndExpectedOfEverything()
    {
        var failures = await RunAsync(
            $$$$"""
            {{{{Work("Load", "Copy", "", """{"source": {"query": "@concat('select ', '1')"}}""")}}}},
            {"name": "Set", "type": "SetVariable", {{{{After("Load")}}}} "typeProperties": {"variableName": "v", "value": "@string(activity('Load').output.rowsCopied)"}}
            """,
            """
            {
              "pipeline": "P",
              "mocks": {"types": {"Copy": {"output": {"rowsCopied": 3}}}},
              "expect": {
                "status": "Failed",
                "activities": {"Load": {"status": "Skipped", "attempts": 2, "input": {"source": {"query": "select 2"}}, "output": {"rowsCopied": 4, "files": 1}}},
                "order": ["Set", "Load"],
                "variables": {"v": "4"}
              }
            }
            """,
            """ "variables": {"v": {"type": "String"}}, """);

        Assert.Equal(
            [
                "status: found Succeeded, expected Failed",
                "activity 'Load': found Succeeded, expected Skipped",
                "activity 'Load': found 1 attempts, expected 2",
                "activity 'Load': input:\n  $.source.query: found \"select 1\", expected \"select 2\"",
                "activity 'Load': output:\n  $.rowsCopied: found 3, expected 4\n  $.files: found nothing, expected 1 (there are rowsCopied)",
                "order: 'Load' started before 'Set', expected after it",
                "variables:\n  $.v: found \"3\", expected \"4\"",
            ],
            failures);
    }

    [Fact]
    public async Task Run_OfAPipelineThatExecutesAnother_SeesTheOthersActivities()
    {
        var factory = Factory(
            ("pipeline/P.json", """
                {"name": "P", "properties": {"activities": [{"name": "Call", "type": "ExecutePipeline", "typeProperties": {
                  "pipeline": {"referenceName": "C", "type": "PipelineReference"}, "waitOnCompletion": true, "parameters": {"n": "@add(1, 1)"}}}]}}
                """),
            ("pipeline/C.json", $$$$"""
                {"name": "C", "properties": {"parameters": {"n": {"type": "int"}}, "activities": [
                  {{{{Work("Load", "Copy", "", """{"n": "@pipeline().parameters.n"}""")}}}},
                  {"name": "Return", "type": "SetVariable", {{{{After("Load")}}}} "typeProperties": {"variableName": "pipelineReturnValue", "setSystemVariable": true,
                    "value": [{"key": "rows", "value": {"type": "Expression", "content": "@activity('Load').output.rows"} }]}}]}}
                """));

        Assert.Empty(await RunAsync(
            factory,
            """
            {
              "pipeline": "P",
              "mocks": {"activities": {"Call/Load": {"output": {"rows": 7}}}},
              "expect": {"activities": {"Call/Load": {"input": {"n": 2}}, "Call": {"output": {"pipelineReturnValue": {"rows": 7}}}}, "order": ["Call", "Load", "Return"]}
            }
            """));
    }

    [Fact]
    public async Task Run_WithClockTriggerAndGlobalParameters_ShowsThemToExpressions()
    {
        var factory = Factory(
            ("factory/f.json", """{"name": "f", "properties": {"globalParameters": {"env": {"type": "string", "value": "prod"}}}}"""),
            ("pipeline/P.json", $$$$"""
                {"name": "P", "properties": {"parameters": {"from": {"type": "String"}, "file": {"type": "String"}}, "activities": [
                  {{{{Work("Load", "Copy", "", """{"text": "@concat(pipeline().parameters.from, ' ', pipeline().parameters.file, ' ', pipeline().globalParameters.env, ' ', utcNow('yyyy'), ' ', pipeline().TriggerName)"}""")}}}}]}}
                """),
            ("trigger/T.json", """
                {"name": "T", "properties": {"type": "BlobEventsTrigger", "pipelines": [{"pipelineReference": {"referenceName": "P", "type": "PipelineReference"},
                  "parameters": {"from": "@trigger().scheduledTime", "file": "@triggerBody().fileName"}}],
                  "typeProperties": {"scope": "/subscriptions/s", "events": ["Microsoft.Storage.BlobCreated"], "blobPathBeginsWith": "/c/blobs/"}}}
                """));

        Assert.Empty(await RunAsync(
            factory,
            """
            {
              "pipeline": "P",
              "trigger": {"name": "T", "scheduledTime": "2031-05-06T07:08:09Z", "body": {"fileName": "a.csv"}},
              "globalParameters": {"env": "test"},
              "mocks": "defaults",
              "expect": {"activities": {"Load": {"input": {"text": "2031-05-06T07:08:09.0000000Z a.csv test 2031 T"}}}}
            }
            """));
    }

    [Fact]
    public async Task Run_WithoutReturnValue_SaysSo() =>
        Assert.Equal(
            ["return value:\n  found none, or one that is secure and not shown; expected {\"a\":1}"],
            await RunAsync(WaitThreeDays, """{"pipeline": "P", "expect": {"returnValue": {"a": 1}}}"""));

    [Fact]
    public async Task Run_OfALoopWithoutEnd_StopsAndSaysSo()
    {
        var factory = Factory($$$$"""
            {"name": "Until", "type": "Until", "typeProperties": {"expression": {"value": "@equals(activity('Ask').output.state, 'done')", "type": "Expression"},
              "activities": [{{{{Work("Ask", "WebActivity")}}}}]}}
            """);
        var test = Single(factory, """{"pipeline": "P", "mocks": {"types": {"WebActivity": {"output": {"state": "running"}}}}}""");

        var result = await new TestRunner(factory, TimeProvider.System) { TimeLimit = TimeSpan.FromMilliseconds(200) }
            .RunAsync(test, TestContext.Current.CancellationToken);

        Assert.True(result.IsError);
        Assert.Contains("a loop never ends", Assert.Single(result.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfALoopWithoutEndAndLikelyAnswers_RunsIntoTheLoopsTimeout() =>
        Assert.Empty(await RunAsync(
            $$$$"""
            {"name": "Until", "type": "Until", "typeProperties": {"expression": {"value": "@equals(activity('Ask').output.state, 'done')", "type": "Expression"},
              "timeout": "1.00:00:00", "activities": [{{{{Work("Ask", "WebActivity")}}}}]}}
            """,
            """{"pipeline": "P", "mocks": "defaults", "expect": {"status": "Failed", "duration": "1.00:00:00"}}"""));

    [Fact]
    public async Task RunAsync_OfManyTests_TellsThemInOrderWithTheSameResults()
    {
        var factory = Factory(Work("Load", "Copy", "", """{"id": "@pipeline().RunId"}"""));
        const string Expect = """ "expect": {"activities": {"Load": {"input": {"id": "x"}}}}} """;
        var each = string.Join(',', Enumerable.Range(0, 40).Select(number => $"{{\"name\": \"t{number}\", \"pipeline\": \"P\", {Expect}"));
        var tests = Read(factory, $"{{\"mocks\": \"defaults\", \"tests\": [{each}]}}").Tests;
        var told = new List<Auspex.Cli.Testing.TestResult>();
        var runner = new TestRunner(factory, TimeProvider.System);

        var first = await runner.RunAsync(tests, 4, told.Add, TestContext.Current.CancellationToken);
        var second = await runner.RunAsync(tests, 3, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(tests.Select(test => test.Name), told.Select(result => result.Name));
        Assert.Equal(first.SelectMany(result => result.Failures), second.SelectMany(result => result.Failures));
        Assert.Equal(40, first.SelectMany(result => result.Failures).Distinct().Count());
    }
}
