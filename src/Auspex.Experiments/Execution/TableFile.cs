using System.Security.Cryptography;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Execution;

/// <summary>
/// A table as bytes: our own columnar file, for cached results and for tables inside web-service packages. Everything
/// that a <see cref="TableBatch"/> knows comes back: roles, categories, score marks, missing values, NaN.
/// </summary>
/// <remarks>
/// Layout, little-endian: the eight letters <c>AUXTABLE</c>; version written and oldest version of a reader that can
/// read it (int32 each); length of the header (int32) and the header, UTF-8 JSON with row count and fields; then each
/// column: a byte that says whether validity bits follow, those bits (8 bytes per 64 rows), and the values as they lie
/// in memory, texts as offsets from 0 and bytes. Equal tables give equal bytes: whatever lies under a missing value is
/// written as zero.
/// </remarks>
public static partial class TableFile
{
    /// <summary>The version that is written.</summary>
    public const int Version = 1;

    /// <summary>The oldest release's reader that reads what is written.</summary>
    public const int OldestReader = 1;

    /// <summary>The oldest version that is read.</summary>
    public const int OldestRead = 1;

    private const int ChunkInBytes = 1 << 16;
    private const int LongestHeaderInBytes = 1 << 28;

    private static ReadOnlySpan<byte> Magic => "AUXTABLE"u8;

    /// <summary>Writes a table; the stream need not be seekable and stays open.</summary>
    public static Task WriteAsync(Stream stream, TableBatch table, CancellationToken cancellationToken) =>
        new Writer(stream, cancellationToken).WriteAsync(table);

    /// <summary>Reads a table back.</summary>
    /// <param name="stream">Seekable; read from where it stands; stays open.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    /// <exception cref="TableFileException">Not such a file, cut short, damaged, or of a newer release.</exception>
    public static Task<TableBatch> ReadAsync(Stream stream, CancellationToken cancellationToken) =>
        new Reader(stream, cancellationToken).ReadAsync();

    /// <summary>The SHA-256 of the bytes that <see cref="WriteAsync"/> gives, in lower-case hex.</summary>
    public static async Task<string> HashAsync(TableBatch table, CancellationToken cancellationToken)
    {
        using var hash = SHA256.Create();
        await using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            await WriteAsync(stream, table, cancellationToken);
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }
}
