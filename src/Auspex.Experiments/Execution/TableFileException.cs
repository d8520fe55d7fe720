using Auspex.Errors;

namespace Auspex.Experiments.Execution;

/// <summary>Bytes that should be a stored table are not one.</summary>
/// <param name="message">What was found and what was expected.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class TableFileException(string message, Exception? inner = null)
    : AuspexException(ErrorCode.TableFileInvalid, message, inner);
