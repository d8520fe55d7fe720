using System.Collections.Immutable;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Storage.Definitions;

/// <summary>Finds the JSON files of a folder that may be definitions, without walking through its data.</summary>
internal static class FactoryFileSearch
{
    private static readonly HashSet<string> PassedOver =
        new(["node_modules", "bin", "obj", "artifacts", "__pycache__"], StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Find(string folder, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var children = Folders(folder, diagnostics);
        var roots = FileRoots(folder);

        // The factory lies right here: only its own folders can hold definitions.
        var isFactory = children.Any(child => FactoryLayout.IsFactoryMark(Path.GetFileName(child)));
        var entered = isFactory ? children.Where(child => FactoryLayout.IsKindFolder(Path.GetFileName(child))) : children;
        return Files(folder, diagnostics).Concat(entered.SelectMany(child => Below(child, roots, diagnostics)));
    }

    private static IEnumerable<string> Below(
        string folder,
        HashSet<string> fileRoots,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var name = Path.GetFileName(folder);
        if (name.StartsWith('.') || PassedOver.Contains(name) || fileRoots.Contains(Path.TrimEndingDirectorySeparator(folder)))
        {
            return [];
        }

        return Files(folder, diagnostics)
            .Concat(Folders(folder, diagnostics).SelectMany(child => Below(child, fileRoots, diagnostics)));
    }

    private static HashSet<string> FileRoots(string folder)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "auspex*.json"))
        {
            var ignored = ImmutableArray.CreateBuilder<Diagnostic>();
            var overlay = OverlayLoader.Load([new DefinitionFile(Path.GetFileName(file), File.ReadAllBytes(file))], folder, ignored);
            found.UnionWith(overlay.FileRoots.Select(Path.TrimEndingDirectorySeparator));
        }

        return found;
    }

    private static string[] Files(string folder, ImmutableArray<Diagnostic>.Builder diagnostics) =>
        Try(folder, diagnostics, () => Directory.GetFiles(folder, "*.json"));

    // A link may lead back up; definitions are not linked.
    private static string[] Folders(string folder, ImmutableArray<Diagnostic>.Builder diagnostics) => Try(
        folder,
        diagnostics,
        () => [.. new DirectoryInfo(folder).GetDirectories().Where(child => child.LinkTarget is null).Select(child => child.FullName)]);

    private static string[] Try(string folder, ImmutableArray<Diagnostic>.Builder diagnostics, Func<string[]> list)
    {
        try
        {
            var found = list();
            Array.Sort(found, StringComparer.Ordinal);
            return found;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(new Diagnostic(
                ErrorCode.UnreadableFile,
                DiagnosticSeverity.Error,
                $"The folder could not be read: {exception.Message}",
                folder));
            return [];
        }
    }
}
