using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>What the PowerShell module for Studio sends, call by call in its order. It sends two headers with one value to every interface.</summary>
public sealed class PowerShellClientScenarios
{
    private const string ModuleWorkspace = "506153734175476c4f62416c57734963";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DataSet_UploadedWithoutContentType_PolledAndDownloaded()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.PowerShell(server);

        var id = await UploadAsync(client, "Rows", "x,y\n1,2\n1,2\n3,4\n");

        var list = (await client.CallAsync(HttpMethod.Get, client.Studio + "/datasources"))!.AsArray();
        var found = list.Single(set => (string?)set!["Id"] == id)!;
        Assert.Equal("x,y\n1,2\n1,2\n3,4\n", Encoding.UTF8.GetString(await client.DownloadAsync(found["DownloadLocation"]!)));
        await client.CallAsync(HttpMethod.Delete, $"{client.Studio}/datasources/family/{found["FamilyId"]}");
    }

    [Fact]
    public async Task Experiment_SavedAsDraft_RunPublished_ItsEndpointsManaged()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.PowerShell(server);
        var data = await UploadAsync(client, "Rows", "x,y\n1,2\n1,2\n3,4\n");

        // Start-AmlExperiment: read, save as a draft, run, then ask without a pause.
        var saved = (await client.CallAsync(HttpMethod.Post, client.Studio + "/experiments/", await DraftAsync(client, data)))!;
        var address = $"{client.Studio}/experiments/{saved["ExperimentId"]}";
        var finished = await StartExperimentAsync(client, address);
        Assert.Equal("Finished", (string?)finished["Status"]!["StatusCode"]);
        var output = Assert.Single(finished["NodeStatuses"]![0]!["OutputEndpoints"]!.AsArray())!;
        Assert.Equal("Results dataset", (string?)output["Name"]);
        Assert.Equal("x,y\n1,2\n3,4\n", Encoding.UTF8.GetString(await client.DownloadAsync(output)).ReplaceLineEndings("\n"));

        var activity = (await client.CallAsync(HttpMethod.Post, $"{address}/webservice?generateNewPortNames=false", ""))!;
        JsonNode state;
        do
        {
            state = (await client.CallAsync(HttpMethod.Get, $"{client.Studio}/experiments/{activity["ActivityId"]}/webservice"))!;
        }
        while ((string?)state["Status"] != "Completed");
        var service = (await client.CallAsync(HttpMethod.Get, $"{client.Management}/{state["WebServiceGroupId"]}"))!;
        await ManageEndpointsAsync(server, client, $"{client.Management}/{service["Id"]}/endpoints");
        await BatchAsync(server, client, $"{client.Management}/{service["Id"]}/endpoints/default");
    }

    [Fact]
    public async Task NewerClient_DoublesSlashes_AndIsUnderstood()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.PowerShell(server);
        var data = await UploadAsync(client, "Rows", "x,y\n1,2\n", "//");
        Assert.Equal("Rows", (string?)(await client.CallAsync(HttpMethod.Get, $"{client.Studio}//datasources//{data}"))!["Name"]);

        var saved = (await client.CallAsync(HttpMethod.Post, client.Studio + "//experiments", await DraftAsync(client, data)))!;
        await StartExperimentAsync(client, $"{client.Studio}//experiments//{saved["ExperimentId"]}");

        // It posts without the query that the older one writes.
        var activity = (await client.CallAsync(HttpMethod.Post, $"{client.Studio}//experiments//{saved["ExperimentId"]}//webservice", ""))!;
        Assert.NotNull((string?)activity["WebServiceGroupId"]);
    }

    private static Task<ServerHarness> StartAsync() => ServerHarness.StartAsync(options => options with { Modules = null });

    private static async Task<string> UploadAsync(RecordedClient client, string name, string text, string slash = "/")
    {
        var (status, bytes) = await client.SendBytesAsync(
            HttpMethod.Post,
            $"/api/resourceuploads/workspaces/{client.Workspace}{slash}?userStorage=true&dataTypeId=GenericCSV",
            Encoding.UTF8.GetBytes(text),
            "");
        Assert.Equal(HttpStatusCode.OK, status);
        var upload = JsonNode.Parse(bytes)!;
        var id = (string)(await client.CallAsync(HttpMethod.Post, $"{client.Studio}{slash}datasources", $$$"""
            {"DataSource": {"Name":"{{{name}}}", "DataTypeId":"GenericCSV", "Description":"", "FamilyId":"", "Owner":"PowerShell", "SourceOrigin":"FromResourceUpload"},
             "UploadId": "{{{upload["Id"]}}}", "UploadedFromFileName":"rows.csv", "ClientPoll": true}
            """))!;
        string? state;
        do
        {
            state = (string?)(await client.CallAsync(HttpMethod.Get, $"{client.Studio}{slash}datasources/{id}"))!["SchemaStatus"];
        }
        while (state is not ("Complete" or "NotSupported" or "Failed"));
        Assert.Equal("Complete", state);
        return id;
    }

    private static async Task<string> DraftAsync(RecordedClient client, string data)
    {
        var module = (await client.CallAsync(HttpMethod.Get, client.Studio + "/modules"))!.AsArray()
            .Single(module => (string?)module!["Name"] == "Remove Duplicate Rows")!;
        var selector = module["ModuleInterface"]!["Parameters"]!.AsArray().Single(parameter => (string?)parameter!["ParameterType"] == "ColumnPicker")!;
        var every = Uri.EscapeDataString("""{"isFilter":true,"rules":[{"ruleType":"AllColumns","exclude":false}]}""");
        return $$"""
            { "Description": "Distinct", "Summary": "", "IsDraft": true, "ParentExperimentId": "", "DisableNodeUpdate": false, "Category": "user",
              "ExperimentGraph": {
                "ModuleNodes": [ { "Id": "2-1", "ModuleId": "{{ModuleWorkspace}}.{{module["FamilyId"]}}.v1-default-1", "Comment": "", "CommentCollapsed": true, "Language": "DotNet", "Version": "4.5.0",
                  "ModuleParameters": [ { "Name": "{{selector["Name"]}}", "Value": "{{every}}", "ValueType": "Literal", "LinkedGlobalParameter": null } ],
                  "InputPortsInternal": [ { "Name": "Dataset", "NodeId": "2-1", "DataSourceId": "{{data}}", "TrainedModelId": null, "TransformModuleId": null } ],
                  "OutputPortsInternal": [ { "Name": "Results dataset", "NodeId": "2-1", "OutputType": null } ] } ],
                "EdgesInternal": [], "Parameters": null, "PublishInfo": null,
                "SerializedClientData": "<?xml version='1.0' encoding='utf-16'?><DataV1><Meta /><NodePositions><NodePosition Node='2-1' Position='1,2,3,4'/></NodePositions><NodeGroups /></DataV1>" },
              "WebService": { "IsWebServiceExperiment": true, "Inputs": [ { "Id": "2-8", "PortId": "2-1:Dataset", "Name": "input1" } ],
                "Outputs": [ { "Id": "2-9", "PortId": "2-1:Results dataset", "Name": "output1" } ], "Parameters": [] } }
            """;
    }

    private static async Task<JsonNode> StartExperimentAsync(RecordedClient client, string address)
    {
        var experiment = (await client.CallAsync(HttpMethod.Get, address))!;
        foreach (var isDraft in new[] { "true", "false" })
        {
            // The module builds this by formatting: parts of what it read, put together anew.
            await client.CallAsync(HttpMethod.Post, address, $$"""
                {"Description":"{{experiment["Description"]}}","Summary":"{{experiment["Summary"]}}","IsDraft":{{isDraft}},"ParentExperimentId":"{{experiment["ParentExperimentId"]}}","DisableNodeUpdate":false,"Category":"user","ExperimentGraph":{{experiment["Graph"]!.ToJsonString()}},"WebService":{{experiment["WebService"]?.ToJsonString() ?? "null"}} }
                """);
        }

        while (true)
        {
            var running = (await client.CallAsync(HttpMethod.Get, address))!;
            if ((string?)running["Status"]!["StatusCode"] is "Finished" or "Failed")
            {
                return running;
            }
        }
    }

    private static async Task ManageEndpointsAsync(ServerHarness server, RecordedClient client, string endpoints)
    {
        var added = (await client.CallAsync(HttpMethod.Put, $"{endpoints}/ep01", """
            {"WebServiceId":"x","EndpointName":"ep01","Description":"First","ThrottleLevel":"Low","MaxConcurrentCalls":4,"PreventUpdate":false}
            """))!;
        var patched = (await client.CallAsync(HttpMethod.Patch, $"{endpoints}/ep01", """{"Description":"Patched","ThrottleLevel":"High","MaxConcurrentCalls":100,"DiagnosticsTraceLevel":"All"}"""))!;
        Assert.Equal(("Patched", 100, "All"), ((string?)patched["Description"], (int?)patched["MaxConcurrentCalls"], (string?)patched["DiagnosticsTraceLevel"]));
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(HttpMethod.Post, $"{endpoints}/ep01/refresh", """{"OverwriteResources":"False"}""")).Status);
        Assert.Equal(2, (await client.CallAsync(HttpMethod.Get, endpoints))!.AsArray().Count);

        var withKey = RecordedClient.PowerShell(server, (string?)added["PrimaryKey"]);
        var scored = (await withKey.CallAsync(
            HttpMethod.Post, $"{added["ApiLocation"]}/execute?api-version=2.0&details=true", """{"Inputs":{"input1":{"ColumnNames":["x","y"],"Values":[["5","6"],["5","6"]]}},"GlobalParameters":{}}"""))!;
        Assert.Equal("""[["5","6"]]""", scored["Results"]!["output1"]!["value"]!["Values"]!.ToJsonString());
        await client.CallAsync(HttpMethod.Delete, $"{endpoints}/ep01");
        Assert.Equal("default", (string?)Assert.Single((await client.CallAsync(HttpMethod.Get, endpoints))!.AsArray())!["Name"]);
    }

    private static async Task BatchAsync(ServerHarness server, RecordedClient client, string address)
    {
        var endpoint = (await client.CallAsync(HttpMethod.Get, address))!;
        var withKey = RecordedClient.PowerShell(server, (string?)endpoint["PrimaryKey"]);
        server.WriteFile("in/rows.csv", "x,y\n7,8\n7,8\n9,9\n");

        // The module makes the other addresses of this one, by replacing its last part.
        var submit = $"{endpoint["ApiLocation"]}/jobs?api-version=2.0";
        var job = (await withKey.SendAsync(HttpMethod.Post, submit, $$"""
            {"GlobalParameters":{},"Inputs":{"input1":{"ConnectionString":"{{server.ConnectionString}}","RelativeLocation":"in/rows.csv"} },"Outputs":{"output1":{"ConnectionString":"{{server.ConnectionString}}","RelativeLocation":"/out/rows.csv"} } }
            """)).Text.Replace("\"", "", StringComparison.Ordinal);
        await withKey.CallAsync(HttpMethod.Post, submit.Replace("jobs?api-version=2.0", $"jobs/{job}/start?api-version=2.0", StringComparison.Ordinal), "");
        JsonNode status;
        do
        {
            Cancellation.ThrowIfCancellationRequested();
            status = (await withKey.CallAsync(HttpMethod.Get, submit.Replace("jobs?api-version=2.0", $"jobs/{job}?api-version=2.0", StringComparison.Ordinal)))!;
        }
        while ((string?)status["StatusCode"] is not ("Failed" or "Canceled" or "Finished"));
        Assert.Equal("Finished", (string?)status["StatusCode"]);
        Assert.Equal("x,y\n7,8\n9,9\n", server.ReadFile("out/rows.csv").ReplaceLineEndings("\n"));
    }
}
