using System.Globalization;
using System.Text;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;

namespace Auspex.Connectors.S3;

/// <summary>Where the parts of an upload begin, and the names of what is kept beside them.</summary>
internal static class S3Parts
{
    /// <summary>The most parts that an object may have.</summary>
    public const int Most = 10_000;

    // The smallest that the service takes; growing ones let an object reach 325 GB while small ones need little memory.
    private const int Smallest = 5 << 20;
    private const int PartsPerSize = 2_000;
    private const string Suffix = ".partial";

    /// <summary>The bytes of a part, numbered from 1, unless it is the last.</summary>
    public static int SizeOf(int number) => Smallest << Math.Min(4, (number - 1) / PartsPerSize);

    /// <summary>The offset of a part's first byte.</summary>
    public static long StartOf(int number)
    {
        var start = 0L;
        var rest = number - 1;
        for (var size = (long)Smallest; rest > 0; size <<= 1)
        {
            var parts = Math.Min(rest, PartsPerSize);
            start += parts * size;
            rest -= parts;
        }

        return start;
    }

    /// <summary>The name of the object that holds the beginning of a part.</summary>
    public static string TailOf(Guid uploadId, int part, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{TailsOf(uploadId, part)}{length:x}{Suffix}");

    /// <summary>What the names of such objects of one part begin with.</summary>
    public static string TailsOf(Guid uploadId, int part) => string.Create(CultureInfo.InvariantCulture, $"{TailsOf(uploadId)}{part:x}-");

    /// <summary>What the names of such objects of an upload begin with.</summary>
    public static string TailsOf(Guid uploadId) => string.Create(CultureInfo.InvariantCulture, $".auspex-{uploadId:N}-");

    /// <summary>How much of its part such an object holds; 0 when it is none.</summary>
    public static int LengthOfTail(string key)
    {
        var dash = key.LastIndexOf('-');
        return key.EndsWith(Suffix, StringComparison.Ordinal)
            && int.TryParse(key[(dash + 1)..^Suffix.Length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length)
                ? length
                : 0;
    }

    /// <summary>Whether two such names are of one part.</summary>
    public static bool IsSamePart(string one, string other) => one[..one.LastIndexOf('-')] == other[..other.LastIndexOf('-')];

    /// <summary>The id of an upload as positions bear it: ours and the service's.</summary>
    public static string WriteId(Guid uploadId, string serviceId) =>
        string.Create(CultureInfo.InvariantCulture, $"{uploadId:N}.{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(serviceId))}");

    /// <summary>The ids of a position; the service's is null when the position is another store's.</summary>
    /// <exception cref="BlobStoreException">The position was never given out by a store.</exception>
    public static (Guid UploadId, string? ServiceId) ReadId(string path, UploadPosition position)
    {
        var point = position.UploadId.IndexOf('.', StringComparison.Ordinal);
        var id = (position with { UploadId = point < 0 ? position.UploadId : position.UploadId[..point] }).ReadId(path);
        try
        {
            return (id, point < 0 ? null : Encoding.UTF8.GetString(Convert.FromHexString(position.UploadId.AsSpan(point + 1))));
        }
        catch (FormatException malformed)
        {
            throw new BlobStoreException(
                ErrorCode.BlobReferenceInvalid,
                BlobError.Invalid,
                $"The position of the upload to '{path}' is malformed; expected one that a store has given out.",
                malformed);
        }
    }
}
