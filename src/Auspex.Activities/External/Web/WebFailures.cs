using System.Globalization;
using Auspex.Connectors.Http;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.External.Web;

/// <summary>Failures of calls, in Data Factory's words.</summary>
internal static class WebFailures
{
    private const int MostCharacters = 4_000;

    /// <summary>An answer that is no success.</summary>
    public static ActivityException Refused(ActivityAttempt attempt, string shown, WebAnswer answer, string errorCode) => new(
        ErrorCode.EndpointRefused,
        errorCode,
        string.Create(CultureInfo.InvariantCulture,
            $"Error calling the endpoint '{shown}'. Response status code: '{(int)answer.Status} - {answer.Status}'. More details: {Details(attempt, answer.Body)}"),
        (int)answer.Status >= 500 ? FailureType.SystemError : FailureType.UserError);

    /// <summary>An address that may not be called.</summary>
    public static ActivityException NotAllowed(OutboundRefusedException refused, string errorCode) =>
        new(refused.Code, errorCode, refused.Message, FailureType.UserError, inner: refused);

    /// <summary>What a server answered, as far as it may be shown.</summary>
    public static string Details(ActivityAttempt attempt, string body) =>
        attempt.Activity.Policy.SecureOutput ? "the answer is kept secret (secureOutput)."
        : string.IsNullOrWhiteSpace(body) ? "the answer has no body."
        : body.Length > MostCharacters ? body[..MostCharacters] + "..."
        : body;
}
