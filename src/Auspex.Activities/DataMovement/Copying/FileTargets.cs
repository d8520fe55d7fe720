using System.Globalization;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>How files keep their places: <c>copyBehavior</c>.</summary>
internal enum CopyBehavior
{
    PreserveHierarchy,
    FlattenHierarchy,
    MergeFiles,
}

/// <summary>Names and opens the files that a Copy writes. Names that it makes up come of the activity run's id, so that an attempt
/// that runs again writes the same files.</summary>
internal sealed class FileTargets
{
    private readonly CopyWork _work;
    private readonly FilePlace _place;
    private readonly string _extension;

    /// <summary>Reads the sink's settings.</summary>
    /// <param name="work">The copy.</param>
    public FileTargets(CopyWork work)
    {
        _work = work;
        _place = work.Services.Places.Open(work.Attempt, work.Sink, null, work.Settings.Sink.Object("storeSettings"));
        Compression = Compression.Of(work.Sink);
        if (Compression.Kind is CompressionKind.Tar or CompressionKind.TarGZip)
        {
            throw ActivityFailures.Unsupported(
                $"The compression of dataset '{work.Sink.Name}' is not supported for writing; supported are gzip, deflate and ZipDeflate.");
        }

        var settings = work.Settings.Sink.Object("storeSettings");
        Behavior = (settings.Text("copyBehavior") ?? work.Settings.Sink.Text("copyBehavior"))?.ToUpperInvariant() switch
        {
            null or "NONE" or "PRESERVEHIERARCHY" => CopyBehavior.PreserveHierarchy,
            "FLATTENHIERARCHY" => CopyBehavior.FlattenHierarchy,
            "MERGEFILES" => CopyBehavior.MergeFiles,
            _ => throw settings.Wrong("copyBehavior", "PreserveHierarchy, FlattenHierarchy or MergeFiles"),
        };
        var format = work.Settings.Sink.Object("formatSettings");
        _extension = work.Sink.Shape switch
        {
            DataShape.DelimitedText => format.Text("fileExtension") ?? ".txt",
            DataShape.Json => ".json",
            DataShape.Parquet => ".parquet",
            _ => "",
        };
        _extension = _extension.Length == 0 || _extension.StartsWith('.') ? _extension : "." + _extension;
    }

    /// <summary>How files keep their places.</summary>
    public CopyBehavior Behavior { get; }

    /// <summary>How files are compressed.</summary>
    public Compression Compression { get; }

    /// <summary>Whether the dataset names one file.</summary>
    public bool HasName => _place.FileName.Length > 0;

    /// <summary>The path of the file that everything goes to.</summary>
    public string Single => HasName ? _place.FilePath : FilePlace.Join(_place.FolderPath, Made("") + Suffix);

    private string Suffix => _extension + Compression.Extension;

    /// <summary>The path of a file that comes of another.</summary>
    /// <param name="relativePath">The other's path below the folder that is copied.</param>
    /// <param name="number">Its number, from 0.</param>
    public string PathOf(string relativePath, int number)
    {
        if (Behavior == CopyBehavior.FlattenHierarchy)
        {
            var kept = _work.Sink.Shape == DataShape.Binary ? Path.GetExtension(relativePath) + Compression.Extension : Suffix;
            return FilePlace.Join(_place.FolderPath, Made(string.Create(CultureInfo.InvariantCulture, $".{number}")) + kept);
        }

        var plain = Compression.Of(_work.Source).Uncompressed(relativePath);
        if (_work.Sink.Shape != DataShape.Binary && _work.Sink.Shape != _work.Source.Shape)
        {
            plain = Path.ChangeExtension(plain, null) + _extension;
        }

        return FilePlace.Join(_place.FolderPath, plain + Compression.Extension);
    }

    /// <summary>The path of a numbered part of a file that is written in parts.</summary>
    public string PartOf(string path, int part, string? prefix)
    {
        var slash = path.LastIndexOf('/');
        var name = prefix ?? path[(slash + 1)..].Split('.')[0];
        return FilePlace.Join(slash < 0 ? "" : path[..slash], string.Create(CultureInfo.InvariantCulture, $"{name}_{part:00000}{Suffix}"));
    }

    /// <summary>Begins to write a file.</summary>
    public async Task<FileOutput> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var upload = await _place.Store.OpenWriteAsync(path, cancellationToken);
        try
        {
            return await FileOutput.OpenAsync(upload, path, Compression, _work, cancellationToken);
        }
        catch
        {
            await upload.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is known of a file that was written.</summary>
    public Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken) => _place.Store.FindAsync(path, cancellationToken);

    /// <summary>Reads a file that was written.</summary>
    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) => _place.Store.OpenReadAsync(path, 0, cancellationToken);

    /// <summary>Removes a file that should not have been written.</summary>
    public Task DeleteAsync(string path, CancellationToken cancellationToken) => _place.Store.DeleteAsync(path, cancellationToken);

    private string Made(string number) => $"Data.{_work.Attempt.ActivityRunId}{number}";
}
