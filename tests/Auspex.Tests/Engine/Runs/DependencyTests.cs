using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Runs;

public sealed class DependencyTests
{
    // The rows of Data Factory's tutorial on failures: which activities run, and how the run ends.
    [Theory]
    [InlineData("A; H<A:Failed", "A", "A=Failed H=Succeeded", RunStatus.Succeeded)]
    [InlineData("A; H<A:Failed", "", "A=Succeeded H=Skipped", RunStatus.Succeeded)]
    [InlineData("A; B<A:Succeeded; H<A:Failed", "A", "A=Failed B=Skipped H=Succeeded", RunStatus.Failed)]
    [InlineData("A; B<A:Succeeded; H<A:Failed", "", "A=Succeeded B=Succeeded H=Skipped", RunStatus.Succeeded)]
    [InlineData("A; B<A:Succeeded; H<A:Failed; D<B:Skipped", "A", "A=Failed B=Skipped H=Succeeded D=Succeeded", RunStatus.Succeeded)]
    [InlineData("A; H<A:Failed; N<H:Succeeded|Skipped", "A", "A=Failed H=Succeeded N=Succeeded", RunStatus.Succeeded)]
    [InlineData("A; H<A:Failed; N<H:Succeeded|Skipped", "", "A=Succeeded H=Skipped N=Succeeded", RunStatus.Succeeded)]
    [InlineData("A; N<A:Completed", "A", "A=Failed N=Succeeded", RunStatus.Succeeded)]
    [InlineData("A; N<A:Completed; B<A:Succeeded", "A", "A=Failed N=Succeeded B=Skipped", RunStatus.Failed)]
    [InlineData("A; B<A:Succeeded; C<B:Succeeded; H<C:Failed|Skipped", "A", "A=Failed B=Skipped C=Skipped H=Succeeded", RunStatus.Succeeded)]
    [InlineData("A; B<A:Succeeded; C<B:Succeeded; H<C:Failed|Skipped", "C", "A=Succeeded B=Succeeded C=Failed H=Succeeded", RunStatus.Succeeded)]
    [InlineData("A; B<A:Succeeded; C<B:Succeeded; H<C:Failed|Skipped", "", "A=Succeeded B=Succeeded C=Succeeded H=Skipped", RunStatus.Succeeded)]
    [InlineData("A; B; C<A:Completed,B:Completed", "A", "A=Failed B=Succeeded C=Succeeded", RunStatus.Succeeded)]
    [InlineData("A; B<A:Succeeded; N<B:Completed", "A", "A=Failed B=Skipped N=Skipped", RunStatus.Failed)]
    [InlineData("A; B; C<A:Succeeded,B:Failed", "B", "A=Succeeded B=Failed C=Succeeded", RunStatus.Succeeded)]
    [InlineData("A; B; C<A:Succeeded,B:Failed", "", "A=Succeeded B=Succeeded C=Skipped", RunStatus.Succeeded)]
    [InlineData("A", "A", "A=Failed", RunStatus.Failed)]
    public async Task Conditions_OfAPattern_DecideWhatRunsAndHowItEnds(
        string graph, string failing, string expected, RunStatus status)
    {
        await using var harness = new RunHarness();
        foreach (var name in failing.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            harness.Fails(name);
        }

        var outcome = await harness.RunAsync(PipelineText.OfGraph(graph));

        var found = PipelineText.Names(graph).Select(name => $"{name}={outcome.StatusOf(name)}");
        Assert.Equal(expected, string.Join(' ', found));
        Assert.Equal(status, outcome.Status);
    }

