using System.IO.Compression;

namespace Auspex.Connectors.Formats;

/// <summary>How a table file of any format is written. Immutable; change with <c>with</c>.</summary>
public sealed record TableWriteOptions
{
    /// <summary>What to call the file in messages. No secret.</summary>
    public string Name { get; init; } = "the file";

    /// <summary>How hard to compress <c>.gz</c>, <c>.zst</c> and Zstandard blocks; default <see cref="CompressionLevel.Fastest"/>, since scoring should not wait for it.</summary>
    public CompressionLevel Level { get; init; } = CompressionLevel.Fastest;

    /// <summary>How the blocks inside a Parquet or Arrow file are compressed; the default is each format's own: Snappy in Parquet, none in Arrow.</summary>
    public BlockCompression Blocks { get; init; }

    /// <summary>
    /// What instants and durations are counted in, in formats that cannot count our ticks of 100 ns. Microseconds hold every year and drop
    /// the last digit; nanoseconds hold every digit and the years 1678 to 2261 only, others are refused.
    /// </summary>
    public TimeResolution Times { get; init; }

    /// <summary>Rows after which a Parquet row group is closed; default 131,072.</summary>
    public int RowGroupRows { get; init; } = 131_072;

    /// <summary>Bytes after which a Parquet row group is closed; default 64 MiB. It bounds the memory used.</summary>
    public long RowGroupBytes { get; init; } = 64L << 20;
}

/// <summary>The compression of blocks inside a file.</summary>
public enum BlockCompression
{
    /// <summary>What readers of the format expect most.</summary>
    Default,

    /// <summary>None.</summary>
    None,

    /// <summary>Zstandard: smaller files, more work.</summary>
    Zstd,
}

/// <summary>What instants and durations are counted in.</summary>
public enum TimeResolution
{
    /// <summary>Millionths of a second.</summary>
    Microseconds,

    /// <summary>Billionths of a second.</summary>
    Nanoseconds,
}
