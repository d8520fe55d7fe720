using Auspex.Errors;

namespace Auspex.Connectors.Http;

/// <summary>An outgoing call that is not allowed; nothing was sent.</summary>
public sealed class OutboundRefusedException(string message) : AuspexException(ErrorCode.OutboundRefused, message);
