using Auspex.Experiments.Models;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>What provokes one of Studio's errors.</summary>
/// <param name="Number">Studio's number.</param>
/// <param name="Module">The module that fails.</param>
/// <param name="Words">What the message must name: the column or the parameter, and what was found or expected.</param>
/// <param name="Inputs">Values by position of the module's input ports; null where nothing is connected.</param>
/// <param name="Parameters">Written <c>Name=Value</c>; <c>{root}</c> is the folder of <see cref="ErrorWorld"/>.</param>
internal sealed record ErrorCase(int Number, string Module, string[] Words, PortValue?[] Inputs, params string[] Parameters);
