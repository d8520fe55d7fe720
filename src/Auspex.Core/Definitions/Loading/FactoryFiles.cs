using System.Collections.Immutable;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Decides which of the files found make the factory.</summary>
internal sealed record FactoryFiles(ImmutableArray<LoadedFile> Files, string Root)
{
    public static FactoryFiles Choose(LoadedFile[] files, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var roots = files
            .Where(file => !file.Resources.IsEmpty && IsOfFactory(file.Path))
            .Select(file => FactoryLayout.Place(file.Path).Root)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (roots.Length == 0)
        {
            // Loose files, and exports: of an export in pieces beside the whole, the whole is taken.
            var whole = files.Where(file => file.Template is not null).Select(file => file.Folder).ToHashSet(StringComparer.Ordinal);
            return new FactoryFiles([.. files.Where(file => !IsPieceOf(file, whole))], string.Empty);
        }

        if (roots.Length > 1)
        {
            diagnostics.Add(new Diagnostic(
                ErrorCode.SeveralFactories,
                DiagnosticSeverity.Warning,
                $"Found {roots.Length} factories: {string.Join(", ", roots.Select(root => root.Length == 0 ? "." : root))}. They were laid over "
                + "each other, the later over the earlier; name one of these folders to load it alone."));
        }

        return new FactoryFiles(
            [.. files.Where(file => Belongs(file, roots))],
            roots.Length == 1 ? roots[0] : string.Empty);
    }

    // An export of a factory has a folder of global parameters beside its template; that alone makes no git folder.
    private static bool IsOfFactory(string path) =>
        FactoryLayout.Place(path).Kind is { } kind && kind != ResourceKind.GlobalParameters;

    // With kinds' folders in place only those count, and definitions that lie beside them; an exported template of the
    // same factory would double everything.
    private static bool Belongs(LoadedFile file, string[] roots)
    {
        var (kind, root) = FactoryLayout.Place(file.Path);
        return kind is null
            ? roots.Contains(file.Folder, StringComparer.Ordinal) && (!file.Resources.IsEmpty || !file.Diagnostics.IsEmpty) && file.Template is null
            : roots.Contains(root, StringComparer.Ordinal);
    }

    private static bool IsPieceOf(LoadedFile file, HashSet<string> whole)
    {
        const string Pieces = "linkedTemplates";
        var isPiece = file.Folder == Pieces || file.Folder.EndsWith("/" + Pieces, StringComparison.Ordinal);
        return isPiece && whole.Contains(file.Folder[..^Pieces.Length].TrimEnd('/'));
    }
}
