namespace Auspex.Errors;

/// <summary>Whose fault a failure is, in the words of Data Factory's <c>failureType</c>.</summary>
public enum FailureType
{
    /// <summary>The author or the data can mend it.</summary>
    UserError,

    /// <summary>The machine, the network or this program.</summary>
    SystemError,
}

/// <summary>A failed activity or run as plain data: what the journal, the API and the expressions see.</summary>
/// <param name="ErrorCode">The code as Data Factory writes it: a number in text (<c>"2600"</c>) or a word.</param>
/// <param name="Message">What was found, expected and where; no secret and no value of a row.</param>
/// <param name="FailureType">Whose fault it is.</param>
/// <param name="Target">The activity's name.</param>
/// <param name="IsTransient">Whether the same attempt may succeed later. Steers short retries inside a connector only.</param>
/// <param name="Details">Text for whoever looks deeper, such as the body that a service answered; null when there is none.</param>
public sealed record Failure(
    string ErrorCode,
    string Message,
    FailureType FailureType,
    string Target,
    bool IsTransient = false,
    string? Details = null);
