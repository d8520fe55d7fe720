using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Segments;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Server.WebServices.Batch;

/// <summary>A place of a job's input, and what was counted before it.</summary>
internal readonly record struct ScoringPlace(TablePlace Input, long Rows, long Rejected);

/// <summary>
/// Stages what a job scores, block by block, and makes checkpoints of it. A checkpoint stands where a block of the input ends: where all of its
/// output is in whole segments, or else the place before the block that the last whole segment ends in.
/// </summary>
/// <param name="staged">The files.</param>
/// <param name="segments">Makes the output's bytes.</param>
/// <param name="footer">Keeps what the output's footer needs.</param>
/// <param name="rejected">The rows left out.</param>
/// <param name="etag">The input as it is.</param>
/// <param name="save">Puts a checkpoint into the journal.</param>
internal sealed class StagedScoring(
    StagedFiles staged,
    SegmentWriter segments,
    FooterPages footer,
    RejectedRows rejected,
    string etag,
    Func<ScoringCheckpoint, CancellationToken, Task> save)
{
    private Task _saving = Task.CompletedTask;
    private ScoringPlace _last;
    private string? _lastProblem;
    private long _lastWritten;
    private bool _isLastResumable = true;

    /// <summary>Begins, or goes on, at a place.</summary>
    public void Begin(ScoringPlace at)
    {
        _last = at;
        _lastProblem = rejected.FirstProblem;
        _lastWritten = segments.Written;
    }

    /// <summary>Stages what a block has come to. Its rows are in the segments, and its bad rows in the rejected ones, already.</summary>
    /// <param name="after">The place behind the block.</param>
    /// <param name="isResumable">Whether somebody can go on there.</param>
    /// <param name="isDue">Whether a checkpoint is wanted.</param>
    /// <param name="rejects">The name and the header that rejected records are read again with.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Whether a checkpoint was begun.</returns>
    public async ValueTask<bool> StageAsync(
        ScoringPlace after, bool isResumable, bool isDue, RejectsPreamble rejects, CancellationToken cancellationToken)
    {
        var isSettled = segments.Settled == segments.Written && isResumable;
        var isBefore = !isSettled && _isLastResumable && segments.Settled >= _lastWritten;
        Task<UploadPosition>? rejectsBefore = null;
        isDue &= isSettled || isBefore;
        if (isDue)
        {
            await _saving;
            rejectsBefore = isBefore ? staged.Rejects?.SecureAsync(cancellationToken) : null;
        }

        await staged.WriteAsync(segments.Ready, cancellationToken);
        segments.ClearReady();
        await staged.WriteRejectsAsync(rejected, rejects, cancellationToken);
        if (isDue)
        {
            _saving = isBefore
                ? SecureAsync(_last, _lastProblem, _lastWritten, rejectsBefore, cancellationToken)
                : SecureAsync(after, rejected.FirstProblem, segments.Written, staged.Rejects?.SecureAsync(cancellationToken), cancellationToken);
        }

        (_last, _lastProblem, _lastWritten, _isLastResumable) = (after, rejected.FirstProblem, segments.Written, isResumable);
        return isDue;
    }

    /// <summary>Ends the output; all of it is durable then.</summary>
    public async Task<ScoringCheckpoint> CompleteAsync(
        System.Text.Json.Nodes.JsonArray? warnings, CancellationToken cancellationToken)
    {
        await segments.CompleteAsync(cancellationToken);
        await staged.WriteAsync(segments.Ready, cancellationToken);
        segments.ClearReady();
        await _saving;
        var output = await staged.Output!.SecureAsync(cancellationToken);
        var rejects = staged.Rejects is { } file ? await file.SecureAsync(cancellationToken) : null;
        var end = Checkpoint(_last, rejected.FirstProblem, output, rejects) with { IsWhole = true, Warnings = warnings };
        await save(end, cancellationToken);
        return end;
    }

    /// <summary>Waits for what is being saved, whatever becomes of it.</summary>
    public Task SettleAsync() => Task.WhenAny(_saving);

    // Counts and lengths are taken at once; only making them durable goes on beside the scoring.
    private async Task SecureAsync(
        ScoringPlace at, string? problem, long written, Task<UploadPosition>? rejects, CancellationToken cancellationToken)
    {
        var securing = staged.Output!.SecureAsync(cancellationToken);
        var settled = segments.Settled;
        var (pages, tail, savePages) = footer.Take(segments.Footer);
        var output = await securing;
        var checkpoint = Checkpoint(at, problem, output, rejects is null ? null : await rejects) with
        {
            Written = written,
            Settled = settled,
            FooterPages = pages,
            FooterTail = tail,
        };
        await savePages(cancellationToken);
        await save(checkpoint, cancellationToken);
    }

    private ScoringCheckpoint Checkpoint(ScoringPlace at, string? problem, UploadPosition output, UploadPosition? rejects) =>
        new(etag, at.Input.Offset, at.Rows, at.Rejected, problem, output, rejects, IsWhole: false) { Segment = at.Input.Segment };
}

/// <summary>What a rejects file begins with.</summary>
/// <param name="InputName">The name under which its records are read again.</param>
/// <param name="Header">Their header.</param>
internal readonly record struct RejectsPreamble(string InputName, ReadOnlyMemory<byte> Header);
