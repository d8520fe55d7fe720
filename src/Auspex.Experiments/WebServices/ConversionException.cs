using Auspex.Errors;

namespace Auspex.Experiments.WebServices;

/// <summary>Ends a conversion; its caller turns it into a diagnostic.</summary>
internal sealed class ConversionException(string message, string path = "$", Exception? inner = null)
    : AuspexException(ErrorCode.ConversionFailed, message, inner)
{
    public string Path { get; } = path;
}
