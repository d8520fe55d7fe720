using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions;

/// <summary>Where a definition was read, so that whatever is found wrong with it later can name file, path and line.</summary>
/// <param name="File">The file, relative to the factory's folder; null when the JSON did not come from a file.</param>
/// <param name="Path">Where the definition's JSON hangs in the file: <c>$</c>, or inside an ARM template <c>$.resources[3]</c>.</param>
/// <param name="Lines">The file's lines; null when they are not known.</param>
public sealed record DefinitionOrigin(string? File, string Path = "$", JsonLines? Lines = null)
{
    /// <summary>A diagnostic at a node of the definition's own JSON.</summary>
    public Diagnostic Diagnose(ErrorCode code, DiagnosticSeverity severity, string message, JsonNode? node) =>
        Diagnose(code, severity, message, node is null ? JsonPath.Root : JsonPath.Of(node));

    /// <summary>A diagnostic at a path seen from the definition's own JSON, such as <c>$.properties.type</c>.</summary>
    public Diagnostic Diagnose(ErrorCode code, DiagnosticSeverity severity, string message, string path)
    {
        var whole = JsonPath.Join(Path, path);
        var place = Lines?.FindPlace(whole);
        return new Diagnostic(code, severity, message, File, whole, place?.Line, place?.Column);
    }
}
