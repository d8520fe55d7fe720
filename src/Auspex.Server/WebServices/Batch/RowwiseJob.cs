using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Auspex.Experiments.Scoring;
using Auspex.Server.Hosting;
using Auspex.Server.WebServices.Scoring;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// One attempt at a row-wise job: scores the input from where the last checkpoint says, stages the output and the rejects,
/// saves checkpoints on the way, and makes both visible at the end.
/// </summary>
/// <remarks>
/// The bytes written depend on the input, the model and the policy alone: a host that was taken for dead but still writes
/// changes nothing.
/// </remarks>
internal sealed class RowwiseJob
{
    // A checkpoint costs a flush to disk and a journal entry; less input than this is scored again faster.
    private const long LeastCheckpointBytes = 1 << 20;

    // One is being saved while the next is due; with what is in flight, less than a hundredth of a large input is scored
    // again after a crash.
    private const int CheckpointsPerJob = 400;
    private const int BlockBytes = 256 << 10;

    private readonly ActivityAttempt _attempt;
    private readonly BatchWork _work;
    private readonly RowwiseFiles _files;
    private readonly InputShape _input;
    private readonly string _rejectsPath;
    private readonly int _threads;
    private readonly BadRowPolicy _policy;

    public RowwiseJob(ActivityAttempt attempt, BatchWork work, RowwiseFiles files, int threads, BadRowPolicy policy)
    {
        _attempt = attempt;
        _work = work;
        _files = files;
        _threads = threads;
        _policy = policy;
        _input = work.Model.Shape.Inputs[0];
        _rejectsPath = RejectedRows.PathFor(files.OutputPath);
    }

