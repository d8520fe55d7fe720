using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Execution;

/// <summary>
/// What determines a node's result: module and version, visible parameters, and the results it is fed with.
/// </summary>
internal static class ResultKeys
{
    private const string UseCachedResults = "Use cached results";

    /// <summary>The key of a node, in lower-case hex.</summary>
    /// <param name="node">A module node.</param>
    /// <param name="parameters">Its texts by label in this run.</param>
    /// <param name="inputs">The result id of each connected input port, in port order.</param>
    public static string Of(
        CompiledNode node, IReadOnlyDictionary<string, string> parameters, IEnumerable<(string Port, string ResultId)> inputs)
    {
        var descriptor = node.Module!.Descriptor;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, descriptor.Name);
        Append(hash, descriptor.Version.ToString(CultureInfo.InvariantCulture));
        foreach (var parameter in descriptor.Parameters)
        {
            if (ParameterText.IsVisible(descriptor, parameter, parameters)
                && (parameters.GetValueOrDefault(parameter.Name) ?? parameter.Default) is { } text)
            {
                Append(hash, parameter.Name);
                Append(hash, text);
            }
        }

        foreach (var (port, resultId) in inputs)
        {
            Append(hash, port);
            Append(hash, resultId);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Whether a kept result may stand in: for modules that reach outside only when they are told so.
    /// </summary>
    public static bool MayReuse(ModuleDescriptor descriptor, IReadOnlyDictionary<string, string> parameters) =>
        descriptor.IsDeterministic
        || (ParameterText.Find(descriptor, UseCachedResults) is { } parameter
            && bool.TryParse(parameters.GetValueOrDefault(parameter.Name) ?? parameter.Default, out var use) && use);

    /// <summary>
    /// Whether the clock takes part: a seed of 0, or for modules that work on tables also a blank one. Such a node counts
    /// as unchanged, but its next real run gives something else, which must not be mixed with what was made from this one.
    /// </summary>
    public static bool IsClockSeeded(ModuleDescriptor descriptor, IReadOnlyDictionary<string, string> parameters)
    {
        var isLearner = descriptor.Inputs.All(port => port.Type != PortType.Dataset);
        foreach (var parameter in descriptor.Parameters)
        {
            if (parameter.Name.Contains("seed", StringComparison.OrdinalIgnoreCase)
                && parameter.Kind is ParameterKind.Integer
                && ParameterText.IsVisible(descriptor, parameter, parameters))
            {
                var text = parameters.GetValueOrDefault(parameter.Name) ?? parameter.Default;
                if (string.IsNullOrWhiteSpace(text) ? !isLearner : text.Trim() == "0")
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void Append(IncrementalHash hash, string text)
    {
        // The length first: ("ab", "c") must not look like ("a", "bc").
        Span<byte> length = stackalloc byte[sizeof(int)];
        var bytes = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
