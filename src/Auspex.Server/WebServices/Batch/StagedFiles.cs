using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Server.WebServices.Batch;

/// <summary>The output of a row-wise job and the rejects beside it, until they become visible.</summary>
internal sealed class StagedFiles(IBlobStore store, string outputPath, string rejectsPath)
{
    /// <summary>The scored rows; null before it is begun or resumed.</summary>
    public BlobUpload? Output { get; private set; }

    /// <summary>The rejects; null while there are none.</summary>
    public BlobUpload? Rejects { get; private set; }

    /// <summary>The last checkpoint that is in the journal.</summary>
    public ScoringCheckpoint? Saved { get; set; }

    /// <summary>Begins the output.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken) =>
        Output = await store.OpenWriteAsync(outputPath, cancellationToken);

    /// <summary>Goes on where a checkpoint stood; nothing to do for files that are open.</summary>
    /// <exception cref="BlobStoreException">What was staged is gone.</exception>
    public async Task ResumeAsync(ScoringCheckpoint start, CancellationToken cancellationToken)
    {
        Saved ??= start;
        Output ??= await store.ResumeWriteAsync(outputPath, start.Output, cancellationToken);
        if (start.Rejects is { } position)
        {
            Rejects ??= await store.ResumeWriteAsync(rejectsPath, position, cancellationToken);
        }
    }

    /// <summary>Writes some of the output.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        bytes.IsEmpty ? ValueTask.CompletedTask : Output!.Stream.WriteAsync(bytes, cancellationToken);

    /// <summary>Writes the rejects that were not taken yet; the first make the file.</summary>
    public async ValueTask WriteRejectsAsync(RejectedRows rejected, RejectsPreamble begin, CancellationToken cancellationToken)
    {
        if (rejected.Pending.IsEmpty)
        {
            return;
        }

        if (Rejects is null)
        {
            Rejects = await store.OpenWriteAsync(rejectsPath, cancellationToken);
            await Rejects.Stream.WriteAsync(RejectedRows.Preamble(begin.InputName, begin.Header.Span), cancellationToken);
        }

        await Rejects.Stream.WriteAsync(rejected.Pending, cancellationToken);
        rejected.ClearPending();
    }

    /// <summary>Makes both visible, the rejects first: whoever sees the output finds them. Rejects of an earlier job go.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (Rejects is not null)
        {
            await Rejects.CommitAsync(cancellationToken);
        }
        else if (!Output!.IsCommitted && await store.FindAsync(rejectsPath, cancellationToken) is not null)
        {
            await store.DeleteAsync(rejectsPath, cancellationToken);
        }

        await Output!.CommitAsync(cancellationToken);
    }

    /// <summary>Closes both; unless somebody goes on with them, what was secured is removed.</summary>
    public async ValueTask LetGoAsync(bool isContinued)
    {
        await LetGoAsync(Output, outputPath, isContinued ? null : Saved?.Output);
        await LetGoAsync(Rejects, rejectsPath, isContinued ? null : Saved?.Rejects);
    }

    private async ValueTask LetGoAsync(BlobUpload? upload, string path, UploadPosition? discarded)
    {
        if (upload is null)
        {
            return;
        }

        await upload.DisposeAsync();
        if (discarded is not null && !upload.IsCommitted)
        {
            try
            {
                await store.DiscardUploadAsync(path, discarded, CancellationToken.None);
            }
            catch (BlobStoreException)
            {
                // The job has failed or was cancelled already; what it leaves is dropped after a week.
            }
        }
    }
}
