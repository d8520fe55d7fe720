namespace Auspex.Errors;

/// <summary>How bad a diagnostic is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>Worth knowing; nothing needs to change.</summary>
    Information,

    /// <summary>Runs, though perhaps not as meant.</summary>
    Warning,

    /// <summary>Does not run.</summary>
    Error,
}

/// <summary>An author's mistake as a value: loading, validation and compilation return all of them and throw none.</summary>
/// <param name="Code">The stable code of the mistake.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What was found, what was expected and what to do.</param>
/// <param name="File">The file, relative to the factory's folder; null when the JSON did not come from a file.</param>
/// <param name="JsonPath">Where in the file, such as <c>$.properties.activities[0].type</c>; <c>$</c> for the whole.</param>
/// <param name="Line">The line from 1 in the file; null when it is not known.</param>
/// <param name="Column">The column from 1, in characters; null when it is not known.</param>
public sealed record Diagnostic(
    ErrorCode Code,
    DiagnosticSeverity Severity,
    string Message,
    string? File = null,
    string JsonPath = "$",
    int? Line = null,
    int? Column = null)
{
    /// <summary>
    /// What would mend it, where one thing would: the value, member or name to write at <see cref="JsonPath"/>. Null when that is
    /// for the author to decide.
    /// </summary>
    public string? Fix { get; init; } = NearestName.FromHint(Message);
}
