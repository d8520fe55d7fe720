using Auspex.Engine.Runs;
using Auspex.Server.WebServices.Batch;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Batch;

public sealed class JobStatusTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false, false, null, "NotStarted")]
    [InlineData(true, false, null, "Running")]
    [InlineData(true, false, RunStatus.Queued, "Running")]
    [InlineData(true, false, RunStatus.InProgress, "Running")]
    [InlineData(true, false, RunStatus.Succeeded, "Finished")]
    [InlineData(true, false, RunStatus.Failed, "Failed")]
    [InlineData(true, false, RunStatus.Canceling, "Cancelled")]
    [InlineData(true, true, null, "Cancelled")]
    [InlineData(false, true, null, "Cancelled")]
    public void StateOf_DocumentAndRun_IsWhatCallersSee(bool isStarted, bool isCanceled, RunStatus? run, string expected)
    {
        var job = new JobDocument
        {
            Id = "j",
            EndpointId = "e",
            CreatedAt = Noon,
            StartedAt = isStarted ? Noon : null,
            CanceledAt = isCanceled ? Noon : null,
            ServiceId = "s",
            Version = 1,
            Body = "",
        };

        Assert.Equal(expected, JobStatus.StateOf(job, run).ToString());
    }
}
