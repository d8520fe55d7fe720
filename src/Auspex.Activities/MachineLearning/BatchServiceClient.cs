using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;

namespace Auspex.Activities.MachineLearning;

/// <summary>An answer of a web service: status, body, and what Data Factory shows of an error body.</summary>
internal sealed record ServiceAnswer(int Status, string Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary><c>error.message</c> and the first detail's message, joined by a space; the body itself when it has neither.</summary>
    public string ErrorText
    {
        get
        {
            if (TryParse(Body) is JsonObject body && body.Member("error") is JsonObject error)
            {
                var detail = error.Member("details") is JsonArray { Count: > 0 } details && details[0] is JsonObject first
                    ? first.TextMember("message")
                    : null;
                var text = string.Join(' ', new[] { error.TextMember("message"), detail }.Where(part => part is not null));
                if (text.Length > 0)
                {
                    return text;
                }
            }

            return Body.Length == 0 ? $"HTTP status {Status} without a body" : Body;
        }
    }

    /// <summary>Whether a start was refused because the job is started already.</summary>
    public bool IsStartedAlready =>
        TryParse(Body) is JsonObject body && body.Member("error") is JsonObject error && error.Member("details") is JsonArray details
        && details.OfType<JsonObject>().Any(detail => detail.TextMember("code") == "CannotStartJob");

    public static JsonNode? TryParse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Speaks the batch protocol to one endpoint, whoever serves it.</summary>
/// <remarks>Calls throw <see cref="HttpRequestException"/> when nothing answers; any answer, errors too, is returned.</remarks>
internal sealed class BatchServiceClient
{
    private readonly HttpClient _http;
    private readonly string _jobs;
    private readonly string _key;

    private BatchServiceClient(HttpClient http, string jobs, string key)
    {
        _http = http;
        _jobs = jobs;
        _key = key;
    }

    /// <summary>A client for an address that ends in <c>/jobs</c>, with or without a query; null for any other address.</summary>
    public static BatchServiceClient? TryCreate(HttpClient http, string address, string key)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal);
        var path = (query < 0 ? address : address[..query]).TrimEnd('/');
        return path.EndsWith("/jobs", StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate(path, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? new BatchServiceClient(http, path, key)
                : null;
    }

    /// <summary>Submits a job. The request id lets a service that knows it answer a repeated call with the same job.</summary>
    public Task<ServiceAnswer> SubmitAsync(JsonObject body, string requestId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "", body, requestId, cancellationToken);

    /// <summary>Starts a submitted job.</summary>
    public Task<ServiceAnswer> StartAsync(string jobId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/{jobId}/start", null, null, cancellationToken);

    /// <summary>Reads a job's status.</summary>
    public Task<ServiceAnswer> StatusAsync(string jobId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"/{jobId}", null, null, cancellationToken);

    /// <summary>Cancels a job.</summary>
    public Task<ServiceAnswer> DeleteAsync(string jobId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/{jobId}", null, null, cancellationToken);

    private async Task<ServiceAnswer> SendAsync(
        HttpMethod method,
        string suffix,
        JsonObject? body,
        string? requestId,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"{_jobs}{suffix}?api-version=2.0");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        if (requestId is not null)
        {
            request.Headers.Add("x-ms-client-request-id", requestId);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return new ServiceAnswer((int)response.StatusCode, text);
    }
}
