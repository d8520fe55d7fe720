using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads the overlay: <c>auspex.json</c>, with <c>auspex.ENV.json</c> laid over it.</summary>
public static class OverlayLoader
{
    private static readonly string[] Members = ["linkedServices", "endpoints", "secrets", "globalParameters", "badRows", "modelGates", "driftReports", "challengers", "fileRoots", "triggers"];

    /// <summary>The overlay's file for an environment; for null the one that always counts.</summary>
    public static string FileName(string? environmentName) =>
        environmentName is null ? "auspex.json" : $"auspex.{environmentName}.json";

    /// <summary>Whether this is the name of an overlay file, of whatever environment.</summary>
    public static bool IsOverlay(string fileName) =>
        fileName.StartsWith("auspex.", StringComparison.OrdinalIgnoreCase)
        && fileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the files, the later laid over the earlier member by member; an array replaces the earlier one.</summary>
    /// <param name="files">The overlay's files, the base first.</param>
    /// <param name="folder">The folder that holds the factory, absolute; the files' own folders are taken relative to it. Null leaves paths as written.</param>
    /// <param name="diagnostics">Takes everything found wrong.</param>
    public static OverlayDefinition Load(
        IReadOnlyList<DefinitionFile> files,
        string? folder,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var overlay = new OverlayDefinition();
        foreach (var file in files)
        {
            var text = LenientJson.Parse(file.Content.Span, file.Path, diagnostics);
            var report = new DefinitionReport(new DefinitionOrigin(file.Path, JsonPath.Root, text.Lines), diagnostics);
            if (text.Root is JsonObject json)
            {
                var origins = overlay.Origins.Add(report.Origin);
                overlay = LayOver(overlay, json, FolderOf(file, folder), report) with { Origins = origins };
            }
            else if (text.Root is not null)
            {
                report.Error(
                    ErrorCode.InvalidOverlay,
                    text.Root,
                    $"Found {text.Root.Describe()}, expected an object such as {{\"linkedServices\": {{}}}}.");
            }
        }

        return overlay;
    }

    private static string? FolderOf(DefinitionFile file, string? folder)
    {
        var slash = file.Path.LastIndexOf('/');
        return folder is null || slash < 0 ? folder : Path.Combine(folder, file.Path[..slash]);
    }

    private static OverlayDefinition LayOver(
        OverlayDefinition below,
        JsonObject json,
        string? folder,
        DefinitionReport report)
    {
        foreach (var (name, value) in json)
        {
            if (!Members.Contains(name, StringComparer.OrdinalIgnoreCase) && name != "$schema")
            {
                report.Add(
                    ErrorCode.UnknownOverlayMember,
                    DiagnosticSeverity.Warning,
                    json,
                    name,
                    $"The overlay knows no '{name}'; it was ignored. It knows {string.Join(", ", Members)}."
                    + NearestName.Hint(name, Members));
            }
        }

        var read = new OverlayValues(json, folder, report);
        return new OverlayDefinition
        {
            LinkedServices = read.LinkedServices(below.LinkedServices),
            Endpoints = read.Endpoints(below.Endpoints),
            Secrets = read.Secrets(below.Secrets),
            GlobalParameters = read.GlobalParameters(below.GlobalParameters),
            BadRows = read.BadRows(below.BadRows),
            ModelGates = read.ModelGates(below.ModelGates),
            DriftReports = read.DriftReports(below.DriftReports),
            Challengers = read.Challengers(below.Challengers),
            FileRoots = read.FileRoots(below.FileRoots),
            TriggerLinkedServices = read.TriggerLinkedServices(below.TriggerLinkedServices),
        };
    }
}
