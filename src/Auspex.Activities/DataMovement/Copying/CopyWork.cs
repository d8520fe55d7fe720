using System.Runtime.CompilerServices;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>One Copy under way: what all of its parts share.</summary>
internal sealed class CopyWork(
    DataServices services, ActivityAttempt attempt, CopySettings settings, ResolvedDataset source, ResolvedDataset sink, CopyReport report, CopyLog log)
{
    public DataServices Services => services;

    public ActivityAttempt Attempt => attempt;

    public CopySettings Settings => settings;

    public ResolvedDataset Source => source;

    public ResolvedDataset Sink => sink;

    public CopyReport Report => report;

    public CopyLog Log => log;

    /// <summary>Paths of source files that are to be removed once everything is committed.</summary>
    public List<string> ToDelete { get; } = [];

    /// <summary>Whether a dataset is one of files.</summary>
    public static bool IsFiles(ResolvedDataset dataset) => dataset.Shape is not (DataShape.Table or DataShape.Rest);

    /// <summary>The place of the source's files.</summary>
    public FilePlace OpenSourcePlace() => services.Places.Open(attempt, source, settings.Source.Object("storeSettings"));

    /// <summary>Chooses the source's files.</summary>
    public async Task<List<SelectedFile>> SelectAsync(FilePlace place, FileSelection selection, CancellationToken cancellationToken)
    {
        Action<string>? onMissing = settings.SkipsFiles.Missing
            ? path => SkipFile(path, "The file is missing.")
            : null;
        var files = await FileSelector.ListAsync(place, selection, onMissing, cancellationToken).ToListAsync(cancellationToken);
        if (files.Count == 0 && !selection.IsPattern && place.FileName.Length == 0
            && await place.Store.FindFolderAsync(place.FolderPath, cancellationToken) is null)
        {
            throw FileSelector.NotFound(place.FolderPath);
        }

        if (selection.DeletesAfterCopy)
        {
            ToDelete.AddRange(files.Select(file => file.Blob.Path));
        }

        return files;
    }

    /// <summary>Opens a file and what it holds, decompressed; a file that is to be passed over gives nothing.</summary>
    /// <remarks>It is passed over only as long as nothing of it was read.</remarks>
    public async IAsyncEnumerable<FileContent> OpenAsync(
        FilePlace place, SelectedFile file, Compression compression, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await TryOpenAsync(place, file, cancellationToken) is not { } raw)
        {
            yield break;
        }

        await using (raw)
        {
            var counted = new CountingStream(raw, report.AddRead);
            await foreach (var content in compression.OpenAsync(counted, file.Name, services.Options.TemporaryFolder, cancellationToken))
            {
                yield return content;
            }
        }

        report.FileRead();
        log.NoteFile("FileRead", file.Blob.Path, "Complete reading file.");
    }

    /// <summary>Opens a file's bytes; null when it is to be passed over.</summary>
    public async Task<Stream?> TryOpenAsync(FilePlace place, SelectedFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await place.Store.OpenReadAsync(file.Blob.Path, 0, cancellationToken);
        }
        catch (BlobStoreException failure) when ((failure.Error == BlobError.NotFound && settings.SkipsFiles.Missing)
            || (failure.Error == BlobError.Forbidden && settings.SkipsFiles.Forbidden))
        {
            SkipFile(file.Blob.Path, failure.Message);
            return null;
        }
    }

    /// <summary>Notes a file that is passed over.</summary>
    public void SkipFile(string path, string message)
    {
        report.FileSkipped();
        log.SkipFile(path, message);
    }

    /// <summary>What becomes of rows that cannot be read.</summary>
    public BadRowAction OnBadRow(BadRow row)
    {
        if (!settings.SkipsRows)
        {
            return BadRowAction.Fail;
        }

        report.AddRowsRead(1);
        report.RowSkipped();
        log.SkipRow(row.Record.Span, row.Code.Value, row.Message);
        return BadRowAction.Skip;
    }

    /// <summary>Runs something for each group, so many side by side; in order when that is one.</summary>
    public Task ForEachAsync<T>(IReadOnlyList<T> groups, Func<T, int, CancellationToken, Task> copy, CancellationToken cancellationToken)
    {
        report.UsedParallelCopies = Math.Max(1, Math.Min(settings.ParallelCopies, groups.Count));
        return Parallel.ForEachAsync(
            groups.Select((group, number) => (group, number)),
            new ParallelOptions { MaxDegreeOfParallelism = report.UsedParallelCopies, CancellationToken = cancellationToken },
            async (item, token) => await copy(item.group, item.number, token));
    }
}
