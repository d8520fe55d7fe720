namespace Auspex.Connectors.ObjectStorage;

/// <summary>Asks for part of a blob; null when the blob ends before it.</summary>
/// <param name="offset">Where the part begins.</param>
/// <param name="length">Its most bytes; null for all to the end.</param>
/// <param name="etag">The version that it must be of; null for the present one.</param>
/// <param name="cancellationToken">Ends the call, not the reading of what it returns.</param>
/// <exception cref="BlobStoreException">There is no answer, also after retries, or the blob has another version.</exception>
internal delegate Task<BlobRange?> BlobRangeRequest(long offset, long? length, string? etag, CancellationToken cancellationToken);

/// <summary>Part of a blob as it comes in.</summary>
/// <param name="Content">Its bytes; raw exceptions of the driver leave it.</param>
/// <param name="BlobLength">The length of the whole blob; null when the server gives only all to the end, and that may be anywhere.</param>
/// <param name="ETag">The blob's version; null when the server names none that can be asked for again.</param>
internal sealed record BlobRange(Stream Content, long? BlobLength, string? ETag);
