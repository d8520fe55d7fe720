using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Formats.Segments;
using Auspex.Engine.Dispatch;
using Auspex.Experiments.Scoring;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Scores delimited text into delimited text, either of them packed or not, several blocks side by side.</summary>
internal static class RowwiseTexts
{
    // A checkpoint costs a flush to disk and a journal entry; less input than this is scored again faster.
    private const long LeastCheckpointBytes = 1 << 20;

    // One is being saved while the next is due; with what is in flight, less than a hundredth of a large input is scored
    // again after a crash.
    private const int CheckpointsPerJob = 400;

    // How much a packed file holds shows only at its end: so far apart are checkpoints by what was read already.
    private const int CheckpointsOfWhatWasRead = 400;
    private const int BlockBytes = 256 << 10;

    public static async Task<ScoringCheckpoint> ScoreAsync(RowwiseRun run, CancellationToken cancellationToken)
    {
        var path = run.Input.Path;
        var start = run.StartPlace;
        var isPacked = TextCompression.ForPath(path).Compression != FileCompression.None;
        var input = run.Work.Model.Shape.Inputs[0];
        var options = DelimitedTextOptions.ForPath(path) with { MaxRecordBytes = run.LongestRecord };
        await using var reader = await DelimitedBlockReader.OpenAtAsync(
            (offset, token) => isPacked ? TableParts.OpenUnpackedAsync(run.Input.OpenAsync, path, offset, token) : run.Input.OpenAsync(offset, token),
            options,
            start.Input.Offset,
            cancellationToken);
        options = options with { Schema = BatchTable.SchemaFor(input, reader.FileColumns, path) };
        var transform = run.Bind(options.Schema);
        var plan = TextScoringPlan.Compile(
            transform, options, reader.FileColumns, DelimitedTextWriterOptions.ForPath(run.OutputPath));
        await using var segments = new TextSegments(
            plan.Output,
            DelimitedTextWriterOptions.ForPath(run.OutputPath),
            TextCompression.ForPath(run.OutputPath).Compression,
            new TableWriteOptions().Level,
            run.Segments);
        if (run.Start is null)
        {
            segments.Write(plan.Header().Span);
        }

        var scoring = run.Stage(segments);
        scoring.Begin(start);
        var preamble = new RejectsPreamble(RejectedRows.RecordName(path), reader.HeaderRecord);
        var size = run.Blob.SizeInBytes;
        var begun = start.Input.Offset;
        try
        {
            var end = await new TextScorer(plan, run.Threads, run.Rejected.Take, BlockBytes).RunAsync(
                reader,
                new ScoringPosition(start.Input.Offset, start.Rows, start.Rejected),
                async (text, after, token) =>
                {
                    segments.Write(text.Span);
                    var place = new ScoringPlace(new TablePlace(0, after.InputOffset), after.Rows, after.Rejected);
                    var isDue = after.InputOffset - begun >= Interval(after.InputOffset);
                    if (await scoring.StageAsync(place, !after.IsInsideRecord, isDue, preamble, token))
                    {
                        begun = after.InputOffset;
                    }

                    run.Attempt.ReportProgress(new ActivityProgress(after.Scored, EstimateRows(after), "scoring"));
                },
                cancellationToken);
            run.Rejected.CheckAll(end.Rows);
            return await scoring.CompleteAsync(run.Warnings, cancellationToken);
        }
        finally
        {
            await scoring.SettleAsync();
        }

        long Interval(long offset) => Math.Max(
            Math.Max(LeastCheckpointBytes, size / CheckpointsPerJob), isPacked ? offset / CheckpointsOfWhatWasRead : 0);

        long? EstimateRows(ScoringPosition at) =>
            at.InputOffset == 0 || isPacked ? null : Math.Max(at.Rows, (long)((double)at.Rows * size / at.InputOffset));
    }
}
