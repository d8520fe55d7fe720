using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>The Studio interface, each scenario the calls of one client in the order it makes them.</summary>
public sealed class StudioScenarios
{
    private const string Token = "x-ms-metaanalytics-authorizationtoken";
    private const string Modules = "506153734175476c4f62416c57734963";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Python_DataSetInBlocks_ListedReadUpdatedDeleted()
    {
        await using var server = await StartAsync();
        var root = $"/api/workspaces/{server.Server.WorkspaceId}";
        Assert.Equal("[]", await TextAsync(server, HttpMethod.Get, root + "/datasources"));

        var upload = (await JsonAsync(server, HttpMethod.Post, $"/api/resourceuploads/workspaces/{server.Server.WorkspaceId}/?userStorage=true&dataTypeId=GenericCSV", ""))!;
        foreach (var (block, text) in (IEnumerable<(int, string)>)[(0, "x,y\n1,"), (1, "2\n")])
        {
            var answer = await JsonAsync(server, HttpMethod.Post, $"/api/blobuploads/workspaces/{server.Server.WorkspaceId}/?numberOfBlocks=2&blockId={block}&uploadId={upload["Id"]}&dataTypeId=GenericCSV", text);
            Assert.Equal((string?)upload["Id"], (string?)answer!["Id"]);
        }

        var body = """{"DataSource": {"Name": "N", "DataTypeId": "GenericCSV", "Description": "d", "FamilyId": null, "Owner": "Python SDK", "SourceOrigin": "FromResourceUpload"}, "UploadId": "ID", "UploadedFromFileName": "", "ClientPoll": true}"""
            .Replace("ID", (string)upload["Id"]!, StringComparison.Ordinal);
        var id = (string)(await JsonAsync(server, HttpMethod.Post, root + "/datasources", body))!;
        var set = (await JsonAsync(server, HttpMethod.Get, $"{root}/datasources/{id}"))!;
        Assert.Equal(("N", "GenericCSV", "Python SDK", 8, "Complete"), (
            (string?)set["Name"], (string?)set["DataTypeId"], (string?)set["Owner"], (int?)set["Size"], (string?)set["SchemaStatus"]));
        Assert.Contains("\\/Date(", await TextAsync(server, HttpMethod.Get, $"{root}/datasources/{id}"), StringComparison.Ordinal);
        var place = set["DownloadLocation"]!;
        using var content = await server.Http.GetAsync($"{place["BaseUri"]}{place["Location"]}{place["AccessCredential"]}", Cancellation);
        Assert.Equal("x,y\n1,2\n", await content.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(server, HttpMethod.Post, root + "/datasources", body)).Status);
        var bad = await SendAsync(server, HttpMethod.Post, root + "/datasources", body.Replace("\"N\"", "\"a:b\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, bad.Status);
        Assert.Contains("forbidden characters", bad.Text, StringComparison.Ordinal);
        var next = (string)(await JsonAsync(server, HttpMethod.Post, root + "/datasources", body.Replace("\"FamilyId\": null", $"\"FamilyId\": \"{set["FamilyId"]}\"", StringComparison.Ordinal)))!;
        Assert.NotEqual(id, next);
        Assert.Equal(next, (string?)Assert.Single((await JsonAsync(server, HttpMethod.Get, root + "/datasources"))!.AsArray())!["Id"]);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(server, HttpMethod.Delete, $"{root}/datasources/family/{set["FamilyId"]}")).Status);
        Assert.Equal("[]", await TextAsync(server, HttpMethod.Get, root + "/datasources"));
    }

    [Fact]
    public async Task PowerShell_ExperimentSavedRunPromotedPublished_Scores()
    {
        await using var server = await StartAsync();
        var root = $"/api/workspaces/{server.Server.WorkspaceId}";
        var upload = (await JsonAsync(server, HttpMethod.Post, $"/api/resourceuploads/workspaces/{server.Server.WorkspaceId}/?userStorage=true&dataTypeId=GenericCSV", Rows()))!;
        var data = (string)(await JsonAsync(server, HttpMethod.Post, root + "/datasources", $$$"""{"DataSource": {"Name": "Rows", "DataTypeId": "GenericCSV", "FamilyId": ""}, "UploadId": "{{{upload["Id"]}}}"}"""))!;

        var training = await RunAsync(server, root, Save("Training", $$"""
            [ {{Node("1-1", "31960a6f789b4cf7b9a2c6d2f0b5fd3e", "", "Linear Regression")}},
              {{Node("1-2", "5cc7053eaa3047c398bc5aedb52d5d9c", "", "Train Model")}} ]
            """, "[]", "null"), expectsFailure: true);
        Assert.Contains("modules that this server does not know", (string?)training["Status"]!["StatusDetail"], StringComparison.Ordinal);

        var graph = $$"""
            [ { "Id": "2-1", "ModuleId": "{{Modules}}.{{await FamilyAsync(server, root, "Remove Duplicate Rows")}}.v1-default-1",
                "ModuleParameters": [ { "Name": "{{await SelectorAsync(server, root)}}", "Value": "{{Uri.EscapeDataString("""{"isFilter":true,"rules":[{"ruleType":"AllColumns","exclude":false}]}""")}}", "ValueType": "Literal", "LinkedGlobalParameter": null } ],
                "InputPortsInternal": [ { "Name": "Dataset", "NodeId": "2-1", "DataSourceId": "{{data}}", "TrainedModelId": null, "TransformModuleId": null } ],
                "OutputPortsInternal": [ { "Name": "Results dataset", "NodeId": "2-1", "OutputType": null } ] } ]
            """;
        var finished = await RunAsync(server, root, Save("Distinct", graph, "[]", """
            { "Inputs": [ { "Id": "2-8", "PortId": "2-1:Dataset", "Name": "input1" } ],
              "Outputs": [ { "Id": "2-9", "PortId": "2-1:Results dataset", "Name": "output1" } ], "Parameters": [] }
            """));
        var id = (string)finished["ExperimentId"]!;
        Assert.Equal("x,y\n1,2\n3,4\n", (await TextAsync(server, HttpMethod.Get, $"{root}/experiments/{id}/outputdata/2-1/Results%20dataset")).Replace("\r\n", "\n", StringComparison.Ordinal));
        var promoted = (string)(await JsonAsync(server, HttpMethod.Post, root + "/datasources", $$"""
            {"ExperimentId": "{{id}}", "ModuleNodeId": "2-1", "OutputName": "Results dataset", "DataSource": {"Name": "Distinct rows", "DataTypeId": "GenericCSV", "FamilyId": null} }
            """))!;
        Assert.Equal("FromOutputPromotion", (string?)(await JsonAsync(server, HttpMethod.Get, $"{root}/datasources/{promoted}"))!["SourceOrigin"]);

        var published = (await JsonAsync(server, HttpMethod.Post, $"{root}/experiments/{id}/webservice?generateNewPortNames=false", ""))!;
        var state = (await JsonAsync(server, HttpMethod.Get, $"{root}/experiments/{published["ActivityId"]}/webservice"))!;
        Assert.Equal("Completed", (string?)state["Status"]);
        var service = await server.ManageAsync(HttpMethod.Get, $"/workspaces/{server.Server.WorkspaceId}/webservices/{state["WebServiceGroupId"]}");
        Assert.Equal("Distinct", (string?)service.Json["Name"]);
        var endpoint = (await server.ManageAsync(HttpMethod.Get, $"/workspaces/{server.Server.WorkspaceId}/webservices/{state["WebServiceGroupId"]}/endpoints/default")).Json;
        var scored = await server.SendAsync(
            HttpMethod.Post, $"{endpoint["ApiLocation"]}/execute?api-version=2.0", (string?)endpoint["PrimaryKey"], """{"Inputs": {"input1": {"ColumnNames": ["x", "y"], "Values": [["5", "6"], ["5", "6"]]}}}""");
        Assert.Contains("""[["5","6"]]""", scored.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R_Lists_HaveWhatItBinds_AndWrongTokensAreRefused()
    {
        await using var server = await StartAsync();
        var root = $"/api/workspaces/{server.Server.WorkspaceId}";
        var saved = (await JsonAsync(server, HttpMethod.Post, root + "/experiments/", Save("Draft", "[]", "[]", "null", isDraft: true)))!;

        var listed = Assert.Single((await JsonAsync(server, HttpMethod.Get, root + "/experiments"))!.AsArray())!.AsObject();
        Assert.Equal(["StatusCode", "StatusDetail", "CreationTime", "StartTime", "EndTime", "Metadata"], listed["Status"]!.AsObject().Select(member => member.Key));
        Assert.Equal(("InDraft", "user"), ((string?)listed["Status"]!["StatusCode"], (string?)listed["Category"]));
        Assert.False(listed.ContainsKey("Graph"));
        var full = (await JsonAsync(server, HttpMethod.Get, $"{root}/experiments/{saved["ExperimentId"]}"))!.AsObject();
        Assert.True(full.ContainsKey("Graph") && full.ContainsKey("WebService"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Get, root + "/datasources", null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(server, HttpMethod.Get, "/api/workspaces/00000000000000000000000000000000/datasources")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(server, HttpMethod.Get, $"{root}/datasources/none")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(server, HttpMethod.Post, $"{root}/experiments", """{"Description": "a "quoted" name"}""")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(server, HttpMethod.Get, "/api/sharedaccess?signature=x")).Status);
        Assert.NotEmpty((await JsonAsync(server, HttpMethod.Get, root + "/modules"))!.AsArray());
        Assert.Equal(server.Server.WorkspaceId, (string?)(await JsonAsync(server, HttpMethod.Get, root))!["WorkspaceId"]);
    }

    private static Task<ServerHarness> StartAsync() => ServerHarness.StartAsync(options => options with { Modules = null });

    private static string Rows() => "x,y\n1,2\n1,2\n3,4\n";

    private static string Node(string id, string family, string parameters, string comment) => $$"""
        { "Id": "{{id}}", "ModuleId": "{{Modules}}.{{family}}.v1-default-1", "Comment": "{{comment}}", "ModuleParameters": [{{parameters}}], "InputPortsInternal": [], "OutputPortsInternal": [] }
        """;

    private static string Save(string name, string nodes, string edges, string service, bool isDraft = false) => $$"""
        { "Description": "{{name}}", "Summary": "", "IsDraft": {{(isDraft ? "true" : "false")}}, "ParentExperimentId": "", "DisableNodeUpdate": false, "Category": "user",
          "ExperimentGraph": { "ModuleNodes": {{nodes}}, "EdgesInternal": {{edges}}, "SerializedClientData": "<?xml version='1.0' encoding='utf-16'?><DataV1 />" }, "WebService": {{service}} }
        """;

    private static async Task<string> FamilyAsync(ServerHarness server, string root, string module) =>
        (string)(await ModuleAsync(server, root, module))["FamilyId"]!;

    private static async Task<string> SelectorAsync(ServerHarness server, string root) =>
        (string)(await ModuleAsync(server, root, "Remove Duplicate Rows"))["ModuleInterface"]!["Parameters"]!.AsArray()
            .First(parameter => (string?)parameter!["ParameterType"] == "ColumnPicker")!["Name"]!;

    private static async Task<JsonNode> ModuleAsync(ServerHarness server, string root, string name) =>
        (await JsonAsync(server, HttpMethod.Get, root + "/modules"))!.AsArray().First(module => (string?)module!["Name"] == name)!;

    private static async Task<JsonNode> RunAsync(ServerHarness server, string root, string body, bool expectsFailure = false)
    {
        var saved = (await JsonAsync(server, HttpMethod.Post, root + "/experiments", body))!;
        while (true)
        {
            var experiment = (await JsonAsync(server, HttpMethod.Get, $"{root}/experiments/{saved["ExperimentId"]}"))!;
            var code = (string?)experiment["Status"]!["StatusCode"];
            if (code is "Finished" or "Failed")
            {
                Assert.True((code == "Failed") == expectsFailure, experiment["Status"]!.ToJsonString());
                return experiment;
            }
        }
    }

    private static async Task<JsonNode?> JsonAsync(ServerHarness server, HttpMethod method, string url, string? body = null) =>
        JsonNode.Parse(await TextAsync(server, method, url, body));

    private static async Task<string> TextAsync(ServerHarness server, HttpMethod method, string url, string? body = null)
    {
        var answer = await SendAsync(server, method, url, body);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{method} {url}: {(int)answer.Status} {answer.Text}");
        return answer.Text;
    }

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(ServerHarness server, HttpMethod method, string url, string? body = null)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.TryAddWithoutValidation(Token, server.Server.SessionOwnerToken);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json;charset=UTF8");
        }

        using var response = await server.Http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }
}
