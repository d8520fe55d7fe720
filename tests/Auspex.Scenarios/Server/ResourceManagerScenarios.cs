using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>Resources of Microsoft.MachineLearning, by the calls that no published client makes: templates, Data Factory, mistakes.</summary>
public sealed class ResourceManagerScenarios
{
    private const string Root = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearning";
    private const string Preview = "?api-version=2016-05-01-preview";
    private const string Stable = "?api-version=2017-01-01";

    [Fact]
    public async Task PublishedService_IsAResource_AndTakesEachFormOfUpdate()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("income", ServerHarness.Rowwise, bias: 1);
        var one = $"{Root}/webServices/income";

        var read = await server.ManageAsync(HttpMethod.Get, one + Preview);
        Assert.Equal(HttpStatusCode.OK, read.Status);
        Assert.Equal("The model", (string?)read.Json["properties"]!["assets"]!["asset1"]!["name"]);
        Assert.Equal("1", (string?)read.Json["properties"]!["parameters"]!["Amount"]);
        Assert.Equal("1", (string?)(await server.ManageAsync(HttpMethod.Get, one + Stable)).Json["properties"]!["parameters"]!["Amount"]!["value"]);
        var keys = (await server.ManageAsync(HttpMethod.Get, one + "/listKeys" + Stable)).Json;
        Assert.Equal(service.PrimaryKey, (string?)keys["primary"]);

