using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Last step of a row-wise job: puts the parts together, in input order, as a blob that is seen only whole.</summary>
/// <remarks>Doing it again writes the same blob. The parts stay until the run has ended.</remarks>
internal sealed class BatchCommitExecutor(
    BatchWorkOpener opener, BlobFetcher blobs, BatchStaging staging, RejectedRowFiles rejectedRows) : IActivityExecutor
{
    public Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken) =>
        BatchWorkOpener.GuardAsync(attempt, async () =>
        {
            var work = await opener.OpenAsync(attempt, cancellationToken);
            var plan = await staging.FindPlanAsync(work.Id, cancellationToken)
                ?? throw new InvalidOperationException($"Job {work.Id} has no plan in the data folder's jobs.");
            var rejected = await SumAsync(work, plan, cancellationToken);
            await WriteAsync(attempt, work, plan, cancellationToken);
            return new JsonObject { ["rows"] = plan.Rows - rejected, ["rejected"] = rejected };
        });

    private async Task<long> SumAsync(BatchWork work, BatchPlan plan, CancellationToken cancellationToken)
    {
        var input = work.Model.Shape.Inputs[0].Name;
        var rejected = 0L;
        string? problem = null;
        for (var partition = 0; partition < plan.Count; partition++)
        {
            var result = (await staging.FindResultAsync(work.Id, partition, cancellationToken))!;
            rejected += result.Rejected;
            problem ??= result.FirstProblem;
        }

        if (rejected > 0 && rejected == plan.Rows)
        {
            throw new TableFormatException(
                ErrorCode.RaggedRow, $"Input '{input}': none of its {plan.Rows} row(s) can be read. The first: {problem}");
        }

        if (rejected > 0)
        {
            await using var file = await rejectedRows.CreateAsync(work, input, plan.Columns, cancellationToken);
            for (var partition = 0; partition < plan.Count; partition++)
            {
                await using var part = staging.OpenRejected(work.Id, partition);
                await part.CopyToAsync(file.Stream, cancellationToken);
            }

            await file.CommitAsync(cancellationToken);
        }

        return rejected;
    }

    private async Task WriteAsync(
        ActivityAttempt attempt, BatchWork work, BatchPlan plan, CancellationToken cancellationToken)
    {
        var input = work.Model.Shape.Inputs[0];
        var schema = BatchTable.SchemaFor(input, plan.Columns, work.Body.Inputs[input.Name].RelativeLocation!);
        var transform = work.Model.Runtime.BindRowwise(schema, work.Body.Parameters)!;
        var (store, path) = blobs.OpenStore(work.Body.Outputs.Values.First());
        await using var upload = await store.OpenWriteAsync(path, cancellationToken);
        await using (var header = new DelimitedTextWriter(
            upload.Stream, transform.Output, DelimitedTextWriterOptions.ForPath(path), leaveOpen: true))
        {
            await header.CompleteAsync(cancellationToken);
        }

        for (var partition = 0; partition < plan.Count; partition++)
        {
            await using (var part = staging.OpenRows(work.Id, partition))
            {
                await part.CopyToAsync(upload.Stream, cancellationToken);
            }

            var done = plan.Part(partition) is { } range ? range.FirstRow + range.Rows - 1 : plan.Rows;
            attempt.ReportProgress(new ActivityProgress(done, plan.Rows, "writing"));
        }

        await upload.CommitAsync(cancellationToken);
    }
}

/// <summary>Keeps the rows that could not be read, as they stand in the input, for whoever mends them.</summary>
internal sealed class RejectedRowFiles(Func<BlobReference, IBlobStore> openStore, string defaultFolder)
{
    public static string PathOf(string job, string input) =>
        string.Create(CultureInfo.InvariantCulture, $"experimentoutput/{job}/{input}.rejected.csv");

    public async Task<BlobUpload> CreateAsync(
        BatchWork work, string input, IEnumerable<string> columns, CancellationToken cancellationToken)
    {
        var reference = StorageAddresses.InFolder(defaultFolder, PathOf(work.Id, input));
        var upload = await openStore(reference).OpenWriteAsync(reference.RelativeLocation!, cancellationToken);
        var header = string.Join(',', columns.Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n";
        await upload.Stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(header), cancellationToken);
        return upload;
    }
}
