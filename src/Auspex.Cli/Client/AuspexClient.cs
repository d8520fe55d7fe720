using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Errors;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices;
using Auspex.Stores;

namespace Auspex.Cli.Client;

/// <summary>Speaks to a server: runs through Data Factory's own interface, publishing through ours.</summary>
/// <param name="url">The server's address.</param>
/// <param name="factory">The factory's name.</param>
/// <param name="token">A bearer token.</param>
internal sealed class AuspexClient(Uri url, string factory, string token) : IDisposable
{
    private const string ApiVersion = "api-version=2018-06-01";
    private const int MostRuns = 1000;

    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The server's address.</summary>
    public Uri Url => url;

    private string Root =>
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/auspex/providers/Microsoft.DataFactory/factories/"
        + Uri.EscapeDataString(factory);

    /// <summary>Starts a run of a pipeline and returns its id.</summary>
    public async Task<string> CreateRunAsync(string pipeline, JsonObject parameters, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            HttpMethod.Post, $"{Root}/pipelines/{Uri.EscapeDataString(pipeline)}/createRun?{ApiVersion}", parameters, cancellationToken);
        return (string?)answer["runId"] ?? throw Unexpected("createRun", answer);
    }

    /// <summary>Starts a run that repeats another, in its group, and returns its id.</summary>
    /// <param name="pipeline">The pipeline of both.</param>
    /// <param name="runId">The run to repeat.</param>
    /// <param name="fromActivity">The activity to begin at; null for none.</param>
    /// <param name="fromFailure">Whether to begin at what failed.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    public async Task<string> RepeatRunAsync(
        string pipeline, string runId, string? fromActivity, bool fromFailure, CancellationToken cancellationToken)
    {
        var from = fromActivity is null ? "" : $"&startActivityName={Uri.EscapeDataString(fromActivity)}";
        var answer = await SendAsync(
            HttpMethod.Post,
            $"{Root}/pipelines/{Uri.EscapeDataString(pipeline)}/createRun?referencePipelineRunId={Uri.EscapeDataString(runId)}&isRecovery=true"
            + $"{from}{(fromFailure ? "&startFromFailure=true" : "")}&{ApiVersion}",
            null,
            cancellationToken);
        return (string?)answer["runId"] ?? throw Unexpected("createRun", answer);
    }

    /// <summary>A run's changes as they happen, beginning with its present state; ends with the run.</summary>
    /// <exception cref="IOException">The server went away while it was being listened to.</exception>
    public async IAsyncEnumerable<JsonObject> WatchAsync(
        string runId,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, $"/api/auspex/runs/{runId}/events", null);
        using var response = await ReachAsync(
            () => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusedAsync(request, response, cancellationToken);
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0 && JsonNode.Parse(line) is JsonObject update)
            {
                yield return update;
            }
        }
    }

    /// <summary>A run as it is now.</summary>
    public Task<JsonObject> GetRunAsync(string runId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"{Root}/pipelineruns/{runId}?{ApiVersion}", null, cancellationToken);

    /// <summary>A run's activity runs.</summary>
    public async Task<JsonArray> ListActivityRunsAsync(string runId, CancellationToken cancellationToken) =>
        (await SendAsync(
            HttpMethod.Post, $"{Root}/pipelineruns/{runId}/queryActivityruns?{ApiVersion}", EverUpdated(), cancellationToken))["value"]
            as JsonArray ?? [];

    /// <summary>Runs, newest first, the newest thousand at most.</summary>
    public async Task<JsonArray> ListRunsAsync(string? status, CancellationToken cancellationToken)
    {
        var query = EverUpdated();
        if (status is not null)
        {
            query["filters"] = new JsonArray(new JsonObject
            {
                ["operand"] = "Status",
                ["operator"] = "Equals",
                ["values"] = new JsonArray(status),
            });
        }

        var runs = new JsonArray();
        do
        {
            var page = await SendAsync(HttpMethod.Post, $"{Root}/queryPipelineRuns?{ApiVersion}", query, cancellationToken);
            foreach (var run in page["value"] as JsonArray ?? [])
            {
                runs.Add(run?.DeepClone());
            }

            query["continuationToken"] = (string?)page["continuationToken"];
        }
        while (query["continuationToken"] is not null && runs.Count < MostRuns);
        return runs;
    }

    /// <summary>Asks a run and its children to stop.</summary>
    public Task CancelAsync(string runId, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{Root}/pipelineruns/{runId}/cancel?isRecursive=true&{ApiVersion}", null, cancellationToken);

    /// <summary>Publishes a package as a web service and returns its address and keys.</summary>
    public async Task<JsonObject> PublishAsync(
        string name,
        WebServicePackage package,
        IArtifactStore artifacts,
        CancellationToken cancellationToken)
    {
        // An archive ends with its directory, so it is made on disk before it is sent.
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var file = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
        await WebServicePackageArchive.WriteAsync(file, package, artifacts, cancellationToken);
        file.Position = 0;
        using var request = Request(HttpMethod.Put, $"/api/auspex/webservices/{Uri.EscapeDataString(name)}", null);
        request.Content = new StreamContent(file);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>Adds an endpoint to a web service, or finds the one of that name, and returns it with its keys.</summary>
    public async Task<JsonObject> AddEndpointAsync(
        string workspaceId,
        string webServiceId,
        string name,
        CancellationToken cancellationToken) => await SendAsync(
            HttpMethod.Put,
            $"/workspaces/{workspaceId}/webservices/{webServiceId}/endpoints/{name}",
            new JsonObject { ["Description"] = "", ["ThrottleLevel"] = "High" },
            cancellationToken);

    /// <summary>Asks for, or with POST changes, what <c>/api/auspex/models</c> and a path below it stand for.</summary>
    public Task<JsonObject> CallModelsAsync(HttpMethod method, string path, CancellationToken cancellationToken, JsonObject? body = null) =>
        SendAsync(method, "/api/auspex/models" + path, body, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static JsonObject EverUpdated() => new()
    {
        ["lastUpdatedAfter"] = "2000-01-01T00:00:00Z",
        ["lastUpdatedBefore"] = "9999-01-01T00:00:00Z",
    };

    private async Task<JsonObject> SendAsync(
        HttpMethod method,
        string path,
        JsonObject? body,
        CancellationToken cancellationToken)
    {
        using var request = Request(method, path, body);
        return await SendAsync(request, cancellationToken);
    }

    private async Task<JsonObject> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await ReachAsync(() => _http.SendAsync(request, cancellationToken));
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusedAsync(request, response, cancellationToken);
        }

        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject ?? [];
    }

    private async Task<HttpResponseMessage> ReachAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new ClientException(
                ErrorCode.ServerUnreachable,
                $"The connection to {url} could not be secured: {(exception.InnerException ?? exception).Message.TrimEnd('.')}. Use the server's http address on its own machine, or trust its certificate (certificates/server.crt in its data folder).",
                exception);
        }
        catch (HttpRequestException exception)
        {
            throw new ClientException(
                ErrorCode.ServerUnreachable,
                $"No server answers at {url}: {exception.Message.TrimEnd('.')}. Start one with 'auspex up', or give its address with --url.",
                exception);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, JsonObject? body)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return request;
    }

    private static async Task<ClientException> RefusedAsync(
        HttpRequestMessage request,
        HttpResponseMessage response,
        CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        string? message = null;
        try
        {
            var error = JsonNode.Parse(text)?["error"];
            message = string.Join(' ', new[] { (string?)error?["message"], (string?)(error?["details"] as JsonArray)?.FirstOrDefault()?["message"] }
                .Where(part => !string.IsNullOrEmpty(part)));
        }
        catch (System.Text.Json.JsonException)
        {
            // Not our error body: the status alone must do.
        }

        var advice = response.StatusCode == HttpStatusCode.Unauthorized
            ? " Set AUSPEX_OWNER_TOKEN to a token of this server."
            : "";
        return new ClientException(
            ErrorCode.ServerRefused,
            (string.IsNullOrEmpty(message) ? "The server gave no reason." : message) + advice
            + $" ({request.Method} {request.RequestUri?.AbsolutePath ?? ""} answered {(int)response.StatusCode}.)")
        {
            Status = response.StatusCode,
        };
    }

    private static ClientException Unexpected(string what, JsonObject answer) => new(
        ErrorCode.ServerRefused, $"{what} answered {answer.ToJsonString()}, which this program does not understand.");
}

/// <summary>A call to a server that failed.</summary>
internal sealed class ClientException(ErrorCode code, string message, Exception? inner = null)
    : AuspexException(code, message, inner)
{
    /// <summary>What the server answered; null when it did not.</summary>
    public HttpStatusCode? Status { get; init; }
}
