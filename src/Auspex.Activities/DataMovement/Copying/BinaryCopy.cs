using System.Security.Cryptography;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>Copies files as they are, or decompressed, or compressed.</summary>
internal sealed class BinaryCopy(CopyWork work)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Copies everything.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var targets = new FileTargets(work);
        var place = work.OpenSourcePlace();
        var compression = Compression.Of(work.Source);
        var files = await work.SelectAsync(
            place, FileSelection.Read(work.Settings.Source.Object("storeSettings"), work.Source, recursive: true), cancellationToken);
        if (work.Settings.ValidatesConsistency)
        {
            work.Report.Verification = IsComparable(compression, targets) ? "Verified" : "Unsupported";
        }

        if (targets.Behavior == CopyBehavior.MergeFiles)
        {
            await MergeAsync(files, place, compression, targets, cancellationToken);
            return;
        }

        if (targets.HasName && (files.Count > 1 || (files.Count == 1 && compression.IsArchive)))
        {
            throw work.Sink.Wrong("fileName", $"no file name, since {files.Count} file(s) of dataset '{work.Source.Name}' may not go to one; or copyBehavior MergeFiles");
        }

        await work.ForEachAsync(
            files, (file, number, token) => CopyAsync(file, number, place, compression, targets, token), cancellationToken);
    }

    private async Task MergeAsync(
        List<SelectedFile> files, FilePlace place, Compression compression, FileTargets targets, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
        {
            return;
        }

        await using var output = await targets.OpenAsync(targets.Single, cancellationToken);
        foreach (var file in files)
        {
            await foreach (var content in work.OpenAsync(place, file, compression, cancellationToken))
            {
                await content.Stream.CopyToAsync(output.Stream, BufferSize, cancellationToken);
            }
        }

        await output.CommitAsync(cancellationToken);
    }

    private async Task CopyAsync(
        SelectedFile file, int number, FilePlace place, Compression compression, FileTargets targets, CancellationToken cancellationToken)
    {
        await foreach (var content in work.OpenAsync(place, file, compression, cancellationToken))
        {
            var path = targets.HasName ? targets.Single : targets.PathOf(Relative(file, content, compression), number);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            await using (var output = await targets.OpenAsync(path, cancellationToken))
            {
                await CopyAsync(content.Stream, output.Stream, work.Settings.ValidatesConsistency ? hash : null, cancellationToken);
                await output.CommitAsync(cancellationToken);
            }

            if (work.Settings.ValidatesConsistency && IsComparable(compression, targets))
            {
                await CompareAsync(file, place, path, hash.GetHashAndReset(), targets, cancellationToken);
            }
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, IncrementalHash? hash, CancellationToken cancellationToken)
    {
        if (hash is null)
        {
            await from.CopyToAsync(to, BufferSize, cancellationToken);
            return;
        }

        var buffer = new byte[BufferSize];
        int read;
        while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <summary>Holds what was written, and the source as it is now, against what was read.</summary>
    private async Task CompareAsync(
        SelectedFile file, FilePlace place, string path, byte[] hash, FileTargets targets, CancellationToken cancellationToken)
    {
        var after = await place.Store.FindAsync(file.Blob.Path, cancellationToken);
        await using var written = await targets.OpenReadAsync(path, cancellationToken);
        var found = await GetMetadataExecutor.HashAsync(written, cancellationToken);
        if (found.AsSpan().SequenceEqual(hash) && (place.IsSingleFile || (after?.ETag == file.Blob.ETag && after.SizeInBytes == file.Blob.SizeInBytes)))
        {
            return;
        }

        await targets.DeleteAsync(path, cancellationToken);
        var message = $"'{file.Blob.Path}' changed while it was copied, or '{path}' is not the same after it; it was removed.";
        if (!work.Settings.SkipsFiles.Inconsistent)
        {
            throw new TableFormatException(ErrorCode.CopyInconsistent, $"{message} Run the copy again.");
        }

        work.SkipFile(file.Blob.Path, message);
    }

    private static bool IsComparable(Compression source, FileTargets targets) =>
        source.Kind == CompressionKind.None && targets.Compression.Kind == CompressionKind.None && targets.Behavior != CopyBehavior.MergeFiles;

    /// <summary>Where a file goes; files of an archive into a folder of its name, unless settings say otherwise.</summary>
    private string Relative(SelectedFile file, FileContent content, Compression compression)
    {
        if (!compression.IsArchive)
        {
            return file.RelativePath;
        }

        var settings = work.Settings.Source.Object("formatSettings").Object("compressionProperties");
        var keepsName = settings.Boolean("preserveZipFileNameAsFolder", settings.Boolean("preserveCompressionFileNameAsFolder", true));
        var slash = file.RelativePath.LastIndexOf('/');
        var folder = slash < 0 ? "" : file.RelativePath[..slash];
        return FilePlace.Join(folder, keepsName ? compression.Uncompressed(file.Name) : "", content.Name);
    }
}
