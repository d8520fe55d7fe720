using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Activities.External;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Xunit;

namespace Auspex.TestKit.Activities;

/// <summary>
/// Runs external activities against an HTTP service of the test, an SQLite file and a folder: linked services <c>Files</c> and <c>Db</c> are there.
/// </summary>
public sealed class ExternalHarness : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BlobStores _stores;
    private readonly HttpClient _http;
    private readonly ActivityCatalog _catalog = new();
    private readonly List<Action<AttemptBuilder>> _resources = [];
    private readonly Dictionary<string, SecretSource> _secrets = new(StringComparer.OrdinalIgnoreCase);

    public ExternalHarness(
        HttpMessageHandler? http = null,
        FakeCallbacks? callbacks = null,
        TimeProvider? clock = null,
        WebOptions? web = null,
        CustomOptions? custom = null,
        IdentityOptions? identity = null,
        OutboundOptions? outbound = null)
    {
        var time = clock ?? TimeProvider.System;
        var gate = new OutboundGate(outbound ?? new OutboundOptions());
        _stores = new BlobStores(new BlobStoresOptions { FileRoots = [_folder.Path] }, time);
        _http = new HttpClient(http ?? gate.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        var addresses = new EndpointAddresses(() => new Uri("http://127.0.0.1/"));
        var tokens = new IdentityTokens(_http, addresses, identity ?? new IdentityOptions());
        ExternalActivities.Register(
            _catalog,
            _http,
            gate,
            new SecretReader(_ => null, File.ReadAllText) { KeyVault = new KeyVaultClient(_http, addresses, tokens) },
            addresses,
            tokens,
            callbacks ?? new FakeCallbacks(time),
            _stores.Open,
            new SqlTables(new SqlTablesOptions { FileRoots = [_folder.Path] }),
            web ?? new WebOptions { PollInterval = TimeSpan.FromMilliseconds(10) },
            custom ?? new CustomOptions { Enabled = true },
            Path.Combine(_folder.Path, "commands"),
            time);
        LinkedService("Files", "FileServer", new JsonObject { ["host"] = _folder.Path });
        LinkedService("Db", "Sqlite", new JsonObject { ["path"] = _folder.File("test.db") });
    }

    /// <summary>The folder, absolute.</summary>
    public string Folder => _folder.Path;

    /// <summary>What the next run finds, as after a crash.</summary>
    public JsonObject? Checkpoint { get; set; }

    /// <summary>What the last run saved, in order.</summary>
    public IReadOnlyList<JsonObject> Checkpoints { get; private set; } = [];

    /// <summary>The policy of the activity.</summary>
    public ActivityPolicy Policy { get; set; } = new();

    public ExternalHarness LinkedService(string name, string type, JsonObject properties)
    {
        _resources.Add(builder => builder.WithLinkedService(name, type, properties.ToJsonString()));
        return this;
    }

    public ExternalHarness Dataset(string name, string type, string properties, string store = "Files", params string[] parameters)
    {
        _resources.Add(builder => builder.WithDataset(name, store, properties, type, parameters));
        return this;
    }

    public ExternalHarness Credential(string name, JsonObject typeProperties)
    {
        _resources.Add(builder => builder.Others.Add(new OtherDefinition(
            "credential", name, new JsonObject { ["properties"] = new JsonObject { ["typeProperties"] = typeProperties.DeepClone() } })));
        return this;
    }

    /// <summary>A secret of the overlay.</summary>
    public ExternalHarness Secret(string key, string value)
    {
        _secrets[key] = new SecretSource(null, null, value);
        return this;
    }

    /// <summary>Writes a file of the folder.</summary>
    public ExternalHarness Write(string path, string text)
    {
        var full = _folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    /// <summary>Runs an activity; gives its output as expressions see it.</summary>
    public async Task<JsonObject> RunAsync(
        string type, string properties, string? linkedService = null, CancellationToken? cancellation = null)
    {
        var builder = new AttemptBuilder(type, properties)
        {
            LinkedService = linkedService,
            Folder = _folder.Path,
            Checkpoint = (JsonObject?)Checkpoint?.DeepClone(),
            Policy = Policy,
            Overlay = new OverlayDefinition { Secrets = _secrets.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase) },
        };
        foreach (var resource in _resources)
        {
            resource(builder);
        }

        try
        {
            var result = await _catalog.Find(type)!.ExecuteAsync(
                builder.Build(), cancellation ?? TestContext.Current.CancellationToken);
            return (JsonObject)JsonNode.Parse(result.ToJsonString())!;
        }
        finally
        {
            Checkpoints = [.. builder.Checkpoints];
        }
    }

    /// <summary>Runs an activity that must fail.</summary>
    public Task<ActivityException> FailAsync(string type, string properties, string? linkedService = null) =>
        Assert.ThrowsAsync<ActivityException>(() => RunAsync(type, properties, linkedService));

    public void Dispose()
    {
        _stores.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }
}
