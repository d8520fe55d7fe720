using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace Auspex.Activities.Datasets.Files;

/// <summary>A JSON text that is sent, as often as it is tried.</summary>
internal sealed class HttpBody
{
    private readonly byte[] _bytes;
    private readonly bool _isGzip;

    private HttpBody(byte[] bytes, bool isGzip) => (_bytes, _isGzip) = (bytes, isGzip);

    /// <summary>How many bytes are sent.</summary>
    public int Length => _bytes.Length;

    /// <summary>A text; null for none.</summary>
    public static HttpBody? Of(string? text) => text is null ? null : new HttpBody(Encoding.UTF8.GetBytes(text), false);

    /// <summary>Bytes, compressed where that is asked for.</summary>
    public static HttpBody Of(byte[] bytes, bool gzip)
    {
        if (!gzip)
        {
            return new HttpBody(bytes, false);
        }

        using var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return new HttpBody(compressed.ToArray(), true);
    }

    /// <summary>The content of one request.</summary>
    public HttpContent ToContent()
    {
        var content = new ByteArrayContent(_bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        if (_isGzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }
}