    /// <summary>Runs to the end.</summary>
    public async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var start = _attempt.Checkpoint?.Deserialize(StoredJson.Default.ScoringCheckpoint);
        try
        {
            return await RunAsync(start, cancellationToken);
        }
        catch (BlobStoreException gone) when (gone.Error == BlobError.UploadGone && start is not null)
        {
            // What was staged is there no more, and nobody has seen it: the job begins anew.
            return await RunAsync(null, cancellationToken);
        }
    }

    private async Task<JsonObject> RunAsync(ScoringCheckpoint? start, CancellationToken cancellationToken)
    {
        var staged = new StagedFiles(_files.OutputStore, _files.OutputPath, _rejectsPath);
        try
        {
            var end = start is { IsWhole: true } ? start
                : CompletionJob.IsMeant(_work.Body) ? await CompleteAsync(staged, cancellationToken)
                : await ScoreAsync(start, staged, cancellationToken);
            await staged.ResumeAsync(end, cancellationToken);
            await staged.CommitAsync(cancellationToken);
            return new JsonObject
            {
                ["rows"] = end.Rows - end.Rejected,
                ["rejected"] = end.Rejected,
                ["firstProblem"] = end.FirstProblem,
                ["rejects"] = end.Rejects is null ? new JsonArray() : new JsonArray(_rejectsPath),
                ["warnings"] = end.Warnings?.DeepClone(),
            };
        }
        finally
        {
            // The next host goes on with what is secured; after a failure or a cancel nobody does.
            await staged.LetGoAsync(isContinued: _attempt.StopReason() == AttemptStopReason.HostStopping);
        }
    }

    private async Task<ScoringCheckpoint> CompleteAsync(StagedFiles staged, CancellationToken cancellationToken)
    {
        var end = await CompletionJob.StageAsync(_work, _files, staged, _threads, _policy, cancellationToken);
        await SaveAsync(end, staged, cancellationToken);
        return end;
    }

    private async Task SaveAsync(ScoringCheckpoint checkpoint, StagedFiles staged, CancellationToken cancellationToken)
    {
        await _attempt.SaveCheckpointAsync(
            JsonSerializer.SerializeToNode(checkpoint, StoredJson.Default.ScoringCheckpoint)!.AsObject(), cancellationToken);
        staged.Saved = checkpoint;
    }

    private async Task<ScoringCheckpoint> ScoreAsync(
        ScoringCheckpoint? start, StagedFiles staged, CancellationToken cancellationToken)
    {
        var blob = await FindInputAsync(start, cancellationToken);
        var report = await BatchContract.RequireAsync(_work, _input, _files.InputStore, _files.InputPath, cancellationToken);
        var options = DelimitedTextOptions.ForPath(_files.InputPath);
        await using var reader = await DelimitedBlockReader.OpenAtAsync(
            (offset, token) => _files.InputStore.OpenReadAsync(_files.InputPath, offset, token), options, start?.InputOffset ?? 0, cancellationToken);
        options = options with { Schema = BatchTable.SchemaFor(_input, reader.FileColumns, _files.InputPath) };
        var transform = _work.Model.Runtime.BindRowwise(options.Schema, _work.Body.Parameters)
            ?? throw new InvalidOperationException($"The service of job {_work.Id} is not row-wise.");
        var plan = TextScoringPlan.Compile(
            transform, options, reader.FileColumns, DelimitedTextWriterOptions.ForPath(_files.OutputPath));
        var rejected = new RejectedRows(_files.InputPath, _policy, start?.Rejected ?? 0, start?.FirstProblem);
        if (start is null)
        {
            await staged.BeginAsync(plan.Header(), cancellationToken);
        }
        else
        {
            await staged.ResumeAsync(start, cancellationToken);
        }

        var begun = start?.InputOffset ?? 0;
        var interval = Math.Max(LeastCheckpointBytes, blob.SizeInBytes / CheckpointsPerJob);
        var saving = Task.CompletedTask;
        try
        {
            var from = new ScoringPosition(start?.InputOffset ?? 0, start?.Rows ?? 0, start?.Rejected ?? 0);
            var end = await new TextScorer(plan, _threads, rejected.Take, BlockBytes).RunAsync(
                reader,
                from,
                async (text, after, token) =>
                {
                    await staged.WriteAsync(text, rejected, _files.InputPath, reader.HeaderRecord, token);
                    if (after.InputOffset - begun >= interval)
                    {
                        await saving;
                        begun = after.InputOffset;
                        saving = SecureAsync(Checkpoint(after, isWhole: false));
                    }

                    _attempt.ReportProgress(new ActivityProgress(after.Scored, EstimateRows(after, blob.SizeInBytes), "scoring"));
                },
                cancellationToken);
            rejected.CheckAll(end.Rows);
            await saving;
            return await SecureAsync(Checkpoint(end, isWhole: true));
        }
        finally
        {
            await Task.WhenAny(saving);
        }

        // Counts and lengths are taken at once; only making them durable goes on beside the scoring.
        Func<Task<ScoringCheckpoint>> Checkpoint(ScoringPosition at, bool isWhole)
        {
            var problem = rejected.FirstProblem;
            var output = staged.Output!.SecureAsync(cancellationToken);
            var rejects = staged.Rejects?.SecureAsync(cancellationToken);
            return async () => new ScoringCheckpoint(
                blob.ETag,
                at.InputOffset,
                at.Rows,
                at.Rejected,
                problem,
                await output,
                rejects is null ? null : await rejects,
                isWhole,
                isWhole ? BatchContract.Warnings(report) : null);
        }

        async Task<ScoringCheckpoint> SecureAsync(Func<Task<ScoringCheckpoint>> secure)
        {
            var checkpoint = await secure();
            await SaveAsync(checkpoint, staged, cancellationToken);
            return checkpoint;
        }
    }

    private async Task<BlobProperties> FindInputAsync(ScoringCheckpoint? start, CancellationToken cancellationToken)
    {
        var blob = await _files.InputStore.FindAsync(_files.InputPath, cancellationToken) ?? throw new BlobStoreException(
            ErrorCode.BlobNotFound,
            BlobError.NotFound,
            $"Input '{_input.Name}': there is no blob {_files.InputPath}. Check container, path and name; they are case-sensitive.");
        return start is null || blob.ETag == start.ETag ? blob : throw new BlobStoreException(
            ErrorCode.BlobChanged,
            BlobError.NotFound,
            $"The input {_files.InputPath} was changed while the job ran. Submit the job again.");
    }

    private static long? EstimateRows(ScoringPosition at, long size) =>
        at.InputOffset == 0 ? null : Math.Max(at.Rows, (long)((double)at.Rows * size / at.InputOffset));
}

/// <summary>Where a row-wise job reads and writes.</summary>
internal sealed record RowwiseFiles(IBlobStore InputStore, string InputPath, IBlobStore OutputStore, string OutputPath);
