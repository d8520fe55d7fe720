using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.Datasets.Files;

/// <summary>Sends requests to the server of an <c>HttpServer</c> or <c>RestService</c> linked service, with its credentials.</summary>
/// <param name="http">The client; it follows the outgoing allow-list.</param>
/// <param name="service">The linked service.</param>
/// <param name="clock">The clock of pauses and timeouts.</param>
internal sealed class HttpRequests(HttpClient http, ResolvedLinkedService service, TimeProvider clock)
{
    private const int Attempts = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>A relative address below a base one; an absolute one stays as it is.</summary>
    public static string Join(string baseAddress, string relative) =>
        relative.Length == 0 ? baseAddress
        : relative.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || relative.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? relative
        : relative.StartsWith('?') ? baseAddress + relative
        : baseAddress.TrimEnd('/') + "/" + relative.TrimStart('/');

    /// <summary>Sends a request and waits for the head of its answer; what passes by itself is tried again.</summary>
    /// <exception cref="ActivityException">No answer (2128), or one that is no success (2108).</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string address,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        HttpBody? body,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2104",
                $"The address '{Shown(address)}' of linked service '{service.Name}' is neither http nor https.",
                FailureType.UserError);
        }

        for (var attempt = 1; ; attempt++)
        {
            using var limit = new CancellationTokenSource(timeout, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                using var request = Build(method, uri, headers, body);
                var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }

                var status = (int)response.StatusCode;
                response.Dispose();
                if (attempt == Attempts || status is not (408 or 429 or >= 500))
                {
                    throw new ActivityException(
                        ErrorCode.EndpointUnreachable,
                        "2108",
                        $"Error calling the endpoint '{Shown(address)}'. Response status code: '{status}'.",
                        status >= 500 ? FailureType.SystemError : FailureType.UserError);
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested
                && failure is HttpRequestException or OperationCanceledException)
            {
                if (failure.InnerException is AuspexException refused)
                {
                    throw refused;
                }

                if (attempt == Attempts)
                {
                    throw new ActivityException(
                        ErrorCode.EndpointUnreachable,
                        "2128",
                        $"No response from the endpoint '{Shown(address)}': {(failure is HttpRequestException ? failure.Message : $"none within {timeout}.")} "
                        + "Check the address and that the server runs.",
                        FailureType.SystemError,
                        inner: failure);
                }
            }

            await Task.Delay(FirstPause * attempt, clock, cancellationToken);
        }
    }

    /// <summary>Headers as definitions write them: an object, or text with one <c>Name: value</c> a line.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadHeaders(JsonNode? written) => written switch
    {
        JsonObject json => [.. json.Select(header => KeyValuePair.Create(header.Key, header.Value.AsText() ?? ""))],
        JsonValue text => [.. (text.AsText() ?? "")
            .Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line.Contains(':', StringComparison.Ordinal))
            .Select(line => KeyValuePair.Create(
                line[..line.IndexOf(':', StringComparison.Ordinal)].Trim(), line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()))],
        _ => [],
    };

    private HttpRequestMessage Build(HttpMethod method, Uri uri, IReadOnlyList<KeyValuePair<string, string>> headers, HttpBody? body)
    {
        var request = new HttpRequestMessage(method, uri);
        Authenticate(request);
        if (body is not null)
        {
            request.Content = body.ToContent();
        }

        foreach (var (name, value) in headers.Concat(ReadHeaders(service.TypeProperties.Member("authHeaders"))))
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && request.Content is not null)
            {
                request.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(value, out var type) ? type : null;
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private void Authenticate(HttpRequestMessage request)
    {
        var kind = service.Text("authenticationType") ?? "Anonymous";
        switch (kind.ToUpperInvariant())
        {
            case "ANONYMOUS":
                return;
            case "BASIC":
                var credential = $"{service.Required("userName")}:{service.Required("password")}";
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credential)));
                return;
            default:
                throw ActivityFailures.Unsupported(
                    $"The authenticationType '{kind}' of linked service '{service.Name}' is not supported; supported are Anonymous and Basic, "
                    + "and authHeaders for any other.");
        }
    }

    // Queries carry keys and tokens.
    private static string Shown(string address)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? address : address[..query];
    }
}
