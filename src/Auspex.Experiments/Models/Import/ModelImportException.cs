using Auspex.Errors;

namespace Auspex.Experiments.Models.Import;

/// <summary>A model of another make that cannot be brought in: damaged, or with a part that our kernels cannot score exactly.</summary>
/// <param name="message">What was found, where, what was expected and what to do.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class ModelImportException(string message, Exception? inner = null)
    : AuspexException(ErrorCode.ModelImport, message, inner);
