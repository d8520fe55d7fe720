using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Experiments.Catalog;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>Experiments that leave a workspace: packed, as a definition; and people who are invited. The calls are those of the PowerShell module.</summary>
public sealed class StudioPackageScenarios
{
    private static readonly ModuleCatalog Modules = ModuleCatalog.CreateDefault();

    [Fact]
    public async Task Experiment_PackedHere_UnpackedOnAnotherServer_RunsThere()
    {
        await using var here = await StartAsync();
        await using var there = await StartAsync();
        var (source, target) = (RecordedClient.PowerShell(here), RecordedClient.PowerShell(there));
        var data = await UploadAsync(source, "Rows", "x,y\n1,2\n1,2\n3,4\n");
        var lookup = await UploadAsync(source, "Lookup", "x\tz\n1\t5\n3\t6\n", "GenericTSV");
        var saved = (await source.CallAsync(HttpMethod.Post, source.Studio + "/experiments/", Graph(data, lookup, isDraft: true)))!;

        var packing = (await source.CallAsync(
            HttpMethod.Post, $"{source.Studio}/packages?api-version=2.0&experimentid={saved["ExperimentId"]}/&clearCredentials=true&includeAuthorId=false", ""))!;
        packing = await PollAsync(source, $"packageActivityId={packing["ActivityId"]}");
        Assert.Equal((3, 0), ((int?)packing["ItemsComplete"], (int?)packing["ItemsPending"]));
        var location = (string)packing["Location"]!;
        await UploadAsync(target, "Rows", "x,y\n9,9\n");
        var unpacking = (await target.CallAsync(
            HttpMethod.Put, $"{target.Studio}/packages?api-version=2.0&packageUri={Uri.EscapeDataString(location)}&region=SouthCentralUS"))!;
        unpacking = await PollAsync(target, $"unpackActivityId={unpacking["ActivityId"]}");

        var listed = Assert.Single((await target.CallAsync(HttpMethod.Get, target.Studio + "/experiments"))!.AsArray())!;
        Assert.Equal(((string?)unpacking["ExperimentId"], "Joined", "InDraft"), ((string?)listed["ExperimentId"], (string?)listed["Description"], (string?)listed["Status"]!["StatusCode"]));
        var experiment = (await target.CallAsync(HttpMethod.Get, $"{target.Studio}/experiments/{listed["ExperimentId"]}"))!;
        Assert.DoesNotContain("hunter2", experiment.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(data, experiment.ToJsonString(), StringComparison.Ordinal);
        var sets = (await target.CallAsync(HttpMethod.Get, target.Studio + "/datasources"))!.AsArray();
        Assert.Equal(["Lookup", "Rows", "Rows (2)"], sets.Select(set => (string?)set!["Name"]).Order(StringComparer.Ordinal));
        Assert.Contains((string)sets.Single(set => (string?)set!["Name"] == "Rows (2)")!["Id"]!, (string)experiment["Graph"]!["SerializedClientData"]!, StringComparison.Ordinal);

        var ran = await RunAsync(target, experiment);
        Assert.Equal("x,y,z\n1,2,5\n1,2,5\n3,4,6\n", (await target.SendAsync(
            HttpMethod.Get, $"{target.Studio}/experiments/{ran["ExperimentId"]}/outputdata/2-1/Results%20dataset")).Text.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Experiment_UnpackedInItsOwnWorkspace_SharesItsAssets()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.PowerShell(server);
        var (data, lookup) = (await UploadAsync(client, "Rows", "x,y\n1,2\n"), await UploadAsync(client, "Lookup", "x\tz\n1\t5\n", "GenericTSV"));
        var saved = (await client.CallAsync(HttpMethod.Post, client.Studio + "/experiments/", Graph(data, lookup, isDraft: true)))!;
        var packing = (await client.CallAsync(HttpMethod.Post, $"{client.Studio}/packages?api-version=2.0&experimentid={saved["ExperimentId"]}/&clearCredentials=false&includeAuthorId=false", ""))!;

        await client.CallAsync(HttpMethod.Put, $"{client.Studio}/packages?api-version=2.0&packageUri={Uri.EscapeDataString((string)packing["Location"]!)}");

        var listed = (await client.CallAsync(HttpMethod.Get, client.Studio + "/experiments"))!.AsArray();
        Assert.Equal(2, listed.Count);
        var copy = listed.Single(experiment => (string?)experiment!["ExperimentId"] != (string?)saved["ExperimentId"])!;
        var graph = (await client.CallAsync(HttpMethod.Get, $"{client.Studio}/experiments/{copy["ExperimentId"]}"))!.ToJsonString();
        Assert.Contains("hunter2", graph, StringComparison.Ordinal);
        Assert.Contains(data, graph, StringComparison.Ordinal);
        Assert.Equal(2, (await client.CallAsync(HttpMethod.Get, client.Studio + "/datasources"))!.AsArray().Count);
    }

    [Fact]
    public async Task Packages_ThatAreNone_AreRefusedWithReasons()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.PowerShell(server);
        server.WriteFile("bad.zip", "no archive");
        using (var zip = ZipFile.Open(Path.Combine(server.Files, "empty.zip"), ZipArchiveMode.Create))
        {
            zip.CreateEntry("readme.txt");
        }

        foreach (var (query, expected) in (IEnumerable<(string, string)>)
        [
            ("packageUri=" + Uri.EscapeDataString($"{server.ConnectionString};bad.zip"), "no ZIP archive"),
            ("packageUri=" + Uri.EscapeDataString($"{server.ConnectionString};empty.zip"), "no experiment.json"),
            ("packageUri=" + Uri.EscapeDataString($"{server.ConnectionString};none.zip"), "cannot be read"),
            ("packageUri=nowhere", "packageUri"),
            ("communityUri=x", "'packageUri' is missing"),
        ])
        {
            var (status, text) = await client.SendAsync(HttpMethod.Put, $"{client.Studio}/packages?api-version=2.0&{query}");
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(HttpMethod.Get, $"{client.Studio}/packages?packageActivityId=none")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(HttpMethod.Post, $"{client.Studio}/packages?experimentid=none/", "")).Status);
    }

