using Auspex.Errors;

namespace Auspex.Expressions;

/// <summary>What is wrong with a string's expressions, found without evaluating them.</summary>
/// <param name="Code">A syntax error, an unknown function, a wrong number of arguments, or too long a text.</param>
/// <param name="Severity">A warning where only Data Factory would refuse it.</param>
/// <param name="Message">What was found and expected.</param>
/// <param name="Line">The line from 1 inside the string value.</param>
/// <param name="Column">The column from 1 in that line.</param>
/// <param name="JsonPath">Where the string stands in the checked JSON value; <c>$</c> for a string of its own.</param>
public sealed record ExpressionProblem(
    ErrorCode Code,
    DiagnosticSeverity Severity,
    string Message,
    int Line,
    int Column,
    string JsonPath = "$");
