using System.ComponentModel.DataAnnotations;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>How much of a blob is on its way at once. Section <c>Auspex:BlobTransfer</c>. Folders are not concerned.</summary>
public sealed class BlobTransferOptions
{
    /// <summary>Where the settings are read from.</summary>
    public const string Section = "Auspex:BlobTransfer";

    /// <summary>The bytes that are asked for at once. 64 KiB to 256 MiB; default 8 MiB. A blob up to this size is one request.</summary>
    [Range(64 << 10, 256 << 20)]
    public int RangeBytes { get; set; } = 8 << 20;

    /// <summary>
    /// How many ranges are fetched ahead of the one being read. 0 to 64; default 3. Each takes its bytes of memory per open blob; 0
    /// reads a blob in one request.
    /// </summary>
    [Range(0, 64)]
    public int RangesAhead { get; set; } = 3;

    /// <summary>
    /// How many blocks of an upload are on their way at once. 1 to 64; default 2. Each takes 4 MiB of memory, and more in blobs over
    /// 40 GB.
    /// </summary>
    [Range(1, 64)]
    public int BlocksInFlight { get; set; } = 2;
}
