using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Import;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Storage.Definitions;

/// <summary>What became of one file of an import.</summary>
public enum ImportedFileState
{
    /// <summary>It was written.</summary>
    Written,

    /// <summary>It was there already and says the same.</summary>
    Unchanged,

    /// <summary>It was there, said something else, and was written anew, as was asked for.</summary>
    Replaced,

    /// <summary>It is there and says something else: it was left alone.</summary>
    Differs,
}

/// <summary>What an import did.</summary>
/// <param name="Files">Each file's path, relative to the folder, and what became of it.</param>
/// <param name="KeptSettings">Settings of the overlay that stood there already with another value, and were left as they were.</param>
public sealed record ImportResult(ImmutableArray<(string Path, ImportedFileState State)> Files, ImmutableArray<string> KeptSettings)
{
    /// <summary>Whether nothing was written, since a file is there that says something else.</summary>
    public bool IsRefused => Files.Any(file => file.State == ImportedFileState.Differs);
}

/// <summary>Writes an imported factory into a folder, twice with the same result.</summary>
public static class FactoryImportWriter
{
    /// <summary>
    /// Writes every file, or none where one is in the way. The overlay is completed: what stands in it stays, whatever
    /// <paramref name="overwrite"/> says, since a person has written it.
    /// </summary>
    /// <param name="folder">The git folder; made when it is not there.</param>
    /// <param name="imported">What to write.</param>
    /// <param name="environmentName">Which <c>auspex.ENV.json</c> the settings go to; null for <c>auspex.json</c>.</param>
    /// <param name="overwrite">Whether files that say something else are replaced.</param>
    public static ImportResult Write(string folder, ImportedFactory imported, string? environmentName, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(imported);
        var full = Path.GetFullPath(folder);
        var states = imported.Files.Select(file => (file.Path, State: StateOf(Path.Combine(full, file.Path), file.Content, overwrite))).ToList();
        if (states.Any(file => file.State == ImportedFileState.Differs))
        {
            return new ImportResult([.. states], []);
        }

        foreach (var (file, (_, state)) in imported.Files.Zip(states))
        {
            if (state != ImportedFileState.Unchanged)
            {
                DefinitionFileWriter.Write(Path.Combine(full, file.Path), file.Content);
            }
        }

        var kept = ImmutableArray.CreateBuilder<string>();
        if (imported.Overlay.Count > 0)
        {
            states.Add(WriteOverlay(full, OverlayLoader.FileName(environmentName), imported.Overlay, kept));
        }

        return new ImportResult([.. states], kept.ToImmutable());
    }

    private static (string Path, ImportedFileState State) WriteOverlay(
        string folder, string name, JsonObject overlay, ImmutableArray<string>.Builder kept)
    {
        var file = Path.Combine(folder, name);
        var exists = File.Exists(file);
        var written = exists ? Read(file) as JsonObject : [];
        if (written is null)
        {
            kept.Add($"everything: {name} holds no JSON object");
            return (name, ImportedFileState.Unchanged);
        }

        var before = written.DeepClone();
        Complete(written, overlay, string.Empty, kept);
        if (exists && JsonNode.DeepEquals(before, written))
        {
            return (name, ImportedFileState.Unchanged);
        }

        DefinitionFileWriter.Write(file, written);
        return (name, exists ? ImportedFileState.Replaced : ImportedFileState.Written);
    }

    private static void Complete(JsonObject written, JsonObject settings, string path, ImmutableArray<string>.Builder kept)
    {
        foreach (var (name, value) in settings)
        {
            var way = path.Length == 0 ? name : $"{path}.{name}";
            if (written.MemberName(name) is not { } there)
            {
                written[name] = value?.DeepClone();
            }
            else if (written[there] is JsonObject inner && value is JsonObject more && !way.StartsWith("secrets.", StringComparison.Ordinal))
            {
                Complete(inner, more, way, kept);
            }
            else if (!JsonNode.DeepEquals(written[there], value))
            {
                kept.Add(way);
            }
        }
    }

    private static ImportedFileState StateOf(string file, JsonObject content, bool overwrite) =>
        !File.Exists(file) ? ImportedFileState.Written
        : JsonNode.DeepEquals(Read(file), content) ? ImportedFileState.Unchanged
        : overwrite ? ImportedFileState.Replaced
        : ImportedFileState.Differs;

    private static JsonNode? Read(string file) =>
        LenientJson.Parse(File.ReadAllBytes(file), file, ImmutableArray.CreateBuilder<Diagnostic>()).Root;
}
