using Auspex.Errors;

namespace Auspex.Experiments.Models;

/// <summary>A model that ONNX Runtime scores and that it could not load, or could not run on these rows.</summary>
/// <param name="message">What was found, what was expected and what to do.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class ModelRunException(string message, Exception? inner = null)
    : AuspexException(ErrorCode.ModelRun, message, inner);
