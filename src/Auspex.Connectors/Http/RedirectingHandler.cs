using System.Net;

namespace Auspex.Connectors.Http;

/// <summary>
/// Follows redirections, each through the handler below it, which checks where they lead. What proves who is calling goes to
/// the first server only.
/// </summary>
internal sealed class RedirectingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MostRedirections = 5;

    private static readonly string[] Credentials = ["Authorization", "Cookie", "Proxy-Authorization", "x-functions-key", "X-IDENTITY-HEADER"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        for (var followed = 0; followed < MostRedirections && Target(request, response) is { } target; followed++)
        {
            Retarget(request, response.StatusCode, target);
            response.Dispose();
            response = await base.SendAsync(request, cancellationToken);
        }

        return response;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = base.Send(request, cancellationToken);
        for (var followed = 0; followed < MostRedirections && Target(request, response) is { } target; followed++)
        {
            Retarget(request, response.StatusCode, target);
            response.Dispose();
            response = base.Send(request, cancellationToken);
        }

        return response;
    }

    /// <summary>Where a response sends its caller; null when it is no redirection, or one from https down to http.</summary>
    private static Uri? Target(HttpRequestMessage request, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (300 or 301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
        {
            return null;
        }

        var target = location.IsAbsoluteUri ? location : new Uri(request.RequestUri!, location);
        var isWeb = target.Scheme == Uri.UriSchemeHttps
            || (target.Scheme == Uri.UriSchemeHttp && request.RequestUri!.Scheme == Uri.UriSchemeHttp);
        return isWeb ? target : null;
    }

    private static void Retarget(HttpRequestMessage request, HttpStatusCode status, Uri target)
    {
        var isElsewhere = Uri.Compare(
            request.RequestUri!, target, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0;
        request.RequestUri = target;
        if (isElsewhere)
        {
            foreach (var name in Credentials)
            {
                request.Headers.Remove(name);
            }
        }

        var becomesGet = status == HttpStatusCode.SeeOther
            ? request.Method != HttpMethod.Get && request.Method != HttpMethod.Head
            : (int)status is 300 or 301 or 302 && request.Method == HttpMethod.Post;
        if (becomesGet)
        {
            request.Method = HttpMethod.Get;
            request.Content = null;
            request.Headers.TransferEncodingChunked = false;
        }
    }
}
