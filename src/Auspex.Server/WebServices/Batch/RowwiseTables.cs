using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Segments;
using Auspex.Engine.Dispatch;
using Auspex.Experiments.Scoring;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Scores part by part where the input or the output is Parquet or Arrow.</summary>
internal static class RowwiseTables
{
    // Small enough that those in flight are few of all rows; large enough to be worth a task. In small files, whose rows nobody is long at, the former.
    private const int MostBatchRows = 2048;
    private const int FewestBatchRows = 256;
    private const int BatchesOfAFile = 3200;

    // Where a file does not tell its rows, this says that they are few.
    private const long SmallFileBytes = 64 << 20;

    // A checkpoint costs a flush to disk and a journal entry; fewer rows than these are scored again faster.
    private const long LeastCheckpointRows = 1024;
    private const int CheckpointsOfAFile = 800;

    // Where nothing says how many rows there are, checkpoints are as far apart as what was read already allows.
    private const long LeastRowsUnknown = 4096;
    private const int CheckpointsOfWhatWasRead = 500;

    public static async Task<ScoringCheckpoint> ScoreAsync(RowwiseRun run, CancellationToken cancellationToken)
    {
        var path = run.Input.Path;
        var input = run.Work.Model.Shape.Inputs[0];
        var place = run.StartPlace;
        Stream? opened = null;
        await using var source = await TableParts.OpenAsync(
            path,
            async (offset, token) => opened = await run.Input.OpenAsync(offset, token),
            new TableReadOptions
            {
                Name = path,
                ChooseSchema = own => input.Schema.Fields.IsEmpty ? own : BatchTable.SchemaFor(input, own, path),
                ExtraColumns = ExtraColumns.Include,
                BatchRows = run.Blob.SizeInBytes < SmallFileBytes ? FewestBatchRows : MostBatchRows,
                ChooseBatchRows = rows => (int)Math.Clamp(rows / BatchesOfAFile, FewestBatchRows, MostBatchRows),
                MaxRecordBytes = run.LongestRecord,
            },
            place.Input,
            place.Rows,
            cancellationToken);
        var transform = run.Bind(source.Schema);
        await using var segments = SegmentWriter.Open(
            run.OutputPath, transform.Output, new TableWriteOptions { Name = run.OutputPath }, run.Segments);
        var scoring = run.Stage(segments);
        scoring.Begin(place);
        var preamble = new RejectsPreamble(RejectedRows.RecordName(path), source.HeaderRecord);
        var begun = place.Rows;
        try
        {
            await new PartScorer(transform, run.Threads).RunAsync(
                source,
                async (part, scored, token) =>
                {
                    Take(run.Rejected, part);
                    if (scored is not null)
                    {
                        await segments.WriteAsync(scored, token);
                    }

                    place = new ScoringPlace(part.After, place.Rows + part.RowCount, place.Rejected + part.BadRows.Length);
                    var isDue = place.Rows - begun >= Interval();
                    if (await scoring.StageAsync(place, part.IsResumable, isDue, preamble, token))
                    {
                        begun = place.Rows;
                    }

                    run.Attempt.ReportProgress(new ActivityProgress(place.Rows - place.Rejected, null, "scoring"));
                },
                cancellationToken,
                place.Rows - place.Rejected);
            run.Rejected.CheckAll(place.Rows);
            return await scoring.CompleteAsync(run.Warnings, cancellationToken);
        }
        finally
        {
            await scoring.SettleAsync();
        }

        long Interval() => (source.TotalRows ?? EstimateRows()) is { } rows
            ? Math.Max(LeastCheckpointRows, Math.Max(rows, place.Rows) / CheckpointsOfAFile)
            : Math.Max(LeastRowsUnknown, place.Rows / CheckpointsOfWhatWasRead);

        // How much of the file has been read tells about how many rows are left.
        long? EstimateRows() => opened is { CanSeek: true, CanRead: true, Position: > 0 and var position }
            ? (long)((double)place.Rows * run.Blob.SizeInBytes / position)
            : null;
    }

    private static void Take(RejectedRows rejected, TablePart part)
    {
        foreach (var bad in part.BadRows)
        {
            if (rejected.Take(bad) != BadRowAction.Skip)
            {
                throw new TableFormatException(bad.Code, bad.Message, bad.Location);
            }
        }
    }
}
