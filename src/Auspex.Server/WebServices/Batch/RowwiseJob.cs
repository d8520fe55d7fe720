using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Auspex.Server.Hosting;
using Auspex.Stores;

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
    private readonly ActivityAttempt _attempt;
    private readonly BatchWork _work;
    private readonly RowwiseFiles _files;
    private readonly IDocumentStore _documents;
    private readonly string _rejectsPath;
    private readonly int _threads;
    private readonly BadRowPolicy _policy;
    private readonly bool _reportsDrift;

    public RowwiseJob(
        ActivityAttempt attempt, BatchWork work, RowwiseFiles files, IDocumentStore documents, int threads, BadRowPolicy policy, bool reportsDrift = false)
    {
        _reportsDrift = reportsDrift;
        _attempt = attempt;
        _work = work;
        _files = files;
        _documents = documents;
        _threads = threads;
        _policy = policy;
        _rejectsPath = RejectedRows.PathFor(files.OutputPath);
    }

    /// <summary>Whether a job can be run so: its service is row-wise, and its files are read and written in parts.</summary>
    /// <exception cref="Experiments.Modules.ModuleException">A parameter does not fit.</exception>
    public static bool Takes(JobBody body, LiveModel model) =>
        model.Shape.HasOneTableInAndOut
        && IsStreamed(body.Inputs.Values.First().RelativeLocation!)
        && IsStreamed(body.Outputs.Values.First().RelativeLocation!)
        && model.FindRowwise(body.Parameters) is not null;

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

    private static bool IsStreamed(string path) => TableFileFormat.Find(path) is { IsStreamed: true };

    private async Task<JsonObject> RunAsync(ScoringCheckpoint? start, CancellationToken cancellationToken)
    {
        var staged = new StagedFiles(_files.OutputStore, _files.OutputPath, _rejectsPath);
        var reports = new OutputReports(_files.OutputStore, _files.OutputPath);
        var isOver = true;
        try
        {
            ScoringCheckpoint end;
            if (CompletionJob.IsMeant(_work.Body))
            {
                end = start is { IsWhole: true } ? start : await CompleteAsync(staged, cancellationToken);
                NoteCompletion(reports);
            }
            else if (start is { IsWhole: true })
            {
                end = start;
                await reports.FindAsync(_reportsDrift, !_work.Challengers.IsEmpty, cancellationToken);
            }
            else
            {
                end = await ScoreAsync(start, staged, reports, cancellationToken);
            }

            await staged.ResumeAsync(end, cancellationToken);
            await staged.CommitAsync(cancellationToken);
            return new JsonObject
            {
                ["rows"] = end.Rows - end.Rejected,
                ["rejected"] = end.Rejected,
                ["firstProblem"] = end.FirstProblem,
                ["rejects"] = end.Rejects is null ? new JsonArray() : new JsonArray(_rejectsPath),
                ["warnings"] = reports.AddNotesTo(end.Warnings),
                ["reports"] = reports.Paths,
            };
        }
        finally
        {
            // The next host goes on with what is secured; after a failure or a cancel nobody does.
            isOver = _attempt.StopReason() != AttemptStopReason.HostStopping;
            await staged.LetGoAsync(isContinued: !isOver);
            if (isOver)
            {
                await FooterPages.DeleteAsync(_documents, _work.Id, CancellationToken.None);
            }
        }
    }

    private void NoteCompletion(OutputReports reports)
    {
        const string Sentence = "The job put mended rows into an output that is there: a few rows tell nothing of";
        if (_reportsDrift)
        {
            reports.NoteDrift($"{Sentence} drift.");
        }

        if (!_work.Challengers.IsEmpty)
        {
            reports.NoteChallengers($"{Sentence} challengers.");
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
        ScoringCheckpoint? start, StagedFiles staged, OutputReports reports, CancellationToken cancellationToken)
    {
        var blob = await FindInputAsync(start, cancellationToken);
        await using var input = new LocalInput(_files.InputStore, _files.InputPath);
        var report = await BatchContract.RequireAsync(_work, _work.Model.Shape.Inputs[0], input, cancellationToken);
        var footer = new FooterPages(_documents, _work.Id);
        var entries = start is null ? [] : await footer.ReadAsync(start, cancellationToken);
        start = entries is null ? null : start;
        if (start is null)
        {
            await staged.BeginAsync(cancellationToken);
        }
        else
        {
            await staged.ResumeAsync(start, cancellationToken);
        }

        var run = new RowwiseRun
        {
            Attempt = _attempt,
            Work = _work,
            Blob = blob,
            Input = input,
            OutputPath = _files.OutputPath,
            Start = start,
            Footer = footer,
            FooterEntries = entries ?? [],
            Staged = staged,
            Rejected = new RejectedRows(_files.InputPath, _policy, start?.Rejected ?? 0, start?.FirstProblem),
            Threads = _threads,
            LongestRecord = _policy.LongestRecord,
            Warnings = BatchContract.Warnings(report),
            ReportsDrift = _reportsDrift,
            SaveAsync = (checkpoint, token) => SaveAsync(checkpoint, staged, token),
        };
        var end = IsText(_files.InputPath) && IsText(_files.OutputPath)
            ? await RowwiseTexts.ScoreAsync(run, cancellationToken)
            : await RowwiseTables.ScoreAsync(run, cancellationToken);
        // Before the output is there: whoever sees that one finds these.
        var (source, rowsBefore) = (Path.GetFileName(_files.InputPath), start?.Rows ?? 0);
        if (run.Watch is { } watch)
        {
            await reports.WriteAsync(watch.Report(source, rowsBefore), node: null, cancellationToken);
        }
        else if (_reportsDrift)
        {
            reports.NoteDrift(DriftTexts.Unknown(_work.Model.Runtime.FindScoringModel(_work.Body.Parameters)));
        }

        if (run.Challenge is { } challenge)
        {
            await reports.WriteAsync(challenge.Report(source, rowsBefore), node: null, cancellationToken);
        }
        else if (run.ChallengeProblem is { } problem)
        {
            reports.NoteChallengers(problem);
        }

        return end;
    }

    private static bool IsText(string path) => TableFileFormat.Find(path) is { Kind: TableFileKind.DelimitedText };

    private async Task<BlobProperties> FindInputAsync(ScoringCheckpoint? start, CancellationToken cancellationToken)
    {
        var blob = await _files.InputStore.FindAsync(_files.InputPath, cancellationToken) ?? throw new BlobStoreException(
            ErrorCode.BlobNotFound,
            BlobError.NotFound,
            $"Input '{_work.Model.Shape.Inputs[0].Name}': there is no blob {_files.InputPath}. Check container, path and name; they are case-sensitive.");
        return start is null || blob.ETag == start.ETag ? blob : throw new BlobStoreException(
            ErrorCode.BlobChanged,
            BlobError.NotFound,
            $"The input {_files.InputPath} was changed while the job ran. Submit the job again.");
    }
}

/// <summary>Where a row-wise job reads and writes.</summary>
internal sealed record RowwiseFiles(IBlobStore InputStore, string InputPath, IBlobStore OutputStore, string OutputPath);
