using System.Text;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Xunit;

namespace Auspex.TestKit.Activities;

/// <summary>
/// Runs data activities over a folder and an SQLite file: linked services <c>Files</c> and <c>Db</c> are there from the start.
/// </summary>
public sealed class DataHarness : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BlobStores _stores;
    private readonly HttpClient _http;
    private readonly List<Action<AttemptBuilder>> _resources = [];
    private readonly ActivityCatalog _catalog = new();

    public DataHarness(TimeProvider? clock = null, HttpMessageHandler? http = null, DataMovementOptions? options = null)
    {
        var time = clock ?? TimeProvider.System;
        _stores = new BlobStores(new BlobStoresOptions { FileRoots = [_folder.Path] }, time);
        _http = new HttpClient(http ?? new OutboundGate(new OutboundOptions()).CreateHandler());
        Tables = new SqlTables(new SqlTablesOptions { FileRoots = [_folder.Path] });
        DataMovementActivities.Register(
            _catalog,
            _http,
            new SecretReader(_ => null, _ => ""),
            new EndpointAddresses(() => new Uri("http://127.0.0.1/")),
            _stores.Open,
            Tables,
            options ?? new DataMovementOptions(),
            time);
        LinkedService("Files", "FileServer", new JsonObject { ["host"] = _folder.Path });
        LinkedService("Db", "Sqlite", new JsonObject { ["path"] = DatabaseFile });
    }

    /// <summary>The folder, absolute.</summary>
    public string Folder => _folder.Path;

    /// <summary>The database of linked service <c>Db</c>.</summary>
    public string DatabaseFile => _folder.File("test.db");

    public SqlTables Tables { get; }

    /// <summary>What the next run finds, as after a crash; once.</summary>
    public JsonObject? Checkpoint { get; set; }

    /// <summary>What the last run saved; null when it saved nothing.</summary>
    public JsonObject? SavedCheckpoint { get; private set; }

    /// <summary>Settings for the database.</summary>
    public SqlConnectionSettings Database => new() { Server = "sqlite:" + DatabaseFile };

    public DataHarness LinkedService(string name, string type, JsonObject properties)
    {
        _resources.Add(builder => builder.WithLinkedService(name, type, properties.ToJsonString()));
        return this;
    }

    public DataHarness Dataset(string name, string type, string properties, string store = "Files", params string[] parameters)
    {
        _resources.Add(builder => builder.WithDataset(name, store, properties, type, parameters));
        return this;
    }

    /// <summary>Writes a file of the folder.</summary>
    public DataHarness Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Write(string, string)"/>
    public DataHarness Write(string path, byte[] content)
    {
        var full = _folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
        return this;
    }

    /// <summary>The text of a file of the folder.</summary>
    public string Read(string path) => File.ReadAllText(_folder.File(path));

    /// <summary>The files below a folder, with forward slashes, in order.</summary>
    public string[] List(string path) => Directory.Exists(_folder.File(path))
        ? [.. Directory.EnumerateFiles(_folder.File(path), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder.File(path), file).Replace('\\', '/')).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Makes a table of the database out of rows.</summary>
    public async Task FillAsync(string table, TableSchema schema, params object?[][] rows)
    {
        await using var sink = await Tables.OpenSinkAsync(Database, new SqlTarget { Table = table }, schema, CancellationToken.None);
        await sink.WriteAsync(TableBatches.FromRows(schema, rows), CancellationToken.None);
        await sink.CompleteAsync(CancellationToken.None);
    }

    /// <summary>The rows of a query as texts, missing ones as <c>-</c>.</summary>
    public async Task<string[]> QueryAsync(string query, SqlConnectionSettings? settings = null)
    {
        await using var source = await Tables.OpenSourceAsync(settings ?? Database, query, CancellationToken.None);
        var table = await source.ReadAllAsync(CancellationToken.None);
        return [.. Enumerable.Range(0, table.RowCount).Select(row => string.Join(
            '|', table.Columns.Select(column => ColumnText.Text(column, row, CellFormat.File) ?? "-")))];
    }

    /// <summary>Runs an activity.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="properties">Its <c>typeProperties</c>.</param>
    /// <param name="input">The dataset of <c>inputs</c>.</param>
    /// <param name="output">The dataset of <c>outputs</c>.</param>
    public async Task<JsonObject> RunAsync(string type, string properties, string? input = null, string? output = null)
    {
        var builder = new AttemptBuilder(type, properties)
        {
            LinkedService = null,
            Folder = _folder.Path,
            Input = Reference(input),
            Output = Reference(output),
            Checkpoint = (JsonObject?)Checkpoint?.DeepClone(),
        };
        foreach (var resource in _resources)
        {
            resource(builder);
        }

        // As the journal keeps it, and expressions see it.
        var result = await _catalog.Find(type)!.ExecuteAsync(builder.Build(), TestContext.Current.CancellationToken);
        Checkpoint = null;
        SavedCheckpoint = builder.Checkpoints.LastOrDefault() is { } saved ? (JsonObject)JsonNode.Parse(saved.ToJsonString())! : null;
        return (JsonObject)JsonNode.Parse(result.ToJsonString())!;
    }

    public void Dispose()
    {
        _stores.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    private static ResourceReference? Reference(string? dataset) =>
        dataset is null ? null : new ResourceReference(dataset, "DatasetReference");
}