    [Theory]
    [InlineData("A!Succeeded; B<A:Succeeded", "A=Inactive B=Succeeded", RunStatus.Succeeded)]
    [InlineData("A!Failed; B<A:Succeeded", "A=Inactive B=Skipped", RunStatus.Failed)]
    [InlineData("A!Failed; H<A:Failed", "A=Inactive H=Succeeded", RunStatus.Succeeded)]
    [InlineData("A!Skipped; B<A:Skipped", "A=Inactive B=Succeeded", RunStatus.Succeeded)]
    [InlineData("A!Skipped", "A=Inactive", RunStatus.Succeeded)]
    [InlineData("A; B!Succeeded<A:Failed; C<B:Succeeded", "A=Succeeded B=Inactive C=Succeeded", RunStatus.Succeeded)]
    public async Task Inactive_CountsAsItsMark(string graph, string expected, RunStatus status)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.OfGraph(graph));

        var found = PipelineText.Names(graph).Select(name => $"{name}={outcome.StatusOf(name)}");
        Assert.Equal(expected, string.Join(' ', found));
        Assert.Equal(status, outcome.Status);
        Assert.Null(outcome["A"].Failure);
    }

    [Fact]
    public async Task Failure_OfALeaf_IsTheRunsMessage()
    {
        await using var harness = new RunHarness();
        harness.Fails("B", "no such blob", "2200");

        var outcome = await harness.RunAsync(PipelineText.OfGraph("A; B<A:Succeeded; C<B:Succeeded"));

        Assert.Equal("Operation on target B failed: no such blob", outcome.Run.Failure!.Message);
        Assert.Equal("2200", outcome.Run.Failure.ErrorCode);
        Assert.Equal("B", outcome.Run.Failure.Target);
    }

    [Fact]
    public async Task Names_InDependsOn_IgnoreCase()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.OfGraph("Copy A; B<copy a:Succeeded"));

        Assert.Equal(ActivityStatus.Succeeded, outcome.StatusOf("B"));
    }

    [Fact]
    public async Task EmptyPipeline_Succeeds()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync("""{"name": "p", "properties": {"activities": []}}""");

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
    }

    [Theory]
    [InlineData("A<B:Succeeded; B<C:Succeeded; C<A:Succeeded", "in a circle: 'A' -> 'B' -> 'C' -> 'A'")]
    [InlineData("A<A:Succeeded", "in a circle: 'A' -> 'A'")]
    [InlineData("A<X:Succeeded", "depends on 'X', which is not in the same list")]
    [InlineData("A; a", "two activities named 'a'")]
    public async Task Start_OfAGraphThatCannotRun_IsRejected(string graph, string message)
    {
        await using var harness = new RunHarness();
        var host = await harness.StartHostAsync();
        var pipeline = RunHarness.Load("""{"name": "p", "properties": {"activities": []}}""") with
        {
            Activities = PipelineText.Activities(graph),
        };

        var exception = await Assert.ThrowsAsync<RunRejectedException>(() => host.StartAsync(
            new PipelineRunRequest { Factory = RunHarness.Factory, Pipeline = pipeline }, CancellationToken.None));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Empty(await host.ListAsync(new RunQuery(), CancellationToken.None));
    }

    [Fact]
    public async Task Activities_WithoutDependencies_RunSideBySide()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromMinutes(5)).Takes("B", TimeSpan.FromMinutes(5)).Takes("C", TimeSpan.FromMinutes(1));

        var outcome = await harness.RunAsync(PipelineText.OfGraph("A; B; C"));

        Assert.Equal(TimeSpan.FromMinutes(5), outcome.Run.End - outcome.Run.Start);
        Assert.Equal(TimeSpan.FromMinutes(1), outcome["C"].End - outcome["C"].Start);
    }

    [Fact]
    public async Task Thousand_Activities_EndInOneRun()
    {
        await using var harness = new RunHarness();
        var graph = string.Join("; ", Enumerable.Range(0, 1_000).Select(index => index == 0 ? "N0" : $"N{index}<N{index - 1}:Succeeded"));

        var outcome = await harness.RunAsync(PipelineText.OfGraph(graph));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(1_000, outcome.Activities.Length);
    }
}
