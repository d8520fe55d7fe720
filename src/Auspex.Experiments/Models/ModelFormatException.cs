using Auspex.Errors;

namespace Auspex.Experiments.Models;

/// <summary>A model or transform file that cannot be read. Studio's number for it is 82.</summary>
/// <param name="message">What was found, what was expected and what to do.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class ModelFormatException(string message, Exception? inner = null)
    : AuspexException(ErrorCode.ModelFormat, message, inner);
