using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>What people see of Studio's data sets and of experiments that run.</summary>
public sealed class StudioPageScenarios
{
    private const string Gate = "00000000000000000000000000000001";
    private const string Bad = "00000000000000000000000000000002";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DataSet_HasAPage_ByItsSignedAddressAndWithAToken()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { Modules = null });
        var client = RecordedClient.PowerShell(server);
        var id = await UploadAsync(client, "colour,size\nred,1\nblue,2\nred,4\n");

        var set = (await client.CallAsync(HttpMethod.Get, $"{client.Studio}/datasources/{id}"))!;
        var place = set["VisualizeEndPoint"]!;
        using var response = await server.Http.GetAsync($"{place["BaseUri"]}{place["Location"]}{place["AccessCredential"]}", Cancellation);
        var page = await response.Content.ReadAsStringAsync(Cancellation);
        var (status, same) = await client.SendAsync(HttpMethod.Get, $"{client.Studio}/datasources/{id}/visualize");
        var unknown = await client.SendAsync(HttpMethod.Get, $"{client.Studio}/datasources/none/visualize");
        using var stranger = await server.Http.GetAsync($"{client.Studio}/datasources/{id}/visualize", Cancellation);

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.All(["<h1>Rows</h1>", "3 rows, 2 columns", "class=\"spark\"", "most: red"], expected => Assert.Contains(expected, page, StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, page), (status, same));
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal("colour,size\nred,1\nblue,2\nred,4\n", Encoding.UTF8.GetString(await client.DownloadAsync(set["DownloadLocation"]!)));
    }

    [Fact]
    public async Task Run_WhileItGoesOn_TellsOfEachNode()
    {
        var gate = new GateModule();
        await using var server = await ServerHarness.StartAsync(options => options with { Modules = ModuleCatalog.CreateDefault().Add(gate).Add(new BadModule()) });
        var client = RecordedClient.PowerShell(server);
        var data = await UploadAsync(client, "x\n1\n2\n");
        var saved = (await client.CallAsync(HttpMethod.Post, client.Studio + "/experiments", Chain(data)))!;
        var address = $"{client.Studio}/experiments/{saved["ExperimentId"]}";
        await gate.Reached.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

        var running = await WaitAsync(client, address, experiment => Code(experiment, "1-1") == "Running");
        Assert.Equal("NotStarted", Code(running, "1-2"));
        Assert.NotNull(Node(running, "1-1")["Status"]!["StartTime"]);
        Assert.Empty(Node(running, "1-1")["OutputEndpoints"]!.AsArray());
        var listed = (await client.CallAsync(HttpMethod.Get, client.Studio + "/experiments"))!.AsArray();
        Assert.False(listed.Single()!.AsObject().ContainsKey("NodeStatuses"));

        gate.Open.SetResult();
        var ended = await WaitAsync(client, address, experiment => (string?)experiment["Status"]!["StatusCode"] == "Failed");

        Assert.Equal(("Finished", "Failed"), (Code(ended, "1-1"), Code(ended, "1-2")));
        var detail = (string?)Node(ended, "1-2")["Status"]!["StatusDetail"];
        Assert.Equal("Error 0013: It is bad on purpose. (module 'Bad', node '1-2')", detail);
        Assert.Equal(detail + "\n", Encoding.UTF8.GetString(await client.DownloadAsync(Node(ended, "1-2")["StandardErrorEndpoint"]!)));
        Assert.Single(Node(ended, "1-1")["OutputEndpoints"]!.AsArray());
    }

    private static JsonNode Node(JsonNode experiment, string node) =>
        experiment["NodeStatuses"]!.AsArray().Single(status => (string?)status!["NodeId"] == node)!;

    private static string? Code(JsonNode experiment, string node) =>
        (string?)experiment["NodeStatuses"]!.AsArray().FirstOrDefault(status => (string?)status!["NodeId"] == node)?["Status"]!["StatusCode"];

    private static async Task<JsonNode> WaitAsync(RecordedClient client, string address, Func<JsonNode, bool> isThere)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TimeSpan.FromMinutes(1));
        JsonNode experiment;
        while (!isThere(experiment = (await client.CallAsync(HttpMethod.Get, address))!))
        {
            Assert.False(timeout.IsCancellationRequested, experiment.ToJsonString());
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        return experiment;
    }

    private static string Chain(string data)
    {
        static string Module(string id, string family, string port) => $$"""
            { "Id": "{{id}}", "ModuleId": "506153734175476c4f62416c57734963.{{family}}.v1-default-1", "ModuleParameters": [],
              "InputPortsInternal": [ { "Name": "Dataset", "NodeId": "{{id}}", "DataSourceId": {{port}}, "TrainedModelId": null, "TransformModuleId": null } ],
              "OutputPortsInternal": [ { "Name": "Results dataset", "NodeId": "{{id}}", "OutputType": null } ] }
            """;
        return $$"""
            { "Description": "Chain", "Summary": "", "IsDraft": false, "ParentExperimentId": "", "Category": "user",
              "ExperimentGraph": { "ModuleNodes": [ {{Module("1-1", Gate, $"\"{data}\"")}}, {{Module("1-2", Bad, "null")}} ],
                "EdgesInternal": [ { "SourceOutputPortId": "1-1:Results dataset", "DestinationInputPortId": "1-2:Dataset" } ],
                "SerializedClientData": "<?xml version='1.0' encoding='utf-16'?><DataV1 />" }, "WebService": null }
            """;
    }

    private static async Task<string> UploadAsync(RecordedClient client, string text)
    {
        var (_, bytes) = await client.SendBytesAsync(
            HttpMethod.Post, $"/api/resourceuploads/workspaces/{client.Workspace}/?userStorage=true&dataTypeId=GenericCSV", Encoding.UTF8.GetBytes(text), "");
        return (string)(await client.CallAsync(HttpMethod.Post, client.Studio + "/datasources", $$$"""
            {"DataSource": {"Name":"Rows", "DataTypeId":"GenericCSV", "FamilyId":""}, "UploadId": "{{{JsonNode.Parse(bytes)!["Id"]}}}"}
            """))!;
    }

    private static ModuleDescriptor Describe(string name, string family) => new()
    {
        Name = name,
        Category = "Statistical Functions",
        FamilyId = family,
        Inputs = [new ModulePort("Dataset", PortType.Dataset)],
        Outputs = [new ModulePort("Results dataset", PortType.Dataset)],
    };

    /// <summary>Passes its table on once it is let.</summary>
    private sealed class GateModule : IModule
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ModuleDescriptor Descriptor { get; } = Describe("Gate", Gate);

        public async Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
        {
            Reached.TrySetResult();
            await Open.Task.WaitAsync(cancellationToken);
            context.Set("Results dataset", context.Table("Dataset"));
        }
    }

    private sealed class BadModule : IModule
    {
        public ModuleDescriptor Descriptor { get; } = Describe("Bad", Bad);

        public Task RunAsync(ModuleContext context, CancellationToken cancellationToken) =>
            throw new ModuleException(13, "It is bad on purpose.");
    }
}
