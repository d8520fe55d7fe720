using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.TestKit.Services;

namespace Auspex.Scenarios.Cli;

/// <summary><c>auspex up</c> over a factory, to be killed and started again on the same port and folder.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    public const string Token = "scenario-owner-token";

    private readonly string _folder;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly int _port = ServiceProcess.FreePort();
    private AuspexProcess? _process;

    public RunningServer(string folder)
    {
        _folder = folder;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public AuspexProcess Process => _process ?? throw new InvalidOperationException("The server was not started.");

    public string WorkspaceId { get; private set; } = "";

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    private string Root =>
        Url + "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/auspex/providers/Microsoft.DataFactory/factories/income";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = AuspexProcess.Start(
            _folder,
            new Dictionary<string, string> { ["AUSPEX_OWNER_TOKEN"] = Token },
            "up", "--urls", Url, "--factory", _folder, "--data", Path.Combine(_folder, ".auspex"), "--json");
        var ready = await _process.WaitForLineAsync(
            line => line.StartsWith("{\"url\"", StringComparison.Ordinal), TimeSpan.FromMinutes(2), cancellationToken);
        WorkspaceId = (string)JsonNode.Parse(ready)!["workspaceId"]!;
    }

    /// <summary>A call of the Studio interface in this server's workspace; its answer as JSON, null for an empty one.</summary>
    public async Task<JsonNode?> StudioAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"{Url}/api/workspaces/{WorkspaceId}/{path}");
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return !response.IsSuccessStatusCode
            ? throw new InvalidOperationException($"{method} {path} answered {(int)response.StatusCode}: {text}")
            : text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public Task<string> DownloadAsync(JsonNode place, CancellationToken cancellationToken) =>
        _http.GetStringAsync($"{place["BaseUri"]}{place["Location"]}{place["AccessCredential"]}", cancellationToken);

    public async Task KillAsync()
    {
        await Process.KillAsync();
        await Process.DisposeAsync();
        _process = null;
    }

    public async Task<string> CreateRunAsync(string pipeline, CancellationToken cancellationToken) =>
        (string)(await PostAsync($"{Root}/pipelines/{pipeline}/createRun?api-version=2018-06-01", "{}", cancellationToken))["runId"]!;

    /// <summary>Waits until a run has ended and returns it.</summary>
    public async Task<JsonNode> WaitAsync(string runId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var run = JsonNode.Parse(await _http.GetStringAsync(
                $"{Root}/pipelineruns/{runId}?api-version=2018-06-01", cancellationToken))!;
            if ((string?)run["status"] is "Succeeded" or "Failed" or "Cancelled")
            {
                return run;
            }

            if (TimeProvider.System.GetElapsedTime(started) > timeout)
            {
                throw new TimeoutException($"Run {runId} did not end within {timeout}: {run.ToJsonString()}\n{Process.Transcript}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    public async Task<JsonArray> ActivityRunsAsync(string runId, CancellationToken cancellationToken) => (JsonArray)(await PostAsync(
        $"{Root}/pipelineruns/{runId}/queryActivityruns?api-version=2018-06-01",
        """{"lastUpdatedAfter":"2000-01-01T00:00:00Z","lastUpdatedBefore":"2999-01-01T00:00:00Z"}""",
        cancellationToken))["value"]!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task<JsonNode> PostAsync(string address, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(address, content, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"POST {address} answered {(int)response.StatusCode}: {text}");
    }
}
