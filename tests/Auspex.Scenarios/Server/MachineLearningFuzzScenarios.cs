using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>
/// Malformed calls of <c>Microsoft.MachineLearning</c>, of the Studio interface and of the classic management of web services, with model versions and
/// tokens: each gets Azure's error body, and none is a mistake of ours.
/// </summary>
public sealed class MachineLearningFuzzScenarios
{
    private const int Calls = 3000;
    private const string Group = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.MachineLearning";
    private const string Subscription = "/subscriptions/{subscription}/providers/Microsoft.MachineLearning";
    private const string Studio = "/api/workspaces/{workspace}";
    private const string Classic = "/workspaces/{workspace}/webservices";
    private const string Code = """{"Name": "f", "Type": "Code", "CodeBundle": {"InputSchema": {"a": {"type": "integer", "format": "int64"}}, "OutputSchema": {"result": {"type": "number"}}, "Language": "perl-5", "SourceCode": "x", "ZipContents": "UEsFBg=="}}""";

    private static readonly string[] ArmBodies =
    [
        """{"location": "x", "tags": {"a": "b"}, "properties": {"packageType": "Graph", "title": "t", "realtimeConfiguration": {"maxConcurrentCalls": 10}, "diagnostics": {"level": "None"}, "input": {"type": "object", "properties": {"input1": {"type": "object", "properties": {"x": {"type": "Number", "format": "Double"}}}}}, "output": {"type": "object", "properties": {}}, "assets": {"asset1": {"name": "M [trained model]", "type": "Resource", "locationInfo": {"uri": "http://127.0.0.1:1/c/m.ilearner", "credentials": "?sig=x"}}}, "parameters": {"p": {"value": "1"}}}}""",
        """{"location": "x", "properties": {"packageType": "Graph", "input": {"type": "object", "properties": {"input1": {"type": "object", "properties": {"x": {"type": "Number", "format": "Double"}}}}}, "output": {"type": "object", "properties": {"output1": {"type": "object", "properties": {}}}}, "exampleRequest": {"inputs": {"input1": [["1"]]}}, "assets": {"m": {"name": "Remove Duplicate Rows", "type": "Module", "locationInfo": {"uri": "aml://module/506153734175476c4f62416c57734963.02016f47e4c34a069ae516c747389e34.v1"}}}, "package": {"nodes": {"i": {"inputId": "input1"}, "n": {"assetId": "m", "parameters": {}}, "o": {"outputId": "output1"}}, "edges": [{"sourceNodeId": "i", "targetNodeId": "n", "targetPortId": "Dataset"}, {"sourceNodeId": "n", "sourcePortId": "Results dataset", "targetNodeId": "o"}], "graphParameters": {"p": {"type": "Int", "links": [{"nodeId": "n", "parameterKey": "k"}]}}}}}""",
        """{"location": "x", "sku": {"name": "S1", "tier": "Standard", "capacity": 1}, "properties": {"userStorageAccountId": "/subscriptions/s", "ownerEmail": "a@b", "sku": {"name": "x"}}}""",
        """{"destinationPlanId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearning/commitmentPlans/p"}""",
        """{"Resources": [{"Name": "M", "Location": {"BaseLocation": "http://127.0.0.1:1/", "RelativeLocation": "c/m.ilearner", "SasBlobToken": "?sig=x"}}]}""",
    ];

    private static readonly string[] StudioBodies =
    [
        """{"DataSource": {"Name": "N", "DataTypeId": "GenericCSV", "Description": "", "FamilyId": null, "Owner": "R"}, "UploadId": "u", "ClientPoll": true}""",
        """{"ExperimentId": "e", "ModuleNodeId": "n", "OutputName": "o", "TrainedModel": {"Name": "M", "DataTypeId": "ILearnerDotNet", "FamilyId": ""}}""",
        """{"Description": "E", "Summary": "", "IsDraft": true, "ParentExperimentId": null, "DisableNodesUpdate": false, "Category": "user", "ExperimentGraph": {"ModuleNodes": [{"Id": "1-1", "ModuleId": "506153734175476c4f62416c57734963.02016f47e4c34a069ae516c747389e34.v1", "ModuleParameters": [{"Name": "a", "Value": "b", "ValueType": "Literal", "LinkedGlobalParameter": "g", "ChildParameters": []}], "InputPortsInternal": [{"Name": "Dataset", "NodeId": "1-1", "DataSourceId": "d"}], "OutputPortsInternal": []}], "EdgesInternal": [{"SourceOutputPortId": "1-1:x", "DestinationInputPortId": "1-1:y"}], "SerializedClientData": "<x/>"}, "WebService": {"Inputs": [{"Id": "2", "PortId": "1-1:Dataset", "Name": "input1"}], "Outputs": [{"Id": "3", "PortId": "1-1:Results dataset", "Name": "output1"}], "Parameters": [{"Name": "g", "Value": "1", "ParameterDefinition": {"ParameterType": "Int", "HasDefaultValue": true, "DefaultValue": "1"}}]}}""",
        """{"Description": "E", "IsDraft": false, "ExperimentGraph": {"ModuleNodes": [{"Id": "1-1", "ModuleId": "x.4fbef0ab2c8e4a25b5c47be76eac33d6.y", "ModuleParameters": [{"Name": "Data", "Value": "x\n1\n", "ValueType": "Literal"}], "InputPortsInternal": [], "OutputPortsInternal": []}], "EdgesInternal": []}, "WebService": null}""",
    ];

