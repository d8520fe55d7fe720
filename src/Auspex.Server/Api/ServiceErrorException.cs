using System.Collections.Immutable;
using Auspex.Errors;

namespace Auspex.Server.Api;

/// <summary>One entry of <c>error.details</c>: the sub-code that says what exactly was wrong.</summary>
internal sealed record ServiceErrorDetail(string Code, string Message, string? Target = null);

/// <summary>
/// A refused call in the words of the original services: becomes <c>{"error": {"code", "message", "details"}}</c> with
/// its HTTP status. Clients branch on the codes, and Data Factory copies the messages into activity errors.
/// </summary>
internal sealed class ServiceErrorException(
    int status,
    string serviceCode,
    string message,
    ImmutableArray<ServiceErrorDetail> details,
    Exception? inner = null) : AuspexException(ErrorCode.ServiceCallRefused, message, inner)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The error class: <c>error.code</c>.</summary>
    public string ServiceCode { get; } = serviceCode;

    /// <summary>May be empty, never default: clients index into it.</summary>
    public ImmutableArray<ServiceErrorDetail> Details { get; } = details;

    /// <summary>What the error is about: <c>error.target</c>; null leaves it out.</summary>
    public string? Target { get; init; }

    /// <summary>When the same call may be sent again; null says nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
