using System.Net;
using System.Net.Http.Headers;

namespace Auspex.TestKit.Connectors;

/// <summary>A web server with one file, without a network.</summary>
public sealed class FileServer : HttpMessageHandler
{
    /// <summary>The file.</summary>
    public required byte[] File { get; set; }

    /// <summary>Its version; null for a server that names none.</summary>
    public string? ETag { get; set; } = "\"1\"";

    /// <summary>Whether it answers requests for a part with the part.</summary>
    public bool KnowsRanges { get; init; } = true;

    /// <summary>Whether it refuses what is asked for another version.</summary>
    public bool KnowsConditions { get; init; } = true;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Answer(request));
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        if (KnowsConditions && request.Headers.IfMatch.Count > 0 && request.Headers.IfMatch.First().Tag != ETag)
        {
            return new HttpResponseMessage(HttpStatusCode.PreconditionFailed) { Content = new ByteArrayContent([]) };
        }

        var range = KnowsRanges ? request.Headers.Range?.Ranges.Single() : null;
        var from = (int)(range?.From ?? 0);
        if (range is not null && from >= File.Length)
        {
            return new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable) { Content = new ByteArrayContent([]) };
        }

        var to = (int)Math.Min(File.Length - 1, range?.To ?? File.Length);
        var answer = new HttpResponseMessage(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent)
        {
            Content = new StreamContent(new MemoryStream(File, from, to - from + 1)),
        };
        answer.Headers.ETag = ETag is null ? null : EntityTagHeaderValue.Parse(ETag);
        if (range is not null)
        {
            answer.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, to, File.Length);
        }

        return answer;
    }
}