    [Fact]
    public async Task Definition_ExportedOfAnExperimentThatRan_CanBePutAndScores()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.PowerShell(server);
        var (data, lookup) = (await UploadAsync(client, "Rows", "x,y\n1,2\n3,4\n"), await UploadAsync(client, "Lookup", "x\tz\n1\t5\n3\t6\n", "GenericTSV"));
        var saved = (await client.CallAsync(HttpMethod.Post, client.Studio + "/experiments/", Graph(data, lookup, isDraft: true)))!;
        var address = $"{client.Studio}/experiments/{saved["ExperimentId"]}";
        var early = await client.SendAsync(HttpMethod.Get, address + "/webservicedefinition");
        await RunAsync(client, (await client.CallAsync(HttpMethod.Get, address))!);

        var definition = (await client.CallAsync(HttpMethod.Get, address + "/webservicedefinition"))!;

        Assert.Equal((HttpStatusCode.BadRequest, true), (early.Status, early.Text.Contains("ExperimentNotFinished", StringComparison.Ordinal)));
        var properties = definition["properties"]!;
        Assert.Equal(("Graph", "Joined"), ((string?)properties["packageType"], (string?)properties["title"]));
        Assert.Equal(["x", "y"], properties["input"]!["properties"]!["input1"]!["properties"]!.AsObject().Select(column => column.Key));
        Assert.Equal(["x", "y", "z"], properties["output"]!["properties"]!["output1"]!["properties"]!.AsObject().Select(column => column.Key));
        Assert.Equal("""[["1","2"]]""", properties["exampleRequest"]!["inputs"]!["input1"]!.ToJsonString());
        Assert.DoesNotContain("hunter2", definition.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(data, definition.ToJsonString(), StringComparison.Ordinal);
        var asset = properties["assets"]!.AsObject().Single(asset => (string?)asset.Value!["type"] == "Resource").Value!;
        Assert.Equal("Lookup", (string?)asset["name"]);
        Assert.Equal(2, properties["assets"]!.AsObject().Count);

        definition["properties"]!["storageAccount"] = new JsonObject { ["name"] = "s", ["key"] = "k" };
        var resource = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.MachineLearning/webServices/exported?api-version=2017-01-01";
        var put = await server.ManageAsync(HttpMethod.Put, resource, definition.ToJsonString());
        Assert.True(put.Status is HttpStatusCode.Created or HttpStatusCode.OK, put.Text);
        var key = (string?)(await server.ManageAsync(HttpMethod.Get, resource.Replace("?", "/listKeys?", StringComparison.Ordinal))).Json["primary"];
        var swagger = (string)put.Json["properties"]!["swaggerLocation"]!;
        var scored = await server.SendAsync(
            HttpMethod.Post,
            new Uri(swagger).AbsolutePath.Replace("swagger.json", "execute?api-version=2.0", StringComparison.Ordinal),
            key,
            """{"Inputs": {"input1": {"ColumnNames": ["x", "y"], "Values": [["3", "8"]]}}}""");
        Assert.Contains("""[["3","8","6"]]""", scored.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invitations_WithoutQuotes_AreKeptListedAndTakenBack()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.PowerShell(server);

        var results = (await client.CallAsync(HttpMethod.Post, client.Studio + "/invitations", """{Role: "User", Emails: "a@b.example, nobody"}"""))!.AsArray();
        await client.CallAsync(HttpMethod.Post, client.Studio + "/invitations", """{"Role": "Owner", "Emails": "A@B.example"}""");
        var users = (await client.CallAsync(HttpMethod.Get, client.Studio + "/users"))!.AsArray();

        Assert.Equal([("a@b.example", false), ("nobody", true)], results.Select(result => ((string)result!["Email"]!, (bool)result["Failed"]!)));
        Assert.Equal(["Active Owner ", "Invited Owner A@B.example"], users.Select(user => $"{user!["Status"]} {user["User"]!["Role"]} {user["User"]!["Email"]}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(HttpMethod.Post, client.Studio + "/invitations", """{Role: "King", Emails: "a@b.example"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(HttpMethod.Post, client.Studio + "/invitations", "{Role: ")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(HttpMethod.Post, client.Studio + "/invitations", """{Role: "User", Emails: ""}""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await client.SendAsync(HttpMethod.Delete, client.Studio + "/invitations/a@b.example")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(HttpMethod.Delete, client.Studio + "/invitations/a@b.example")).Status);
        Assert.Single((await client.CallAsync(HttpMethod.Get, client.Studio + "/users"))!.AsArray());
    }

    private static Task<ServerHarness> StartAsync() => ServerHarness.StartAsync(options => options with { Modules = Modules });

    private static async Task<JsonNode> PollAsync(RecordedClient client, string query)
    {
        JsonNode activity;
        do
        {
            activity = (await client.CallAsync(HttpMethod.Get, $"{client.Studio}/packages?{query}"))!;
        }
        while ((string?)activity["Status"] != "Complete");
        return activity;
    }

    private static async Task<JsonNode> RunAsync(RecordedClient client, JsonNode experiment)
    {
        var address = $"{client.Studio}/experiments/{experiment["ExperimentId"]}";
        await client.CallAsync(HttpMethod.Post, address, new JsonObject
        {
            ["Description"] = (string?)experiment["Description"],
            ["IsDraft"] = false,
            ["ExperimentGraph"] = experiment["Graph"]!.DeepClone(),
            ["WebService"] = experiment["WebService"]?.DeepClone(),
        }.ToJsonString());
        while (true)
        {
            var now = (await client.CallAsync(HttpMethod.Get, address))!;
            if ((string?)now["Status"]!["StatusCode"] is "Finished" or "Failed")
            {
                Assert.True((string?)now["Status"]!["StatusCode"] == "Finished", now["Status"]!.ToJsonString());
                return now;
            }
        }
    }

    /// <summary>Joins rows with a lookup by x; the rows come from callers. A parameter of an earlier release holds a password.</summary>
    private static string Graph(string data, string lookup, bool isDraft)
    {
        Assert.True(Modules.TryFind("Apply SQL Transformation", out var sql));
        var script = sql.Descriptor.Parameters.First(parameter => parameter.Name.Contains("Script", StringComparison.OrdinalIgnoreCase));
        return $$"""
            { "Description": "Joined", "Summary": "s", "IsDraft": {{(isDraft ? "true" : "false")}}, "ParentExperimentId": "", "Category": "user",
              "ExperimentGraph": {
                "ModuleNodes": [ { "Id": "2-1", "ModuleId": "506153734175476c4f62416c57734963.{{sql.Descriptor.FamilyId}}.v1-default-1",
                  "ModuleParameters": [
                    { "Name": "{{script.GraphName ?? script.Name}}", "Value": "select t1.x, t1.y, t2.z from t1 join t2 on t1.x = t2.x order by t1.x", "ValueType": "Literal", "LinkedGlobalParameter": null },
                    { "Name": "Old password", "Value": "hunter2", "ValueType": "Literal", "LinkedGlobalParameter": null } ],
                  "InputPortsInternal": [
                    { "Name": "{{sql.Descriptor.Inputs[0].Name}}", "NodeId": "2-1", "DataSourceId": "{{data}}", "TrainedModelId": null, "TransformModuleId": null },
                    { "Name": "{{sql.Descriptor.Inputs[1].Name}}", "NodeId": "2-1", "DataSourceId": "{{lookup}}", "TrainedModelId": null, "TransformModuleId": null } ],
                  "OutputPortsInternal": [ { "Name": "{{sql.Descriptor.Outputs[0].Name}}", "NodeId": "2-1", "OutputType": null } ] } ],
                "EdgesInternal": [],
                "SerializedClientData": "<?xml version='1.0' encoding='utf-16'?><DataV1><Meta /><NodePositions><NodePosition Node='2-1' Position='1,2,3,4'/><NodePosition Node='{{data}}' Position='1,2,3,4'/></NodePositions><NodeGroups /></DataV1>" },
              "WebService": { "IsWebServiceExperiment": true, "Inputs": [ { "Id": "2-8", "PortId": "2-1:{{sql.Descriptor.Inputs[0].Name}}", "Name": "input1" } ],
                "Outputs": [ { "Id": "2-9", "PortId": "2-1:{{sql.Descriptor.Outputs[0].Name}}", "Name": "output1" } ], "Parameters": [] } }
            """;
    }

    private static async Task<string> UploadAsync(RecordedClient client, string name, string text, string type = "GenericCSV")
    {
        var (_, bytes) = await client.SendBytesAsync(
            HttpMethod.Post, $"/api/resourceuploads/workspaces/{client.Workspace}/?userStorage=true&dataTypeId={type}", Encoding.UTF8.GetBytes(text), "");
        return (string)(await client.CallAsync(HttpMethod.Post, client.Studio + "/datasources", $$$"""
            {"DataSource": {"Name":"{{{name}}}", "DataTypeId":"{{{type}}}", "FamilyId":""}, "UploadId": "{{{JsonNode.Parse(bytes)!["Id"]}}}"}
            """))!;
    }
}
