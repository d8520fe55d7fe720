using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Engine.Dispatch;

/// <summary>A failed attempt, in the words of Data Factory.</summary>
/// <param name="code">Our stable code.</param>
/// <param name="errorCode">The code that <c>activity('A').error.errorCode</c> shows, such as <c>2600</c>.</param>
/// <param name="message">The message that <c>activity('A').error.message</c> shows.</param>
/// <param name="failureType">Whose fault it is.</param>
/// <param name="details">Text for whoever looks deeper; null when there is none.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class ActivityException(
    ErrorCode code,
    string errorCode,
    string message,
    FailureType failureType,
    string? details = null,
    Exception? inner = null) : AuspexException(code, message, inner)
{
    /// <summary>The code that expressions see.</summary>
    public string ActivityErrorCode { get; } = errorCode;

    /// <summary>Whose fault it is.</summary>
    public FailureType FailureType { get; } = failureType;

    /// <summary>Text for whoever looks deeper; null when there is none.</summary>
    public string? Details { get; } = details;

    /// <summary>What <c>activity('A').output</c> shows although the activity failed; null for an empty object.</summary>
    public JsonObject? Output { get; init; }
}
