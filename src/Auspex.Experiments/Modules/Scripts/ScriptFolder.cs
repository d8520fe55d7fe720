using System.IO.Compression;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Modules.Scripts;

/// <summary>A script's folder, gone when the run is over: <c>work</c> is where it runs, <c>exchange</c> holds tables and the report.</summary>
internal sealed class ScriptFolder : IDisposable
{
    private const long MostBundleBytes = 2L << 30;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("auspex-script-");

    public ScriptFolder()
    {
        Work = Directory.CreateDirectory(Path.Combine(_root.FullName, "work")).FullName;
        Exchange = Directory.CreateDirectory(Path.Combine(_root.FullName, "exchange")).FullName;
    }

    public string Work { get; }

    public string Exchange { get; }

    /// <summary>A file of the exchange folder.</summary>
    public string File(string name) => Path.Combine(Exchange, name);

    /// <summary>Writes a text into the exchange folder.</summary>
    public Task WriteAsync(string name, string text, CancellationToken cancellationToken) =>
        System.IO.File.WriteAllTextAsync(File(name), text, new UTF8Encoding(false), cancellationToken);

    /// <summary>Unpacks a bundle into a folder of the working folder.</summary>
    /// <exception cref="ModuleException">Error 102: it is no zip archive, unpacks to too much, or has a path that leads outside.</exception>
    public async Task UnpackAsync(ArchiveValue bundle, string folder, CancellationToken cancellationToken)
    {
        var target = Directory.CreateDirectory(Path.Combine(Work, folder)).FullName;
        try
        {
            await using var archive = await ZipArchive.CreateAsync(
                new MemoryStream(bundle.Bytes.ToArray(), writable: false), ZipArchiveMode.Read, leaveOpen: false, null, cancellationToken);
            if (archive.Entries.Sum(entry => entry.Length) > MostBundleBytes)
            {
                throw new ModuleException(102, "The script bundle unpacks to more than 2 GiB; leave out what the script does not need.");
            }

            // Refuses entries that lead outside the folder.
            await archive.ExtractToDirectoryAsync(target, overwriteFiles: true, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new ModuleException(102, $"The script bundle cannot be unpacked: {exception.Message.TrimEnd('.')}. Make the zip file anew, and upload it again.", exception);
        }
    }

    /// <summary>Pictures that the script left in its working folder, by name.</summary>
    public IEnumerable<FileInfo> Pictures() =>
        new DirectoryInfo(Work).EnumerateFiles("*.png").OrderBy(file => file.Name, StringComparer.Ordinal);

    public void Dispose()
    {
        try
        {
            _root.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that is held open keeps the folder; the system clears its temporary folders in time.
        }
    }
}

/// <summary>What a script printed and drew, as the table of its device port.</summary>
internal static class ScriptDevice
{
    private const long MostPictureBytes = 16L << 20;

    /// <summary>A row for standard output, one for standard error, and one for each picture, as base64 of its PNG.</summary>
    public static TableBatch Table(ScriptOutcome outcome, IEnumerable<FileInfo> pictures)
    {
        var table = new TableBatchBuilder(new TableSchema(
        [
            new() { Name = "Kind", Type = ColumnType.String, Role = ColumnRole.None },
            new() { Name = "Name", Type = ColumnType.String, Role = ColumnRole.None },
            new() { Name = "Content", Type = ColumnType.String, Role = ColumnRole.None },
        ]));
        table.AppendRow("text", "Standard Output", outcome.Output);
        table.AppendRow("text", "Standard Error", outcome.Error);
        foreach (var picture in pictures.Where(picture => picture.Length <= MostPictureBytes))
        {
            table.AppendRow("image/png", picture.Name, Convert.ToBase64String(File.ReadAllBytes(picture.FullName)));
        }

        return table.Build();
    }

    /// <summary>The lines of both streams, for the node's log.</summary>
    public static void Note(ModuleContext context, ScriptOutcome outcome)
    {
        foreach (var (name, text) in new[] { ("stdout", outcome.Output), ("stderr", outcome.Error) })
        {
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                context.Note($"{name}: {line.TrimEnd('\r')}");
            }
        }
    }
}
