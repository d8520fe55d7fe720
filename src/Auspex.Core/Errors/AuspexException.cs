namespace Auspex.Errors;

/// <summary>Base of every exception that this product throws on purpose.</summary>
/// <param name="code">The stable code; its documentation says cause and remedy.</param>
/// <param name="message">What was found, what was expected and where. Never a secret or a value of a row.</param>
/// <param name="inner">The exception that led to this one.</param>
public abstract class AuspexException(ErrorCode code, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The stable code of this error.</summary>
    public ErrorCode Code { get; } = code;
}
