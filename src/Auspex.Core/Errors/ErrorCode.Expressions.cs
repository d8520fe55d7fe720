namespace Auspex.Errors;

public readonly partial record struct ErrorCode
{
    /// <summary>
    /// The text of an expression cannot be parsed. Mend it at the line and column that the message names; operators,
    /// double-quoted strings, array literals and parentheses around an expression do not exist in this language.
    /// </summary>
    public static ErrorCode ExpressionSyntax => new("AUX1501");

    /// <summary>
    /// An expression was parsed but its evaluation failed: a missing property, a wrong argument type, a division by
    /// zero. The message names the function or property; correct the expression or the data it reads.
    /// </summary>
    public static ErrorCode ExpressionFailed => new("AUX1502");

    /// <summary>A call names a function that Data Factory does not have. Use one of <c>docs/compat/expressions.md</c>.</summary>
    public static ErrorCode ExpressionUnknownFunction => new("AUX1503");

    /// <summary>A call has too few or too many arguments. The message says how many the function takes.</summary>
    public static ErrorCode ExpressionArgumentCount => new("AUX1504");

    /// <summary>
    /// The JSON that describes a context or a list of cases is not what is expected. The message names the member;
    /// every member is optional, but a present one needs the right type.
    /// </summary>
    public static ErrorCode ExpressionContextUnreadable => new("AUX1505");

    /// <summary>
    /// An expression is longer than the 8,192 characters that Data Factory accepts. It runs here, but not there;
    /// split it over several variables.
    /// </summary>
    public static ErrorCode ExpressionTooLong => new("AUX1506");
}
