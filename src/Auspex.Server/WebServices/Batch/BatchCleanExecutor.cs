using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Removes the parts of a job whose output is committed.</summary>
/// <remarks>Doing it again finds nothing to do. The parts of jobs that did not end well wait for the sweeper.</remarks>
internal sealed class BatchCleanExecutor(BatchWorkOpener opener, BatchStaging staging) : IActivityExecutor
{
    public Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken) =>
        BatchWorkOpener.GuardAsync(attempt, async () =>
        {
            staging.Delete((await opener.OpenAsync(attempt, cancellationToken)).Id);
            return [];
        });
}
