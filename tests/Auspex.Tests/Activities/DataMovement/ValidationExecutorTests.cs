using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Activities.DataMovement;

public sealed class ValidationExecutorTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly DataHarness _data;

    public ValidationExecutorTests()
    {
        _data = new DataHarness(_clock);
        _data.Dataset("File", "Binary", """{"location":{"fileName":"a.csv"}}""").Dataset("Folder", "Binary", """{"location":{"folderPath":"in"}}""");
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task ExecuteAsync_FileComesAndGrows_EndsWithItsMetadata()
    {
        var run = _data.RunAsync("Validation", """{"dataset":{"referenceName":"File"},"timeout":"0.01:00:00","sleep":20,"minimumSize":3}""");

        await AdvanceAsync(run, TimeSpan.FromSeconds(20));
        _data.Write("a.csv", "x");
        await AdvanceAsync(run, TimeSpan.FromSeconds(20));
        Assert.False(run.IsCompleted);
        _data.Write("a.csv", "xyz");
        await AdvanceAsync(run, TimeSpan.FromSeconds(20));
        var output = await run;

        Assert.True((bool)output["exists"]!);
        Assert.Equal(3, (int)output["size"]!);
        Assert.Equal("File", (string?)output["itemType"]);
    }

    [Fact]
    public async Task ExecuteAsync_TimePasses_Fails()
    {
        var run = _data.RunAsync("Validation", """{"dataset":{"referenceName":"File"},"timeout":"0.00:01:00","sleep":60}""");

        await AdvanceAsync(run, TimeSpan.FromMinutes(1));

        var failure = await Assert.ThrowsAsync<ActivityException>(() => run);
        Assert.Equal("ActivityTimeout", failure.ActivityErrorCode);
    }

    [Theory]
    [InlineData(true, "in/a", true)]
    [InlineData(false, "in/a", false)]
    public async Task ExecuteAsync_ChildItems_DemandsFullOrEmpty(bool demanded, string file, bool isMet)
    {
        _data.Write(file, "x");
        var properties = $$"""{"dataset":{"referenceName":"Folder"},"timeout":"0.00:00:01","childItems":{{(demanded ? "true" : "false")}}}""";

        var run = _data.RunAsync("Validation", properties);
        if (!isMet)
        {
            await AdvanceAsync(run, TimeSpan.FromSeconds(1));
            await Assert.ThrowsAsync<ActivityException>(() => run);
            return;
        }

        Assert.True((bool)(await run)["exists"]!);
    }

    /// <summary>Lets the activity come to its pause, then ends the pause.</summary>
    private async Task AdvanceAsync(Task run, TimeSpan span)
    {
        while (!run.IsCompleted && !_clock.AdvanceToNextTimer(span))
        {
            await Task.Yield();
        }

        await Task.Yield();
    }
}
