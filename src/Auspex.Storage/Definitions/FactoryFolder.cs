using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Storage.Definitions;

/// <summary>Reads a factory from a folder or a file of the disk.</summary>
public static class FactoryFolder
{
    // A definition is 200 KB at most in Data Factory, an exported template some MB; what is larger is data.
    private const long MaxFileSizeInBytes = 32 * 1024 * 1024;

    /// <summary>
    /// Reads the definitions of a folder, the overlay included. Folders that hold no definitions are passed over: hidden ones,
    /// build output, <c>node_modules</c>, and the overlay's <c>fileRoots</c>, which hold data.
    /// </summary>
    /// <param name="path">A factory's folder, any folder above it, or a single JSON file (with the overlay that lies beside it).</param>
    /// <param name="environmentName">Which <c>auspex.ENV.json</c> to lay over <c>auspex.json</c>; null for none.</param>
    /// <returns>
    /// The factory; what could not be read is in its <see cref="FactoryDefinition.Diagnostics"/>, a missing folder included.
    /// </returns>
    public static FactoryDefinition Load(string path, string? environmentName = null) => Load([path], environmentName);

    /// <summary>The same for several folders, which are laid over each other, the later over the earlier.</summary>
    public static FactoryDefinition Load(IReadOnlyList<string> paths, string? environmentName = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var loaded = paths.Select(path => LoadOne(path, environmentName, new DefinitionFileCache())).ToArray();
        return loaded.Aggregate(FactoryLayers.LayOver);
    }

    /// <summary>The same for one folder that is read again and again.</summary>
    internal static FactoryDefinition Load(string path, string? environmentName, DefinitionFileCache cache) =>
        LoadOne(path, environmentName, cache);

    /// <summary>
    /// The JSON files that a template may consist of: those of its folder and of the folders below, or, for a file, those of the
    /// folder that it lies in.
    /// </summary>
    /// <param name="path">A folder or a file.</param>
    /// <param name="template">The file's path among those returned; null for a folder.</param>
    public static IReadOnlyList<DefinitionFile> ReadTemplateFiles(string path, out string? template)
    {
        var full = Path.GetFullPath(path);
        var isFile = File.Exists(full);
        var folder = isFile ? Path.GetDirectoryName(full)! : full;
        template = isFile ? Path.GetFileName(full) : null;
        var ignored = ImmutableArray.CreateBuilder<Diagnostic>();
        var files = isFile
            ? Directory.EnumerateFiles(folder, "*.json").Append(full).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            : FactoryFileSearch.Find(full, ignored);
        return ReadAll(folder, files, new DefinitionFileCache(), ignored);
    }

    /// <summary>
    /// A text that changes when a file that <see cref="Load(string, string?)"/> would read comes, goes or is written.
    /// </summary>
    internal static string Stamp(string path)
    {
        var full = Path.GetFullPath(path);
        var ignored = ImmutableArray.CreateBuilder<Diagnostic>();
        var files = File.Exists(full) ? WithOverlay(full)
            : Directory.Exists(full) ? FactoryFileSearch.Find(full, ignored)
            : [];
        var stamp = new StringBuilder();
        foreach (var file in files)
        {
            var found = new FileInfo(file);
            stamp.Append(
                CultureInfo.InvariantCulture, $"{file}\0{(found.Exists ? found.Length : -1)}\0{found.LastWriteTimeUtc.Ticks}\0");
        }

        return stamp.ToString();
    }

    private static IEnumerable<string> WithOverlay(string file) =>
    [
        file,
        .. Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.json")
            .Where(beside => beside != file && OverlayLoader.IsOverlay(Path.GetFileName(beside)))
            .Order(StringComparer.Ordinal),
    ];

    private static FactoryDefinition LoadOne(string path, string? environmentName, DefinitionFileCache cache)
    {
        var full = Path.GetFullPath(path);
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        FactoryDefinition factory;
        if (File.Exists(full))
        {
            var folder = Path.GetDirectoryName(full)!;
            factory = FactoryDefinitionLoader.Load(ReadAll(folder, WithOverlay(full), cache, diagnostics), folder, environmentName);
        }
        else if (Directory.Exists(full))
        {
            factory = FactoryDefinitionLoader.Load(
                ReadAll(full, FactoryFileSearch.Find(full, diagnostics), cache, diagnostics), full, environmentName);
        }
        else
        {
            diagnostics.Add(new Diagnostic(
                ErrorCode.UnreadableFile,
                DiagnosticSeverity.Error,
                $"There is no folder or file '{path}'. Expected a factory's folder or a definition's file."));
            factory = new FactoryDefinition { Name = "auspex", Folder = full };
        }

        return factory with { Diagnostics = [.. diagnostics, .. factory.Diagnostics] };
    }

    private static List<DefinitionFile> ReadAll(
        string folder,
        IEnumerable<string> files,
        DefinitionFileCache cache,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var read = new List<DefinitionFile>();
        foreach (var file in files)
        {
            var relative = Path.GetRelativePath(folder, file).Replace('\\', '/');
            try
            {
                var found = new FileInfo(file);
                if (found.Length > MaxFileSizeInBytes)
                {
                    diagnostics.Add(new Diagnostic(
                        ErrorCode.UnrecognizedFile,
                        DiagnosticSeverity.Information,
                        "The file is larger than 32 MB and was taken for data, not for a definition.",
                        relative));
                    continue;
                }

                read.Add(cache.Read(found, relative));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                diagnostics.Add(new Diagnostic(
                    ErrorCode.UnreadableFile,
                    DiagnosticSeverity.Error,
                    $"The file could not be read: {exception.Message}",
                    relative));
            }
        }

        return read;
    }
}
