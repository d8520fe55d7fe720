using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.ControlFlow;

public sealed class BranchingTests
{
    [Theory]
    [InlineData("@equals(1, 1)", "Yes")]
    [InlineData("@equals(1, 2)", "No")]
    [InlineData("@activity('A').output.flag", "Yes")] // the text "True", as a notebook's exit value is
    public async Task If_ABoolean_RunsOneBranch(string expression, string expected)
    {
        await using var harness = new RunHarness();
        harness.Gives("A", new() { ["flag"] = "True" });

        var outcome = await harness.RunAsync(PipelineText.Of(A, If(expression)));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(ActivityStatus.Succeeded, outcome.StatusOf(expected));
        Assert.Equal(3, outcome.Activities.Length);
    }

    [Fact]
    public async Task If_NoBoolean_FailsAndRunsNothing()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(A, If("@concat('ye', 's')")));

        Assert.Equal("InvalidTemplate", outcome["If"].Failure!.ErrorCode);
        Assert.Contains("is of type 'String'. The result must be a valid boolean.", outcome["If"].Failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(outcome.Activities, run => run.Name is "Yes" or "No");
    }

    [Fact]
    public async Task If_MissingBranch_Succeeds()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "If", "type": "IfCondition", "typeProperties": {"expression": "@bool('false')", "ifTrueActivities": [{"name": "Y", "type": "Test", "typeProperties": {}}]}}"""));

        Assert.Equal(ActivityStatus.Succeeded, outcome.StatusOf("If"));
    }

    [Fact]
    public async Task If_FailingBranch_FailsTheContainer()
    {
        await using var harness = new RunHarness();
        harness.Fails("Yes", "broken");

        var outcome = await harness.RunAsync(PipelineText.Of(A, If("@bool('true')")));

        Assert.Equal("ActionFailed", outcome["If"].Failure!.ErrorCode);
        Assert.Equal(
            "Operation on target If failed: Activity failed because an inner activity failed; Inner activity name: Yes, Error: broken",
            outcome.Run.Failure!.Message);
    }

    [Fact]
    public async Task If_ItsInside_IsReadableAfterwards()
    {
        await using var harness = new RunHarness();
        harness.Gives("Yes", new() { ["x"] = 5 });
        var after = """{"name": "After", "type": "Test", "dependsOn": [{"activity": "If", "dependencyConditions": ["Completed"]}], "typeProperties": {"x": "@activity('Yes').output.x"}}""";

        var taken = await harness.RunAsync(PipelineText.Of(A, If("@bool('true')"), after));
        Assert.Equal(5, (int)taken["After"].Input!["x"]!);

        var notTaken = await harness.RunAsync(PipelineText.Of(A, If("@bool('false')"), after));
        Assert.Equal("InvalidTemplate", notTaken["After"].Failure!.ErrorCode);
    }

    [Theory]
    [InlineData("@concat('a', '')", "CaseA")]
    [InlineData("@toUpper('a')", "CaseBigA")]
    [InlineData("@string(1)", "CaseOne")]
    [InlineData("@add(0, 1)", "CaseOne")]
    [InlineData("@concat('b', '')", "Default")]
    public async Task Switch_AText_RunsTheCaseOfExactlyThatText(string on, string expected)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(Switch(on)));

        Assert.Equal([("S"), expected], outcome.Activities.Select(run => run.Name));
    }

    [Fact]
    public async Task Switch_AnObject_Fails()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(Switch("@json('{}')")));

        Assert.Contains("The result must be a valid string.", outcome["S"].Failure!.Message, StringComparison.Ordinal);
    }

    private const string A = """{"name": "A", "type": "Test", "typeProperties": {}}""";

    private static string If(string expression) =>
        """{"name": "If", "type": "IfCondition", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"expression": {"type": "Expression", "value": "E"}, "ifTrueActivities": [{"name": "Yes", "type": "Test", "typeProperties": {}}], "ifFalseActivities": [{"name": "No", "type": "Test", "typeProperties": {}}]}}"""
            .Replace("\"E\"", $"\"{expression}\"", StringComparison.Ordinal);

    private static string Switch(string on) =>
        """
        {"name": "S", "type": "Switch", "typeProperties": {"on": {"type": "Expression", "value": "E"}, "cases": [
            {"value": "a", "activities": [{"name": "CaseA", "type": "Test", "typeProperties": {}}]},
            {"value": "A", "activities": [{"name": "CaseBigA", "type": "Test", "typeProperties": {}}]},
            {"value": "1", "activities": [{"name": "CaseOne", "type": "Test", "typeProperties": {}}]}],
          "defaultActivities": [{"name": "Default", "type": "Test", "typeProperties": {}}]}}
        """.Replace("\"E\"", $"\"{on}\"", StringComparison.Ordinal);
}
