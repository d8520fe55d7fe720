using Auspex.Errors;

namespace Auspex.Expressions;

/// <summary>
/// An expression cannot be parsed or evaluated; in a run the activity fails with <c>InvalidTemplate</c>.
/// </summary>
/// <param name="code">Which of the expression codes it is.</param>
/// <param name="message">The text that Data Factory documents for the case, where there is one.</param>
/// <param name="line">The line from 1 inside the string value; null unless the text cannot be parsed.</param>
/// <param name="column">The column from 1 in that line; null unless the text cannot be parsed.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class ExpressionException(
    ErrorCode code,
    string message,
    int? line = null,
    int? column = null,
    Exception? inner = null) : AuspexException(code, message, inner)
{
    /// <summary>The line from 1 inside the string value; null unless the text cannot be parsed.</summary>
    public int? Line { get; } = line;

    /// <summary>The column from 1 in that line; null unless the text cannot be parsed.</summary>
    public int? Column { get; } = column;

    /// <summary>
    /// Where in the evaluated JSON value the expression stands, such as <c>$.headers.Accept</c>; <c>$</c> for the
    /// whole.
    /// </summary>
    public string JsonPath { get; private set; } = "$";

    /// <summary>Notes that the value whose evaluation failed is a member of a larger one.</summary>
    internal void AddOuterStep(string step) => JsonPath = string.Concat("$", step, JsonPath.AsSpan(1));
}
