using System.Collections.Immutable;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Makes a factory from the files of its folder; reads no disk itself.</summary>
public static class FactoryDefinitionLoader
{
    /// <summary>
    /// Loads a Data Factory git folder, a Synapse workspace's folder, ARM exports, or loose files, which are told apart by what
    /// they hold. Never throws for what the files hold: all of it is in <see cref="FactoryDefinition.Diagnostics"/>, and
    /// whatever could be read is there.
    /// </summary>
    /// <param name="files">The folder's JSON files, overlays included.</param>
    /// <param name="folder">The folder, absolute; the overlay's paths are relative to it. Null for files from elsewhere.</param>
    /// <param name="environmentName">Which <c>auspex.ENV.json</c> to lay over <c>auspex.json</c>; null for none.</param>
    public static FactoryDefinition Load(
        IReadOnlyCollection<DefinitionFile> files,
        string? folder = null,
        string? environmentName = null)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var read = files
            .Where(file => !IsOverlay(file) && !FactoryLayout.IsKnownOther(file.Path))
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(LoadedFile.Read)
            .ToArray();
        var chosen = FactoryFiles.Choose(read, diagnostics);
        var builder = new FactoryBuilder(diagnostics);
        foreach (var file in chosen.Files)
        {
            diagnostics.AddRange(file.Diagnostics);
            AddFile(file, chosen.Files, builder, diagnostics);
        }

        if (chosen.Files.Length == 0)
        {
            diagnostics.Add(new Diagnostic(
                ErrorCode.EmptyFactory,
                DiagnosticSeverity.Warning,
                "No JSON file with a definition was found. Expected a folder that holds pipeline/, "
                + "linkedService/ and so on, or a single "
                + "definition."));
        }

        var overlays = Overlays(files, chosen.Root, environmentName, diagnostics);
        var overlay = OverlayLoader.Load(overlays, folder, diagnostics);
        return builder.Build(folder, overlay);
    }

    private static bool IsOverlay(DefinitionFile file) =>
        OverlayLoader.IsOverlay(file.Path[(file.Path.LastIndexOf('/') + 1)..]);

    private static void AddFile(
        LoadedFile file,
        ImmutableArray<LoadedFile> all,
        FactoryBuilder builder,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        foreach (var (kind, json) in file.Resources)
        {
            builder.Add(kind, json, file.Origin);
        }

        if (file.Template is { } template)
        {
            var beside = all.FirstOrDefault(other => other.ParameterValues is not null && other.Folder == file.Folder);
            builder.AddTemplateName(ArmTemplate.FactoryName(template, beside?.ParameterValues));
            foreach (var resource in new ArmTemplate(file.Origin, diagnostics).Expand(template, beside?.ParameterValues))
            {
                builder.Add(resource.Kind, resource.Source, resource.Origin);
            }
        }

        // A file of data has many such values; one remark is enough.
        if (file.Unrecognized is [var first, ..])
        {
            diagnostics.Add(file.Origin.Diagnose(
                ErrorCode.UnrecognizedFile,
                DiagnosticSeverity.Information,
                file.Resources.IsEmpty
                    ? "The file holds no definition that is known here; it was left out."
                    : $"{file.Unrecognized.Length} of the file's values are no definitions that are known here, this the first; they were left out.",
                file.Resources.IsEmpty ? file.Text.Root : first));
        }
    }

    // The overlay lies beside the kinds' folders; one in the folder that was named serves when there is none there.
    private static List<DefinitionFile> Overlays(
        IReadOnlyCollection<DefinitionFile> files,
        string root,
        string? environmentName,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        DefinitionFile? Find(string name) =>
            files.FirstOrDefault(file => string.Equals(file.Path, root.Length == 0 ? name : $"{root}/{name}", StringComparison.OrdinalIgnoreCase))
            ?? files.FirstOrDefault(file => string.Equals(file.Path, name, StringComparison.OrdinalIgnoreCase));

        var found = new List<DefinitionFile>();
        if (Find(OverlayLoader.FileName(null)) is { } always)
        {
            found.Add(always);
        }

        if (environmentName is null)
        {
            return found;
        }

        if (Find(OverlayLoader.FileName(environmentName)) is { } specific)
        {
            found.Add(specific);
        }
        else
        {
            var known = files.Where(IsOverlay).Select(file => file.Path).Order(StringComparer.Ordinal).ToArray();
            diagnostics.Add(new Diagnostic(
                ErrorCode.OverlayMissing,
                DiagnosticSeverity.Error,
                $"The environment '{environmentName}' was asked for, but there is no "
                + $"{OverlayLoader.FileName(environmentName)} beside the "
                + $"factory's folders{(known.Length == 0 ? "." : $"; found {string.Join(", ", known)}.")}"));
        }

        return found;
    }
}
