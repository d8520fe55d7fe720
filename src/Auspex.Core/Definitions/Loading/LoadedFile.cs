using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>A file after reading: its JSON, what it was found to be, and what is wrong with its syntax.</summary>
internal sealed record LoadedFile
{
    /// <summary>The file's path relative to the factory's folder.</summary>
    public required string Path { get; init; }

    /// <summary>The folder's path; empty for the factory's own.</summary>
    public required string Folder { get; init; }

    public required JsonText Text { get; init; }

    public required ImmutableArray<Diagnostic> Diagnostics { get; init; }

    /// <summary>What the file holds; more than one thing when several values follow each other.</summary>
    public ImmutableArray<(ResourceKind Kind, JsonObject Json)> Resources { get; init; } = [];

    /// <summary>Values of the file that are no definition.</summary>
    public ImmutableArray<JsonNode> Unrecognized { get; init; } = [];

    /// <summary>The JSON when it is an ARM template; null otherwise.</summary>
    public JsonObject? Template { get; init; }

    /// <summary>The <c>parameters</c> when the file holds the values for a template; null otherwise.</summary>
    public JsonObject? ParameterValues { get; init; }

    public DefinitionOrigin Origin => new(Path, JsonPath.Root, Text.Lines);

    // A factory that is edited is read again after each edit, all files but one being the objects that they were.
    private static readonly ConditionalWeakTable<DefinitionFile, LoadedFile> Known = [];

    /// <summary>Reads a file; the same one is parsed once.</summary>
    public static LoadedFile Read(DefinitionFile file) => Known.GetValue(file, ReadNew);

    private static LoadedFile ReadNew(DefinitionFile file)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var text = LenientJson.Parse(file.Content.Span, file.Path, diagnostics);
        var slash = file.Path.LastIndexOf('/');
        var loaded = new LoadedFile
        {
            Path = file.Path,
            Folder = slash < 0 ? string.Empty : file.Path[..slash],
            Text = text,
            Diagnostics = diagnostics.ToImmutable(),
        };
        if (text.Root is JsonObject json)
        {
            if (ResourceRecognition.IsArmTemplate(json))
            {
                return loaded with { Template = json };
            }

            if (ResourceRecognition.IsArmParameters(json))
            {
                return loaded with { ParameterValues = json.ObjectMember("parameters") };
            }
        }

        var (folderKind, _) = FactoryLayout.Place(file.Path);
        JsonNode?[] candidates = text.Root is JsonArray several ? [.. several] : [text.Root];
        var resources = ImmutableArray.CreateBuilder<(ResourceKind, JsonObject)>();
        var unrecognized = ImmutableArray.CreateBuilder<JsonNode>();
        foreach (var candidate in candidates)
        {
            if (candidate is JsonObject definition && ResourceRecognition.Recognize(definition, folderKind) is { } kind)
            {
                resources.Add((kind, definition));
            }
            else if (candidate is not null)
            {
                unrecognized.Add(candidate);
            }
        }

        return loaded with { Resources = resources.ToImmutable(), Unrecognized = unrecognized.ToImmutable() };
    }
}
