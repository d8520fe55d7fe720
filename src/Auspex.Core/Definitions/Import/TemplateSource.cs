using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Definitions.Loading;

namespace Auspex.Definitions.Import;

/// <summary>Which of the files at hand are the template, its linked templates and its parameters.</summary>
internal sealed partial class TemplateSource
{
    private static readonly string[] ExportNames = ["ARMTemplateForFactory.json", "TemplateForWorkspace.json", "ArmTemplate_master.json"];
    private static readonly string[] ParameterNames =
        ["ARMTemplateParametersForFactory.json", "TemplateParametersForWorkspace.json", "ArmTemplateParameters_master.json"];

    private readonly LoadedFile[] _files;
    private readonly ImmutableArray<ImportNote>.Builder _notes;

    public TemplateSource(IReadOnlyCollection<DefinitionFile> files, ImmutableArray<ImportNote>.Builder notes)
    {
        _files = [.. files.Where(file => !OverlayLoader.IsOverlay(NameOf(file.Path))).OrderBy(file => file.Path, StringComparer.Ordinal).Select(LoadedFile.Read)];
        _notes = notes;
    }

    /// <summary>The template that was named, or the only one; null, with the reason in <paramref name="problem"/>, when none can be told.</summary>
    public LoadedFile? FindTemplate(string? named, out string? problem)
    {
        problem = null;
        if (named is not null)
        {
            var found = _files.FirstOrDefault(file => string.Equals(file.Path, named, StringComparison.OrdinalIgnoreCase));
            problem = found?.Template is null
                ? $"'{named}' is no ARM template; expected JSON with \"$schema\" or \"contentVersion\" and \"resources\"."
                : null;
            return found?.Template is null ? null : found;
        }

        var templates = _files.Where(file => file.Template is not null).ToArray();
        var whole = templates.Where(file => !IsPiece(file)).ToArray();
        var candidates = whole.Length > 0 ? whole : templates.Where(file => NameOf(file.Path).Contains("master", StringComparison.OrdinalIgnoreCase)).ToArray();
        if (candidates.Length > 1 && ExportNames.Select(name => candidates.Where(file => Is(file, name)).ToArray()).FirstOrDefault(named => named.Length == 1) is { } export)
        {
            candidates = export;
        }

        problem = candidates.Length switch
        {
            0 => "The folder holds no ARM template, such as ARMTemplateForFactory.json or TemplateForWorkspace.json.",
            1 => null,
            _ => $"The folder holds {candidates.Length} templates: {string.Join(", ", candidates.Select(file => file.Path))}. Name the one that is meant.",
        };
        return candidates.Length == 1 ? candidates[0] : null;
    }

    /// <summary>The template and the linked templates that it deploys, as far as they are at hand.</summary>
    public IEnumerable<LoadedFile> WithLinked(LoadedFile template)
    {
        yield return template;
        foreach (var link in Links(template.Template!))
        {
            var name = LinkedFile().Match(link) is { Success: true } match ? match.Groups[1].Value : link;
            if (_files.FirstOrDefault(file => file.Template is not null && file != template && file.Folder == template.Folder && Is(file, name)) is { } piece)
            {
                yield return piece;
            }
            else
            {
                _notes.Add(new ImportNote(
                    ImportNoteKind.NotBrought, name, $"The linked template '{name}' does not lie beside the template; what it deploys is missing."));
            }
        }
    }

    /// <summary>The values of a template's parameters: of the file that was named, else of the one beside the template.</summary>
    public JsonObject? ParameterValues(LoadedFile template, DefinitionFile? named)
    {
        if (named is not null)
        {
            var read = LoadedFile.Read(named);
            return read.ParameterValues ?? (read.Text.Root as JsonObject)?.ObjectMember("parameters");
        }

        var parent = template.Folder.Contains('/', StringComparison.Ordinal) ? template.Folder[..template.Folder.LastIndexOf('/')] : string.Empty;
        foreach (var folder in (string[])[template.Folder, .. IsPiece(template) ? [parent] : Array.Empty<string>()])
        {
            var beside = _files.Where(file => file.ParameterValues is not null && file.Folder == folder).ToArray();
            if (beside.Length == 0)
            {
                continue;
            }

            var chosen = beside.Length == 1
                ? beside[0]
                : ParameterNames.Select(name => beside.FirstOrDefault(file => Is(file, name))).FirstOrDefault(file => file is not null);
            if (chosen is null)
            {
                _notes.Add(new ImportNote(
                    ImportNoteKind.ValueMissing,
                    string.Join(", ", beside.Select(file => file.Path)),
                    "Several parameters files lie beside the template, and none was used: name one with --parameters."));
            }

            return chosen?.ParameterValues;
        }

        return null;
    }

    private static IEnumerable<string> Links(JsonObject template) =>
        (template.ArrayMember("resources") ?? []).OfType<JsonObject>()
            .Select(resource => resource.ObjectMember("properties")?.ObjectMember("templateLink")?.TextMember("uri"))
            .OfType<string>();

    private static bool IsPiece(LoadedFile file) => string.Equals(NameOf(file.Folder), "linkedTemplates", StringComparison.OrdinalIgnoreCase);

    private static bool Is(LoadedFile file, string name) => string.Equals(NameOf(file.Path), name, StringComparison.OrdinalIgnoreCase);

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    [GeneratedRegex(@"([A-Za-z0-9_.-]+\.json)", RegexOptions.CultureInvariant)]
    private static partial Regex LinkedFile();
}
