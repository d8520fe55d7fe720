using Auspex.Errors;

namespace Auspex.Server;

/// <summary>The server could not start; nothing listens.</summary>
/// <param name="code">AddressInUse, ListenAddressInvalid, CertificateInvalid or OptionInvalid.</param>
/// <param name="message">What was found, what was expected and what to do.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class ServerStartException(ErrorCode code, string message, Exception? inner = null)
    : AuspexException(code, message, inner);
