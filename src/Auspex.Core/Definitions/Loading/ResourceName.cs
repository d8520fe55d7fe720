using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>A resource's name: its inner <c>name</c>, which counts even where the file is called otherwise.</summary>
internal static class ResourceName
{
    public static string? Read(JsonObject source, DefinitionReport report)
    {
        var name = source.TextMember("name") ?? source.ObjectMember("properties")?.TextMember("name");
        if (!string.IsNullOrWhiteSpace(name))
        {
            return name;
        }

        var stem = report.Origin.File is { } file ? Stem(file) : null;
        report.Add(
            ErrorCode.MissingName,
            stem is null ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
            source,
            "name",
            stem is null
                ? "The definition has no 'name'. Add one."
                : $"The definition has no 'name'; the file's name '{stem}' was taken. Add \"name\": \"{stem}\".");
        return stem;
    }

    /// <summary>The file's name without folder and extension.</summary>
    public static string Stem(string file)
    {
        var name = file[(file.LastIndexOf('/') + 1)..];
        return name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? name[..^".json".Length] : name;
    }
}
