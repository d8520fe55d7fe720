using Auspex.Connectors.Formats;
using Auspex.Experiments.Modules;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Which file extensions batch execution takes for what.</summary>
internal static class TableFormats
{
    // The original took the first three.
    private static readonly string[] Tables =
        [".csv", ".tsv", ".arff", .. TableFileFormat.Extensions.Except([".csv", ".tsv", ".arff"], StringComparer.Ordinal)];

    public static string Default(PortType type) => type switch
    {
        PortType.Dataset => ".csv",
        PortType.ILearner => ".ilearner",
        PortType.ICluster => ".icluster",
        _ => ".itransform",
    };

    /// <exception cref="ServiceErrorException">400 InvalidBlobExtension.</exception>
    public static void Check(string path, PortType type, bool isInput)
    {
        var allowed = type == PortType.Dataset ? Tables : [Default(type)];
        var isAllowed = type == PortType.Dataset
            ? TableFileFormat.Find(path) is not null
            : allowed.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
        if (!isAllowed)
        {
            throw ServiceErrors.BadArgument(
                "InvalidBlobExtension",
                $"The blob reference: {ServiceErrors.Shorten(path)} has an invalid or missing file extension. Supported file extensions for this {(isInput ? "input" : "output")} type are: \"{string.Join(", ", allowed)}\".");
        }
    }

    /// <summary>Whether a file is delimited text that is not packed.</summary>
    public static bool IsDelimited(string path) => TableFileFormat.Find(path) is { IsPlainText: true };

    public static bool IsArff(string path) => path.EndsWith(".arff", StringComparison.OrdinalIgnoreCase);
}
