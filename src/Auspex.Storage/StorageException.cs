using Auspex.Errors;

namespace Auspex.Storage;

/// <summary>Our own store failed; the message says how and what to do.</summary>
/// <param name="code">The stable code.</param>
/// <param name="message">What was found, what was expected and what to do.</param>
/// <param name="inner">The driver's or the file system's own exception.</param>
public sealed class StorageException(ErrorCode code, string message, Exception? inner = null)
    : AuspexException(code, message, inner)
{
    /// <summary>Whether the same call may succeed later without anybody's doing.</summary>
    public bool IsTransient { get; init; }
}
