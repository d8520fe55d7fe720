using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Collects what is wrong with one definition, each finding at its own place in the file.</summary>
internal sealed class DefinitionReport(DefinitionOrigin origin, ImmutableArray<Diagnostic>.Builder diagnostics)
{
    public DefinitionOrigin Origin => origin;

    public void Error(ErrorCode code, JsonNode? node, string message) =>
        Add(code, DiagnosticSeverity.Error, node, message);

    public void Warning(ErrorCode code, JsonNode? node, string message) =>
        Add(code, DiagnosticSeverity.Warning, node, message);

    public void Information(ErrorCode code, JsonNode? node, string message) =>
        Add(code, DiagnosticSeverity.Information, node, message);

    public void Add(ErrorCode code, DiagnosticSeverity severity, JsonNode? node, string message) =>
        diagnostics.Add(origin.Diagnose(code, severity, message, node));

    /// <summary>At a member that may be JSON null or absent; an absent one is reported where its object stands.</summary>
    public void Add(ErrorCode code, DiagnosticSeverity severity, JsonObject parent, string member, string message) =>
        diagnostics.Add(origin.Diagnose(code, severity, message, PathOf(parent, member)));

    /// <summary>At a path seen from the definition's own JSON.</summary>
    public void AddAt(ErrorCode code, DiagnosticSeverity severity, string path, string message) =>
        diagnostics.Add(origin.Diagnose(code, severity, message, path));

    /// <summary>The same, with what to write there instead.</summary>
    public void AddAt(ErrorCode code, DiagnosticSeverity severity, string path, string message, string? fix) =>
        diagnostics.Add(origin.Diagnose(code, severity, message, path) is var found && fix is not null ? found with { Fix = fix } : found);

    /// <summary>The member has another JSON type than it should.</summary>
    public void WrongType(JsonObject parent, string member, string expected)
    {
        var found = parent.Member(member).Describe();
        Add(
            ErrorCode.WrongType,
            DiagnosticSeverity.Error,
            parent,
            member,
            $"Found {found} for '{member}', expected {expected}.");
    }

    private static string PathOf(JsonObject parent, string member) =>
        JsonPath.Member(JsonPath.Of(parent), parent.MemberName(member) ?? member);
}