    private static readonly string[] ClassicBodies =
    [
        """{"WebServiceId": "x", "EndpointName": "e", "Description": "d", "ThrottleLevel": "High", "MaxConcurrentCalls": 10, "PreventUpdate": "False"}""",
        """{"OverwriteResources": "True"}""",
        """{"Resources": [{"Name": "The model", "Location": {"BaseLocation": "http://127.0.0.1:1/", "RelativeLocation": "c/m.ilearner", "SasBlobToken": "?sig=x"}}], "Description": "d", "DiagnosticsTraceLevel": "All"}""",
        """{"role": "reader"}""",
        Code,
    ];

    private static readonly (string Method, string Path, string[] Bodies)[] Operations =
    [
        .. Crud("webServices"), .. Crud("workspaces"), .. Crud("commitmentPlans"),
        ("GET", "/providers/Microsoft.MachineLearning/operations", ArmBodies),
        ("GET", Subscription + "/locations/{name}/operationsStatus/{name}", ArmBodies),
        ("GET", Group + "/webServices/{name}/listKeys", ArmBodies),
        ("POST", Group + "/webServices/{name}/CreateRegionalBlob", ArmBodies),
        ("POST", Group + "/workspaces/{name}/listWorkspaceKeys", ArmBodies),
        ("POST", Group + "/workspaces/{name}/resyncStorageKeys", ArmBodies),
        ("GET", Group + "/commitmentPlans/{name}/commitmentAssociations", ArmBodies),
        ("GET", Group + "/commitmentPlans/{name}/commitmentAssociations/{name}", ArmBodies),
        ("POST", Group + "/commitmentPlans/{name}/commitmentAssociations/{name}/move", ArmBodies),
        ("GET", Group + "/commitmentPlans/{name}/usageHistory", ArmBodies),
        ("GET", Subscription + "/skus", ArmBodies),
        .. StudioOf("datasources"), .. StudioOf("trainedmodels"), .. StudioOf("transformmodules"),
        ("GET", Studio, StudioBodies), ("GET", Studio + "/users", StudioBodies), ("GET", Studio + "/modules", StudioBodies), ("GET", Studio + "/datatypes", StudioBodies),
        ("POST", "/api/resourceuploads/workspaces/{workspace}", StudioBodies),
        ("POST", "/api/blobuploads/workspaces/{workspace}", StudioBodies),
        ("GET", "/api/sharedaccess", StudioBodies),
        ("GET", Studio + "/experiments", StudioBodies), ("POST", Studio + "/experiments", StudioBodies), ("POST", Studio + "/experiments", StudioBodies),
        ("GET", Studio + "/experiments/{name}", StudioBodies), ("POST", Studio + "/experiments/{name}", StudioBodies), ("DELETE", Studio + "/experiments/{name}", StudioBodies),
        ("POST", Studio + "/experiments/{name}/cancel", StudioBodies), ("GET", Studio + "/experiments/{name}/annotations", StudioBodies),
        ("GET", Studio + "/experiments/{name}/outputdata/{name}/{name}", StudioBodies),
        ("POST", Studio + "/experiments/{name}/webservice", StudioBodies), ("GET", Studio + "/experiments/{name}/webservice", StudioBodies),
        ("GET", Classic, ClassicBodies), ("GET", Classic + "/{service}", ClassicBodies), ("PUT", Classic + "/{service}", ClassicBodies), ("DELETE", Classic + "/{name}", ClassicBodies),
        ("GET", Classic + "/{service}/endpoints", ClassicBodies), ("GET", Classic + "/{service}/endpoints/{name}", ClassicBodies),
        ("PUT", Classic + "/{service}/endpoints/{name}", ClassicBodies), ("PATCH", Classic + "/{service}/endpoints/{name}", ClassicBodies),
        ("PATCH", Classic + "/{service}/endpoints/{name}/gated", ClassicBodies), ("DELETE", Classic + "/{service}/endpoints/{name}", ClassicBodies),
        ("POST", Classic + "/{service}/endpoints/{name}/refresh", ClassicBodies), ("GET", Classic + "/{service}/endpoints/{name}/keys", ClassicBodies),
        ("POST", Classic + "/{service}/endpoints/{name}/keys/{name}/regenerate", ClassicBodies), ("GET", Classic + "/{service}/endpoints/{name}/apidocument", ClassicBodies),
        ("GET", "/api/auspex/models", ClassicBodies), ("GET", "/api/auspex/models/{name}/{name}", ClassicBodies), ("GET", "/api/auspex/models/{name}/{name}/compare", ClassicBodies),
        ("POST", "/api/auspex/models/{name}/{name}/rollback", ClassicBodies), ("POST", "/api/auspex/models/{name}/{name}/1/promote", ClassicBodies),
        ("GET", "/api/auspex/tokens", ClassicBodies), ("PUT", "/api/auspex/tokens/{name}", ClassicBodies), ("DELETE", "/api/auspex/tokens/{name}", ClassicBodies),
        ("PUT", "/api/auspex/webservices/{name}", ClassicBodies),
    ];

