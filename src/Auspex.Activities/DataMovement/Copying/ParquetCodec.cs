using Auspex.Activities.Datasets;
using Auspex.Connectors.Formats;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>The compression of blocks inside a Parquet file that a dataset asks for.</summary>
internal static class ParquetCodec
{
    /// <summary>Reads <c>compressionCodec</c>: snappy where it is absent.</summary>
    /// <exception cref="Engine.Dispatch.ActivityException">Another codec than snappy, zstd and none.</exception>
    public static BlockCompression Of(ResolvedDataset dataset) => dataset.Text("compressionCodec")?.ToUpperInvariant() switch
    {
        null or "" or "SNAPPY" => BlockCompression.Default,
        "NONE" => BlockCompression.None,
        "ZSTD" => BlockCompression.Zstd,
        var codec => throw ActivityFailures.Unsupported(
            $"The compression '{codec}' of dataset '{dataset.Name}' is not supported for writing Parquet; supported are snappy, zstd and none."),
    };
}
