using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server;
using Auspex.Server.WebServices;
using Auspex.TestKit.Experiments;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>A real server on a free port over a data folder of its own; it can be stopped and started again on the same folder.</summary>
internal sealed class ServerHarness : IAsyncDisposable
{
    /// <summary>Row-wise: adds a parameter, then scores with a model that adds its bias.</summary>
    public const string Rowwise = """
        { "name": "rowwise",
          "parameters": { "Amount": { "type": "Int", "links": [ "plus.Amount" ], "default": 1 } },
          "nodes": {
            "data": { "module": "Numbers" },
            "plus": { "module": "Add", "inputs": { "Dataset": "data" } },
            "model": { "trainedModel": "The model" },
            "score": { "module": "Fake Scorer", "inputs": { "Trained model": "model", "Dataset": "plus" } } },
          "webServiceInputs": { "input1": "data" },
          "webServiceOutputs": { "output1": "score" } }
        """;

    /// <summary>Two inputs put side by side, two outputs: on whole tables.</summary>
    public const string Joining = """
        { "name": "joining",
          "nodes": {
            "people": { "module": "Numbers", "parameters": { "Values": "1;2;3" } },
            "lookup": { "module": "Numbers", "parameters": { "Values": "10;20;30" } },
            "pair": { "module": "Pair", "inputs": { "Left": "people", "Right": "lookup" } },
            "total": { "module": "Sum", "inputs": { "Dataset": "pair.Results dataset" } } },
          "webServiceInputs": { "input1": "people", "input2": "lookup" },
          "webServiceOutputs": { "output1": "pair.Results dataset", "output2": "total" } }
        """;

    /// <summary>Trains and gives the model: for batch execution only.</summary>
    public const string Training = """
        { "name": "training",
          "nodes": {
            "data": { "module": "Numbers", "parameters": { "Values": "1;2;3" } },
            "learner": { "module": "Fake Learner" },
            "train": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "data" } },
            "total": { "module": "Sum", "inputs": { "Dataset": "data" } } },
          "webServiceInputs": { "input1": "data" },
          "webServiceOutputs": { "model": "train", "metrics": "total" } }
        """;

    private readonly TestKit.TemporaryFolder _folder = new();
    private readonly Func<ServerOptions, ServerOptions> _with;
    private AuspexServer? _server;

    private ServerHarness(Func<ServerOptions, ServerOptions> with) => _with = with;

    public AuspexServer Server => _server ?? throw new InvalidOperationException("The server is stopped.");

    public string Folder => _folder.Path;

    /// <summary>A file root of the server.</summary>
    public string Files => Path.Combine(_folder.Path, "files");

    public string ConnectionString => $"FileRoot={Files}";

