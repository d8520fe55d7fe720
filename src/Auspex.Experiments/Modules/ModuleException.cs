using System.Globalization;
using Auspex.Errors;

namespace Auspex.Experiments.Modules;

/// <summary>A failed module, with the number Studio gave this kind of failure.</summary>
/// <param name="number">Studio's number, such as 1 for a column that was not found.</param>
/// <param name="message">What was found, what was expected, and which column or parameter; no value of a row.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class ModuleException(int number, string message, Exception? inner = null)
    : AuspexException(ErrorCode.ModuleFailed, message, inner)
{
    /// <summary>Studio's number, shown with four digits: <c>Error 0001</c>.</summary>
    public int Number { get; } = number;

    /// <summary>The node that failed; set by the executor.</summary>
    public string? Node { get; init; }

    /// <summary>The module's name; set by the executor.</summary>
    public string? Module { get; init; }

    /// <summary>All that a person needs where node and module are not seen beside it: number, message, module and node.</summary>
    public string Report
    {
        get
        {
            var where = Module is { Length: > 0 } ? $" (module '{Module}', node '{Node}')" : "";
            return string.Create(CultureInfo.InvariantCulture, $"Error {Number:0000}: {Message}{where}");
        }
    }
}
