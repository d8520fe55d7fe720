using Auspex.Experiments.Modules;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Which file extensions batch execution takes for what.</summary>
internal static class TableFormats
{
    private static readonly string[] Tables = [".csv", ".tsv", ".arff"];

    public static string Default(PortType type) => type switch
    {
        PortType.Dataset => ".csv",
        PortType.ILearner => ".ilearner",
        _ => ".itransform",
    };

    /// <exception cref="ServiceErrorException">400 InvalidBlobExtension.</exception>
    public static void Check(string path, PortType type, bool isInput)
    {
        var allowed = type == PortType.Dataset ? Tables : [Default(type)];
        if (!allowed.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw ServiceErrors.BadArgument(
                "InvalidBlobExtension",
                $"The blob reference: {ServiceErrors.Shorten(path)} has an invalid or missing file extension. Supported file extensions for this {(isInput ? "input" : "output")} type are: \"{string.Join(", ", allowed)}\".");
        }
    }

    public static bool IsDelimited(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".CSV" or ".TSV";

    public static bool IsArff(string path) => path.EndsWith(".arff", StringComparison.OrdinalIgnoreCase);
}
