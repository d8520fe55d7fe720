using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Experiments.Scoring;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Runs a row-wise service over an input or output that is not plain text: batch by batch, so that memory does not grow with the file.</summary>
/// <remarks>Doing it again writes the same blob.</remarks>
internal sealed class BatchTableScorer(BlobFetcher blobs, IOptions<WebServiceOptions> settings, TimeProvider clock)
{
    /// <summary>Whether a job can be run so: its service is row-wise, and its files are read and written in batches.</summary>
    /// <exception cref="Experiments.Modules.ModuleException">A parameter does not fit.</exception>
    public static bool Takes(BatchWork work) =>
        work.Model.Shape.HasOneTableInAndOut
        && IsStreamed(work.Body.Inputs.Values.First().RelativeLocation!)
        && IsStreamed(work.Body.Outputs.Values.First().RelativeLocation!)
        && work.Model.FindRowwise(work.Body.Parameters) is not null;

    /// <summary>Scores the only input into the only output; gives the rows written.</summary>
    /// <param name="work">The job.</param>
    /// <param name="rejected">Decides about rows that cannot be read.</param>
    /// <param name="onColumns">Told the input's columns, before the first row.</param>
    /// <param name="onRead">Called when all rows are scored and nothing is visible yet; throws when the job may not succeed.</param>
    /// <param name="report">Told the rows written so far.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public async Task<long> RunAsync(
        BatchWork work,
        Func<BadRow, BadRowAction> rejected,
        Action<ImmutableArray<string>> onColumns,
        Func<long, Task> onRead,
        Action<long> report,
        CancellationToken cancellationToken)
    {
        var input = work.Model.Shape.Inputs[0];
        var (inputStore, inputPath) = blobs.OpenStore(work.Body.Inputs[input.Name]);
        await using var source = await BatchTableFile.OpenAsync(
            inputStore, inputPath, input, onColumns, rejected, cancellationToken);
        var transform = work.Model.Runtime.BindRowwise(source.Schema, work.Body.Parameters)
            ?? throw new InvalidOperationException($"The service of job {work.Id} is not row-wise.");
        var (outputStore, outputPath) = blobs.OpenStore(work.Body.Outputs.Values.First());
        await using var upload = await outputStore.OpenWriteAsync(outputPath, cancellationToken);
        await using var sink = TableFile.OpenWrite(
            outputPath, upload.Stream, transform.Output, new TableWriteOptions { Name = outputPath });
        var threads = settings.Value.Parallelism == 0 ? Environment.ProcessorCount : settings.Value.Parallelism;
        var score = await new BatchScorer(transform, threads, clock).RunAsync(source, sink, report, cancellationToken);
        await onRead(score.Rows);
        await upload.CommitAsync(cancellationToken);
        return score.Rows;
    }

    private static bool IsStreamed(string path) => TableFileFormat.Find(path) is { IsStreamed: true };
}
