using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Import;

/// <summary>Makes a git folder of an exported ARM template of a factory or a Synapse workspace; touches no disk.</summary>
public static class TemplateImport
{
    // What file systems and git hosts refuse or treat specially in a name.
    private static readonly char[] RefusedInFiles = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

    // Beside its properties a deployment's resource says how it is deployed, which is no part of the definition.
    private static readonly string[] OfDeployments = ["apiVersion", "dependsOn", "resources", "name", "type", "comments", "etag", "id", "scope"];

    // What a deployment computes or leaves out cannot be told without deploying.
    private static readonly string[] Refused = ["copy", "condition"];

    /// <summary>Whether a file is an ARM template, so that it is one of a factory's or none of ours.</summary>
    public static bool IsTemplate(ReadOnlySpan<byte> content)
    {
        var text = LenientJson.Parse(content, null, ImmutableArray.CreateBuilder<Diagnostic>());
        return text.Root is JsonObject json && ResourceRecognition.IsArmTemplate(json);
    }

    /// <summary>The resources of a type among those of a template, with the values of its parameters and variables where they are known.</summary>
    /// <param name="template">The template.</param>
    /// <param name="parameters">The parameters file; null for none.</param>
    /// <param name="type">Such as <c>Microsoft.MachineLearning/webServices</c>, ignoring case.</param>
    public static ImmutableArray<JsonObject> FindResources(JsonObject template, JsonObject? parameters, string type)
    {
        ArgumentNullException.ThrowIfNull(template);
        var scope = new ArmScope(template, parameters?.ObjectMember("parameters"));
        return
        [
            .. (template.ArrayMember("resources") ?? []).OfType<JsonObject>()
                .Where(resource => type.Equals(resource.TextMember("type"), StringComparison.OrdinalIgnoreCase))
                .Select(resource => (JsonObject)ArmValues.Resolve(resource, scope, static (_, _) => { })!),
        ];
    }

    /// <summary>Takes a template apart.</summary>
    /// <param name="files">The JSON files of the folder that holds it; linked templates and parameters are found among them.</param>
    /// <param name="template">The template's path among the files; null for the only one.</param>
    /// <param name="parameters">The parameters file; null for the one that lies beside the template.</param>
    /// <param name="problem">Why there is nothing to import; null otherwise.</param>
    /// <returns>The files and the overlay; null when there is no template, or when it is not told which one is meant.</returns>
    public static ImportedFactory? Read(
        IReadOnlyCollection<DefinitionFile> files, string? template, DefinitionFile? parameters, out string? problem)
    {
        var notes = ImmutableArray.CreateBuilder<ImportNote>();
        var source = new TemplateSource(files, notes);
        if (source.FindTemplate(template, out problem) is not { } main)
        {
            return null;
        }

        var values = source.ParameterValues(main, parameters);
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var settings = new TemplateSettings(notes);
        var imported = new SortedDictionary<string, ImportedFile>(StringComparer.OrdinalIgnoreCase);
        foreach (var piece in source.WithLinked(main))
        {
            diagnostics.AddRange(piece.Diagnostics);
            foreach (var resource in new ArmTemplate(piece.Origin, diagnostics).Expand(piece.Template!, values))
            {
                Add(resource, imported, settings, notes);
            }
        }

        settings.TellMissing();

        // What the template's resources could not tell is told by name in the notes.
        foreach (var ignored in diagnostics.Where(found => found.Code == ErrorCode.ArmResourceIgnored))
        {
            notes.Add(new ImportNote(ImportNoteKind.NotBrought, ignored.Message.Split('\'') is [_, var type, ..] ? type : ignored.JsonPath, ignored.Message));
        }

        var name = ArmTemplate.FactoryName(main.Template!, values);
        AddFactory(name, imported);
        return new ImportedFactory
        {
            Name = name,
            Files = [.. imported.Values],
            Overlay = settings.Overlay,
            Notes = notes.ToImmutable(),
            Diagnostics = [.. diagnostics.Where(found => found.Code != ErrorCode.ArmResourceIgnored && found.Code != ErrorCode.ArmExpressionWithoutValue)],
        };
    }

    private static void Add(
        ArmResource resource, SortedDictionary<string, ImportedFile> imported, TemplateSettings settings, ImmutableArray<ImportNote>.Builder notes)
    {
        var name = resource.Source.TextMember("name") ?? string.Empty;
        var kind = ResourceKinds.FolderOf(resource.Kind);
        var described = ResourceKinds.Describe(resource.Kind);
        foreach (var member in Refused.Where(member => resource.Written.Member(member) is not null))
        {
            notes.Add(new ImportNote(
                ImportNoteKind.NotBrought, name, $"The {described} '{name}' has the template's '{member}', which only a deployment evaluates; it was brought once, as written."));
        }

        var content = new JsonObject { ["name"] = name };
        foreach (var (member, value) in resource.Source)
        {
            var isKept = !OfDeployments.Contains(member, StringComparer.OrdinalIgnoreCase) && !Refused.Contains(member, StringComparer.OrdinalIgnoreCase)
                && (resource.Kind == ResourceKind.Factory || member != "location");
            if (isKept)
            {
                content[member] = value?.DeepClone();
            }
        }

        if (resource.Source.TextMember("type") is { } type && type.Contains('/', StringComparison.Ordinal))
        {
            content["type"] = type;
        }

        settings.Take(resource, name, content);
        var path = PathOf(kind, name, imported);
        if (!imported.TryAdd(path, new ImportedFile(path, kind, name, content)))
        {
            notes.Add(new ImportNote(ImportNoteKind.NotBrought, name, $"The template holds the {described} '{name}' twice; the first one was taken."));
        }
    }

    // pipeline().DataFactory is the factory's name, which a git folder keeps in factory/.
    private static void AddFactory(string? name, SortedDictionary<string, ImportedFile> imported)
    {
        var kind = ResourceKinds.FolderOf(ResourceKind.Factory);
        if (string.IsNullOrWhiteSpace(name) || imported.Values.Any(file => file.Kind == kind))
        {
            return;
        }

        var path = PathOf(kind, name, imported);
        imported.TryAdd(path, new ImportedFile(path, kind, name, new JsonObject { ["name"] = name, ["properties"] = new JsonObject() }));
    }

    private static string PathOf(string kind, string name, SortedDictionary<string, ImportedFile> imported)
    {
        var stem = string.Concat(name.Select(letter => char.IsControl(letter) || RefusedInFiles.Contains(letter) ? '_' : letter)).Trim();
        var path = $"{kind}/{stem}.json";
        var isPlain = stem == name && stem.Length is > 0 and <= 200 && !stem.StartsWith('.');
        return isPlain && (!imported.TryGetValue(path, out var other) || string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase))
            ? path
            : $"{kind}/{(stem.Length > 100 ? stem[..100] : stem).TrimStart('.')}-{Digest(name)}.json";
    }

    private static string Digest(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.ToUpperInvariant())).AsSpan(0, 6));
}
