using Auspex.Errors;

namespace Auspex.Experiments.WebServices;

/// <summary>A web service cannot be made, stored, loaded or updated.</summary>
/// <param name="code">PackagingFailed, PackageInvalid, AssetNotFound or ModelIncompatible.</param>
/// <param name="message">What was found and what was expected.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class PackagingException(ErrorCode code, string message, Exception? inner = null)
    : AuspexException(code, message, inner);