        var first = await server.WriteModelAsync("models/first.ilearner", 10);
        var patched = await server.ManageAsync(HttpMethod.Patch, one + Preview, new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["packageType"] = "Graph",
                ["assets"] = new JsonObject
                {
                    ["asset1"] = new JsonObject
                    {
                        ["name"] = "The model",
                        ["type"] = "Resource",
                        ["locationInfo"] = new JsonObject { ["uri"] = $"{server.ConnectionString};{first}", ["credentials"] = "" },
                    },
                },
            },
        }.ToJsonString());
        Assert.True(patched.Status == HttpStatusCode.OK, patched.Text);
        Assert.DoesNotContain("FileRoot", patched.Text, StringComparison.Ordinal);
        Assert.Contains("""["1","11"]""", (await ScoreAsync()).Text, StringComparison.Ordinal);

        var second = await server.WriteModelAsync("models/second.ilearner", 20);
        var classic = await server.ManageAsync(HttpMethod.Patch, one + Preview, new JsonObject
        {
            ["Resources"] = new JsonArray(new JsonObject { ["Name"] = "The model", ["Location"] = server.Blob(second) }),
        }.ToJsonString());
        Assert.True(classic.Status == HttpStatusCode.OK, classic.Text);
        Assert.Contains("""["1","21"]""", (await ScoreAsync()).Text, StringComparison.Ordinal);

        var unknown = await server.ManageAsync(HttpMethod.Patch, one + Preview, """{"Resources": [{"Name": "Other", "Location": {"BaseLocation": "http://127.0.0.1:1/a/", "RelativeLocation": "b/c.ilearner"}}]}""");
        Assert.Equal((400, "BadRequest/ResourceNotFound"), ((int)unknown.Status, unknown.ErrorCode));
        await server.StopAsync();
        await server.StartAgainAsync();
        var again = await server.SendAsync(HttpMethod.Post, $"{new Uri(service.ApiLocation).AbsolutePath}/execute?api-version=2.0", service.PrimaryKey, """{"Inputs": {"input1": [{"x": 0}]}}""");
        Assert.Contains("""["1","21"]""", again.Text, StringComparison.Ordinal);

        Task<Answer> ScoreAsync() => server.ScoreAsync(service, """{"Inputs": {"input1": [{"x": 0}]}}""");
    }

    [Fact]
    public async Task Definition_UnknownModule_IsNamedWithItsNode_AndNothingIsWritten()
    {
        await using var server = await ServerHarness.StartAsync();
        var answer = await server.ManageAsync(HttpMethod.Put, $"{Root}/webServices/x{Stable}", """
            {"location": "x", "properties": {"PackageType": "Graph", "Assets": {"a": {"Name": "Mystery", "Type": "Module", "LocationInfo": {"Uri": "aml://module/a.b.c"}}},
             "Package": {"Nodes": {"n7": {"AssetId": "a"}}, "Edges": []}}}
            """);

        Assert.Equal((400, "WebServicePackageError/ModuleUnknown"), ((int)answer.Status, answer.ErrorCode));
        Assert.Contains("'Mystery' (node 'n7')", (string?)answer.Json["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await server.ManageAsync(HttpMethod.Get, $"{Root}/webServices/x{Stable}")).Status);
    }

    [Fact]
    public async Task LongRunningAnswer_WhenPreferred_CanBePolled()
    {
        await using var server = await ServerHarness.StartAsync();
        await server.PublishAsync("income", ServerHarness.Rowwise);
        var answer = await server.ManageAsync(HttpMethod.Post, $"{Root}/webServices/income/CreateRegionalBlob{Stable}&region=westeurope", "");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var status = await server.ManageAsync(HttpMethod.Get, answer.Headers["Azure-AsyncOperation"]);
        Assert.Equal(("Succeeded", "Succeeded"), ((string?)status.Json["status"], (string?)status.Json["provisioningState"]));
    }

    [Fact]
    public async Task Template_WorkspaceAndPlan_BearCapitals_AndServicesArePlansAssociations()
    {
        await using var server = await ServerHarness.StartAsync();
        var workspace = await server.ManageAsync(HttpMethod.Put, $"{Root}/workspaces/w?api-version=2016-04-01", """{"location": "x", "properties": {"UserStorageAccountId": "a", "OwnerEmail": "a@b"}}""");
        Assert.Equal(HttpStatusCode.OK, workspace.Status);
        Assert.Equal(("a", server.Server.WorkspaceId), ((string?)workspace.Json["properties"]!["UserStorageAccountId"], (string?)workspace.Json["properties"]!["WorkspaceId"]));

        foreach (var plan in (string[])["p", "q"])
        {
            Assert.Equal(HttpStatusCode.Created, (await server.ManageAsync(HttpMethod.Put, $"{Root}/commitmentPlans/{plan}{Preview}", """{"location": "x", "sku": {"name": "S1", "tier": "Standard", "capacity": 1}}""")).Status);
        }

        var put = await server.ManageAsync(HttpMethod.Put, $"{Root}/webServices/s{Stable}", $$"""{"location": "x", "properties": {"packageType": "Graph", "commitmentPlan": {"id": "{{Root}}/commitmentPlans/p"} } }""");
        Assert.Equal(HttpStatusCode.Created, put.Status);
        var associations = await server.ManageAsync(HttpMethod.Get, $"{Root}/commitmentPlans/p/commitmentAssociations{Preview}");
        Assert.Equal("s", (string?)Assert.Single(associations.Json["value"]!.AsArray())!["name"]);
        var moved = await server.ManageAsync(HttpMethod.Post, $"{Root}/commitmentPlans/p/commitmentAssociations/s/move{Preview}", $$"""{"destinationPlanId": "{{Root}}/commitmentPlans/q"}""");
        Assert.EndsWith("/commitmentPlans/q", (string?)moved.Json["properties"]!["commitmentPlanId"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "webServices/x", Stable, "[]", 400)]
    [InlineData("PUT", "webServices/x", Stable, "{}", 400)]
    [InlineData("PUT", "webServices/x", Stable, """{"location": "x"}""", 400)]
    [InlineData("PUT", "webServices/x", Stable, """{"location": "x", "properties": 1}""", 400)]
    [InlineData("PUT", "webServices/x", Stable, """{"location": "x", "properties": {"packageType": "Other"}}""", 400)]
    [InlineData("PUT", "webServices/x", Stable, """{"location": "x", "properties": {"packageType": "Graph", "package": {"nodes": 3}}}""", 400)]
    [InlineData("PUT", "webServices/x", Stable, """{"location": "x", "properties": {"packageType": "Graph", "package": {"nodes": {"n": null, "m": {"assetId": {}}}, "edges": [null, 1, {"sourceNodeId": []}], "graphParameters": {"g": 1}}}}""", 400)]
    [InlineData("PUT", "webServices/x", Stable, """{"location": "x", "properties": {"packageType": "Graph", "assets": {"a": 1}}}""", 400)]
    [InlineData("PUT", "webServices/x", Stable, """{"location": "x", "properties": {"packageType": "Graph", "realtimeConfiguration": {"maxConcurrentCalls": 3}}}""", 400)]
    [InlineData("PUT", "webServices/x", Stable, """{"location": "x", "tags": {"a": []}, "properties": {"packageType": "Graph"}}""", 400)]
    [InlineData("PUT", "webServices/x", "", "{}", 400)]
    [InlineData("PUT", "webServices/x", "?api-version=2015-01-01", "{}", 400)]
    [InlineData("PATCH", "webServices/x", Stable, """{"properties": {"packageType": "Graph"}}""", 404)]
    [InlineData("DELETE", "webServices/x", Stable, null, 204)]
    [InlineData("PUT", "workspaces/x", "?api-version=2019-10-01", """{"location": "x"}""", 400)]
    [InlineData("PUT", "workspaces/x", "?api-version=2019-10-01", """{"location": "x", "properties": {"userStorageAccountId": {}}}""", 400)]
    [InlineData("PUT", "commitmentPlans/x", Preview, """{"location": "x", "sku": {"capacity": "many"}}""", 400)]
    public async Task MalformedCalls_GetAzuresAnswer(string method, string path, string query, string? body, int status)
    {
        await using var server = await ServerHarness.StartAsync();
        var answer = await server.ManageAsync(new HttpMethod(method), $"{Root}/{path}{query}", body);

        Assert.True((int)answer.Status == status, $"{(int)answer.Status} {answer.Text}");
        if (status >= 400)
        {
            Assert.NotNull(answer.Json["error"]!["code"]);
        }
    }

    [Fact]
    public async Task EndpointKeys_Regenerated_TheOldOneIsRefused()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        var keys = $"{service.ManagementLocation}/default/keys";
        Assert.Equal(service.PrimaryKey, (string?)(await server.ManageAsync(HttpMethod.Get, keys)).Json["PrimaryKey"]);

        var renewed = await server.ManageAsync(HttpMethod.Post, keys + "/primary/regenerate");

        Assert.NotEqual(service.PrimaryKey, (string?)renewed.Json["PrimaryKey"]);
        Assert.Equal(service.SecondaryKey, (string?)renewed.Json["SecondaryKey"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.ScoreAsync(service, """{"Inputs": {"input1": [{"x": 0}]}}""")).Status);
        var third = await server.ManageAsync(HttpMethod.Post, keys + "/third/regenerate");
        Assert.Equal((400, "BadArgument/MissingKeys"), ((int)third.Status, third.ErrorCode));
        await server.ManageAsync(HttpMethod.Put, $"{service.ManagementLocation}/second", """{"PreventUpdate": true}""");
        var refresh = await server.ManageAsync(HttpMethod.Post, $"{service.ManagementLocation}/second/refresh", "{}");
        Assert.Equal((400, "InvalidOperation/UpdatePrevented"), ((int)refresh.Status, refresh.ErrorCode));
    }
}
