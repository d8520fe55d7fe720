using System.IO.Compression;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules.Sources;

namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Unpack Zipped Datasets": reads one file of an uploaded zip or gzip archive as a table.</summary>
internal sealed class UnpackZippedDatasetsModule : IModule
{
    private const string Compression = "Compression file format";
    private const string Name = "Dataset to Unpack";
    private const string Format = "Dataset file format";
    private const string HasHeader = "File has header row";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Unpack Zipped Datasets",
        Category = "Data Input and Output",
        Inputs = [new("Dataset", PortType.Zip)],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Choice(Compression, "Zip", ["Zip", "Gzip"]),
            Declare.Text(Name, isOptional: true),
            Declare.Choice(Format, "CSV", ["CSV", "TSV", "ARFF", "SVMLIGHT"]),
            Declare.Boolean(HasHeader, false),
        ],
    };

    public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var archive = context.Get<ArchiveValue>("Dataset");
        var parameters = context.Parameters;
        var name = parameters.Text(Name);
        var (file, bytes) = parameters.Choice(Compression) == "Zip" ? Unzip(archive, name) : (name ?? "the archive", Gunzip(archive));
        var format = parameters.Choice(Format);
        var source = new TableFileSource(file, (from, _) =>
            Task.FromResult<Stream>(new MemoryStream(bytes, (int)from, bytes.Length - (int)from, writable: false)));
        context.Set(
            "Results dataset",
            await TableFileReader.ReadAsync([source], TableFormat.Of(format, parameters.Boolean(HasHeader)), cancellationToken));
    }

    private static (string Name, byte[] Bytes) Unzip(ArchiveValue archive, string? name)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive.Bytes.ToArray(), writable: false), ZipArchiveMode.Read);
            var files = zip.Entries.Where(entry => !entry.FullName.EndsWith('/')).ToList();
            var file = name is not null
                ? files.Find(entry => entry.FullName == name) ?? throw new ModuleException(
                    133, $"The archive has no file '{name}'; it has {Listed(files)}. Correct the name; names are case-sensitive.")
                : files.Count == 1 ? files[0]
                : throw (files.Count == 0
                    ? new ModuleException(136, "The archive has no file; upload one that has.")
                    : new ModuleException(132, $"The archive has {files.Count} files: {Listed(files)}; name the one to unpack in '{Name}'."));
            using var stream = file.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return (file.FullName, bytes.ToArray());
        }
        catch (InvalidDataException exception)
        {
            throw new ModuleException(102, "The archive is no zip file, or is damaged; upload it anew.", exception);
        }
    }

    private static byte[] Gunzip(ArchiveValue archive)
    {
        try
        {
            using var stream = new GZipStream(new MemoryStream(archive.Bytes.ToArray(), writable: false), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (InvalidDataException exception)
        {
            throw new ModuleException(131, "The archive is no gzip file, or is damaged; upload it anew.", exception);
        }
    }

    private static string Listed(List<ZipArchiveEntry> files)
    {
        const int Most = 12;
        return string.Join(", ", files.Take(Most).Select(file => $"'{file.FullName}'")) + (files.Count > Most ? $" and {files.Count - Most} others" : "");
    }
}
