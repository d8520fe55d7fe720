using Auspex.Errors;

namespace Auspex.Experiments.WebServices;

/// <summary>A call that does not fit the web service: its parameters or the names of its inputs.</summary>
/// <param name="code">Our code.</param>
/// <param name="subCode">
/// Studio's word for it, as it stands in <c>error.details[].code</c>: MissingRequiredGlobalParameters,
/// UnexpectedParameter, BadParameterValue, UserParameterInvalid or InvalidInputNames.
/// </param>
/// <param name="message">What was found and what was expected; no secret.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class WebServiceCallException(ErrorCode code, string subCode, string message, Exception? inner = null)
    : AuspexException(code, message, inner)
{
    /// <summary>Studio's word for what is wrong.</summary>
    public string SubCode { get; } = subCode;
}