    public HttpClient Http { get; private set; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ServerHarness> StartAsync(Func<ServerOptions, ServerOptions>? with = null)
    {
        var harness = new ServerHarness(with ?? (options => options));
        Directory.CreateDirectory(harness.Files);
        await harness.StartAgainAsync();
        return harness;
    }

    public async Task StartAgainAsync()
    {
        _server = await AuspexServer.StartAsync(
            _with(new ServerOptions
            {
                Urls = "http://127.0.0.1:0",
                DataFolder = Path.Combine(_folder.Path, "data"),
                FileRoots = [Files],
                LogLevel = LogLevel.Warning,
                Modules = FakeModules.Catalog(),
            }),
            Cancellation);
        Http.Dispose();
        Http = new HttpClient { BaseAddress = _server.Url, Timeout = TimeSpan.FromMinutes(2) };
    }

    public async Task StopAsync()
    {
        await Server.DisposeAsync();
        _server = null;
    }

    /// <summary>Publishes an experiment of the fake modules, its model with the given bias.</summary>
    public async Task<PublishedWebService> PublishAsync(
        string name, string experiment, double bias = 100, IModule[]? modules = null)
    {
        var package = await PackageAsync(experiment, bias, modules);
        return await Server.PublishAsync(name, null, package, Cancellation);
    }

    /// <summary>Packages an experiment of the fake modules; its artifacts are the server's.</summary>
    public async Task<WebServicePackage> PackageAsync(string experiment, double bias, IModule[]? modules = null)
    {
        var catalog = FakeModules.Catalog(modules ?? []);
        var values = new ArtifactValues(Server.Artifacts, new ModelContainerFormat());
        var model = await values.SaveAsync(new ModelValue(FakeModels.Create("x", "y", bias)), Cancellation);
        var assets = new ArtifactAssets(
            new Dictionary<AssetReference, Stores.ArtifactId>
            {
                [new AssetReference(AssetKind.TrainedModel, "The model")] = model,
            },
            values);
        var compiled = ExperimentCompiler.Compile(ExperimentHarness.Load(experiment), catalog).Experiment!;
        var run = await ExperimentRunner.RunAsync(
            compiled, new ExperimentRunRequest { Services = ExperimentHarness.Services, Assets = assets }, Cancellation);
        return await new WebServicePackager(values).PackageAsync(run, exposeSample: true, Cancellation);
    }

    /// <summary>Writes a model file into the file root; gives the path in it.</summary>
    public async Task<string> WriteModelAsync(string path, double bias)
    {
        var file = PrepareFile(path);
        await using var stream = File.Create(file);
        ModelContainer.WriteModel(FakeModels.Create("x", "y", bias), stream);
        return path;
    }

    public string WriteFile(string path, string text)
    {
        File.WriteAllText(PrepareFile(path), text);
        return path;
    }

    public string ReadFile(string path) => File.ReadAllText(Path.Combine(Files, path));

    public JsonObject Blob(string path) => new() { [nameof(ConnectionString)] = ConnectionString, ["RelativeLocation"] = path };

    public async Task<Answer> SendAsync(HttpMethod method, string url, string? token, string? body = null)
    {
        using var request = new HttpRequestMessage(method, url);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return new Answer(response.StatusCode, text, response.Headers.ToDictionary(
            header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>As the owner.</summary>
    public Task<Answer> ManageAsync(HttpMethod method, string url, string? body = null) =>
        SendAsync(method, url, Server.SessionOwnerToken, body);

    public Task<Answer> ScoreAsync(PublishedWebService service, string body, string query = "&details=true") =>
        SendAsync(HttpMethod.Post, $"{service.ApiLocation}/execute?api-version=2.0{query}", service.PrimaryKey, body);

    public async Task<string> SubmitAsync(PublishedWebService service, JsonObject body)
    {
        var answer = await SendAsync(
            HttpMethod.Post, $"{service.ApiLocation}/jobs?api-version=2.0", service.PrimaryKey, body.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Text.Trim('"');
    }

    /// <summary>Starts a job and waits until it has ended.</summary>
    public async Task<JsonNode> RunJobAsync(PublishedWebService service, JsonObject body)
    {
        var id = await SubmitAsync(service, body);
        var started = await SendAsync(
            HttpMethod.Post, $"{service.ApiLocation}/jobs/{id}/start?api-version=2.0", service.PrimaryKey);
        Assert.Equal(HttpStatusCode.NoContent, started.Status);
        return await WaitForJobAsync(service, id);
    }

    public async Task<JsonNode> WaitForJobAsync(PublishedWebService service, string id)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            var status = (await StatusAsync(service, id)).Json;
            if ((string?)status["StatusCode"] is "Failed" or "Cancelled" or "Finished")
            {
                return status;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, timeout.Token);
        }
    }

    public Task<Answer> StatusAsync(PublishedWebService service, string id) =>
        SendAsync(HttpMethod.Get, $"{new Uri(service.ApiLocation).AbsolutePath}/jobs/{id}?api-version=2.0", service.PrimaryKey);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string PrepareFile(string path)
    {
        var file = Path.Combine(Files, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }
}

/// <summary>An answer of the server.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary><c>error.code/details[0].code</c>.</summary>
    public string ErrorCode => $"{Json["error"]!["code"]}/{Json["error"]!["details"]?[0]?["code"]}";

    public string ErrorDetail => (string)Json["error"]!["details"]![0]!["message"]!;
}