    [Fact]
    public async Task AnyCall_HoweverMalformed_GetsAzuresAnswer()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = "";
        await FuzzCalls.RunAsync(
            server,
            Calls,
            async () => service = await RestoreAsync(server),
            random => MakeRequest(random, server, service));
    }

    private static IEnumerable<(string, string, string[])> Crud(string kind) =>
    [
        ("GET", $"{Subscription}/{kind}", ArmBodies), ("GET", $"{Group}/{kind}", ArmBodies), ("GET", $"{Group}/{kind}/{{name}}", ArmBodies),
        ("PUT", $"{Group}/{kind}/{{name}}", ArmBodies), ("PATCH", $"{Group}/{kind}/{{name}}", ArmBodies), ("DELETE", $"{Group}/{kind}/{{name}}", ArmBodies),
    ];

    private static IEnumerable<(string, string, string[])> StudioOf(string kind) =>
    [
        ("GET", $"{Studio}/{kind}", StudioBodies), ("GET", $"{Studio}/{kind}/{{name}}", StudioBodies), ("POST", $"{Studio}/{kind}", StudioBodies),
        ("DELETE", $"{Studio}/{kind}/family/{{name}}", StudioBodies),
    ];

    // Calls delete things too, and then all that follow would only hear that nothing is there.
    private static async Task<string> RestoreAsync(ServerHarness server)
    {
        var root = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearning";
        await server.ManageAsync(HttpMethod.Put, $"{root}/webServices/p?api-version=2017-01-01", ArmBodies[0]);
        await server.ManageAsync(HttpMethod.Put, $"{root}/workspaces/p?api-version=2019-10-01", ArmBodies[2]);
        await server.ManageAsync(HttpMethod.Put, $"{root}/commitmentPlans/p?api-version=2016-05-01-preview", ArmBodies[2]);
        return (await server.PublishAsync("default", ServerHarness.Rowwise)).WebServiceId;
    }

    private static HttpRequestMessage MakeRequest(Random random, ServerHarness server, string service)
    {
        var (method, path, bodies) = FuzzCalls.Pick(random, Operations);
        var target = FuzzCalls.Fill(path, name => name switch
        {
            "workspace" when random.Next(10) > 0 => server.Server.WorkspaceId,
            "service" when random.Next(6) > 0 => service,
            _ => FuzzCalls.Pick(random, FuzzCalls.Names),
        }) + Query(random, path);
        method = random.Next(12) == 0 ? FuzzCalls.Pick(random, ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "QUERY"]) : method;
        var uri = new Uri(
            server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (random.Next(30) > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Server.SessionOwnerToken);
        }

        if (random.Next(8) == 0)
        {
            request.Headers.TryAddWithoutValidation(
                FuzzCalls.Pick(random, ["If-Match", "Prefer", "Accept", "x-ms-metaanalytics-authorizationtoken"]),
                FuzzCalls.Pick(random, ["*", "\"", "W/\"x\"", ",,,", "respond-async", server.Server.SessionOwnerToken]));
        }

        if (method is not "GET" && random.Next(10) > 0)
        {
            request.Content = new ByteArrayContent(FuzzCalls.Body(random, bodies));
            request.Content.Headers.TryAddWithoutValidation(
                "Content-Type", FuzzCalls.Pick(random, ["application/json", "application/json; charset=utf-16", "text/plain", "x/y/z", ""]));
        }

        return request;
    }

    private static string Query(Random random, string path)
    {
        var query = new StringBuilder("?");
        if (path.Contains("Microsoft.MachineLearning", StringComparison.Ordinal))
        {
            query.Append(random.Next(15) switch
            {
                0 => "",
                1 => "api-version=1999-01-01&",
                _ when path.Contains("/workspaces", StringComparison.Ordinal) => "api-version=2019-10-01&",
                _ when path.Contains("/webServices", StringComparison.Ordinal) && random.Next(2) == 0 => "api-version=2017-01-01&",
                _ => "api-version=2016-05-01-preview&",
            });
        }

        if (random.Next(4) == 0)
        {
            query.Append(FuzzCalls.Pick(random,
            [
                "$skiptoken=x", "$skiptoken=%00", "region=x", "$top=-1", "%FF=%FF", "&&&=", "signature=x", "signature=%00", "dataTypeId=Zip", "dataTypeId=%00",
                "blockId=-1&uploadId=x", "blockId=0&uploadId=%00&numberOfBlocks=1", "updateExistingWebService=true", "from=1&to=x", "left=1&right=2", "generateNewPortNames=maybe",
            ]));
        }

        return query.ToString();
    }
}
