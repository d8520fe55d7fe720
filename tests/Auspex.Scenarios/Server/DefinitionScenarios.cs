using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>The management interface over HTTP: factories and their definitions.</summary>
public sealed class DefinitionScenarios
{
    private const string Version = "?api-version=2018-06-01";
    private const string Group = "/subscriptions/s/resourceGroups/g/providers/Microsoft.DataFactory/factories";
    private const string Root = Group + "/made-here";

    private const string Wait = """
        {"properties": {"activities": [{"name": "Rest", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1.0, "unknown": [1e2, "é"]}}],
          "parameters": {"p": {"type": "string", "defaultValue": "x"}}}, "extra": {"kept": true}}
        """;

    private const string Storage = """
        {"properties": {"type": "AzureBlobStorage", "typeProperties": {"connectionString": {"type": "SecureString", "value": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0;"}}}}
        """;

    private const string Blob = """
        {"properties": {"type": "DelimitedText", "linkedServiceName": {"referenceName": "storage", "type": "LinkedServiceReference"}, "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "container": "c"}}}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Factory_MadeByAClient_IsKeptAsAGitFolderAndDeleted()
    {
        await using var server = await ServerHarness.StartAsync();

        var made = await server.ManageAsync(HttpMethod.Put, Root + Version, """{"location": "here", "tags": {"a": "b"}, "properties": {}}""");
        Assert.Equal((HttpStatusCode.OK, "Succeeded"), (made.Status, (string?)made.Json["properties"]!["provisioningState"]));
        Assert.Equal((Root, "made-here", "here", "b"), (
            (string?)made.Json["id"], (string?)made.Json["name"], (string?)made.Json["location"], (string?)made.Json["tags"]!["a"]));
        Assert.Matches("^\"[0-9a-f-]{36}\"$", (string)made.Json["eTag"]!);
        await server.ManageAsync(HttpMethod.Patch, Root + Version, """{"tags": {"c": "d"}}""");
        var pipeline = await server.ManageAsync(HttpMethod.Put, $"{Root}/pipelines/rest{Version}", Wait);
        Assert.Equal(HttpStatusCode.OK, pipeline.Status);

        await server.StopAsync();
        await server.StartAgainAsync();

        var read = await server.ManageAsync(HttpMethod.Get, Root.ToUpperInvariant() + Version);
        Assert.Equal(("d", "here"), ((string?)read.Json["tags"]!["c"], (string?)read.Json["location"]));
        var again = await server.ManageAsync(HttpMethod.Get, $"{Root}/PIPELINES/REST{Version}");
        Assert.Equal(pipeline.Text, again.Text.Replace(Root.ToUpperInvariant(), Root, StringComparison.Ordinal));
        Assert.Contains("\"waitTimeInSeconds\":1.0", again.Text, StringComparison.Ordinal);
        Assert.Contains("[1e2,\"é\"]", again.Text, StringComparison.Ordinal);
        Assert.True((bool?)again.Json["extra"]!["kept"]);
        var listed = await server.ManageAsync(HttpMethod.Get, Group + Version);
        Assert.Contains(listed.Json["value"]!.AsArray(), factory => (string?)factory!["name"] == "made-here");

        Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Delete, Root + Version)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await server.ManageAsync(HttpMethod.Delete, Root + Version)).Status);
        Assert.Equal("ResourceNotFound", Code(await server.ManageAsync(HttpMethod.Get, Root + Version)));
    }

    [Fact]
    public async Task Definitions_GoIntoTheGivenGitFolder_AndBack()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { FactoryFolder = MakeFactory(options.DataFolder) });
        var root = server.Server.FactoryId;

        var put = await server.ManageAsync(HttpMethod.Put, $"{root}/pipelines/new one{Version}", Wait);
        Assert.Equal(HttpStatusCode.OK, put.Status);
        Assert.Equal($"{root}/pipelines/new one", (string?)put.Json["id"]);

        var file = Path.Combine(server.Folder, "factory", "pipelines", "new one.json");
        var written = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!;
        Assert.Equal("new one", (string?)written["name"]);
        Assert.Equal(["new one.json", "old.json"], Directory.GetFileSystemEntries(Path.GetDirectoryName(file)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Get, $"{root}/pipelines/old{Version}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Delete, $"{root}/pipelines/new one{Version}")).Status);
        Assert.False(File.Exists(file));
        Assert.Equal("FactoryGivenAtStart", Code(await server.ManageAsync(HttpMethod.Delete, root + Version)));
    }

    [Fact]
    public async Task ETags_Guard_AgainstLostUpdates()
    {
        await using var server = await MadeAsync();
        var address = $"{Root}/pipelines/p{Version}";

        Assert.Equal(412, (int)(await SendAsync(server, HttpMethod.Put, address, Wait, ("If-Match", "*"))).Status);
        var first = await SendAsync(server, HttpMethod.Put, address, Wait, ("If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, first.Status);
        var tag = (string)first.Json["etag"]!;
        Assert.Equal(412, (int)(await SendAsync(server, HttpMethod.Put, address, Wait, ("If-None-Match", "*"))).Status);
        Assert.Equal(304, (int)(await SendAsync(server, HttpMethod.Get, address, null, ("If-None-Match", tag))).Status);
        Assert.Equal(304, (int)(await SendAsync(server, HttpMethod.Get, address, null, ("If-None-Match", $"\"{tag}\""))).Status);

        var changed = await SendAsync(
            server, HttpMethod.Put, address, Wait.Replace("\"x\"", "\"y\"", StringComparison.Ordinal), ("If-Match", $"\"{tag}\""));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.NotEqual(tag, (string?)changed.Json["etag"]);
        var lost = await SendAsync(server, HttpMethod.Put, address, Wait, ("If-Match", tag));
        Assert.Equal((412, "PreconditionFailed"), ((int)lost.Status, Code(lost)));
        Assert.Equal(412, (int)(await SendAsync(server, HttpMethod.Delete, address, null, ("If-Match", tag))).Status);
        Assert.Equal("y", (string?)(await server.ManageAsync(HttpMethod.Get, address)).Json["properties"]!["parameters"]!["p"]!["defaultValue"]);
    }

    [Fact]
    public async Task Secrets_OfALinkedService_AreNeverShownNorInTheFolder()
    {
        await using var server = await MadeAsync();
        var address = $"{Root}/linkedservices/storage{Version}";

        var put = await server.ManageAsync(HttpMethod.Put, address, Storage);
        Assert.Equal("**********", (string?)put.Json["properties"]!["typeProperties"]!["connectionString"]!["value"]);
        var file = Directory.EnumerateFiles(Path.Combine(server.Folder, "data", "factories"), "storage.json", SearchOption.AllDirectories).Single();
        Assert.DoesNotContain("c2VjcmV0", await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);
        Assert.Equal("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0;", SecretOf(server));

        // Read, edited and written back, as clients do: the secret stays.
        var read = (await server.ManageAsync(HttpMethod.Get, address)).Json;
        read["properties"]!["description"] = "edited";
        await server.ManageAsync(HttpMethod.Put, address, read.ToJsonString());
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.EndsWith("AccountKey=c2VjcmV0;", SecretOf(server), StringComparison.Ordinal);

        var before = (string?)(await server.ManageAsync(HttpMethod.Get, address)).Json["etag"];
        var other = await server.ManageAsync(
            HttpMethod.Put, address, read.ToJsonString().Replace("**********", "AccountName=a;AccountKey=b3RoZXI=;", StringComparison.Ordinal));
        Assert.NotEqual(before, (string?)other.Json["etag"]);
        Assert.DoesNotContain("b3RoZXI", other.Text, StringComparison.Ordinal);
        await server.ManageAsync(HttpMethod.Delete, address);
        Assert.Null(SecretOf(server));
    }

    [Fact]
    public async Task Write_WhatAzureRefuses_IsRefusedInItsForm()
    {
        await using var server = await MadeAsync();

        var missing = await server.ManageAsync(HttpMethod.Put, $"{Root}/datasets/blob{Version}", Blob);
        Assert.Equal((400, "BadRequest"), ((int)missing.Status, Code(missing)));
        Assert.Equal(
            "The document creation or update failed because of invalid reference 'storage'.", (string?)missing.Json["error"]!["message"]);
        await server.ManageAsync(HttpMethod.Put, $"{Root}/linkedservices/storage{Version}", Storage);
        Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Put, $"{Root}/datasets/blob{Version}", Blob)).Status);
        var used = await server.ManageAsync(HttpMethod.Delete, $"{Root}/linkedservices/STORAGE{Version}");
        Assert.Equal(
            (400, "The document cannot be deleted since it is referenced by blob."),
            ((int)used.Status, (string?)used.Json["error"]!["message"]));

        Assert.Equal("InvalidResourceName", Code(await server.ManageAsync(HttpMethod.Put, $"{Root}/pipelines/a.b{Version}", Wait)));
        Assert.Equal("InvalidResourceName", Code(await server.ManageAsync(HttpMethod.Put, $"{Group}/a_b{Version}", "{}")));
        Assert.Equal("BadRequest", Code(await server.ManageAsync(HttpMethod.Put, $"{Root}/pipelines/a{Version}", "{}")));
        Assert.Equal("BadRequest", Code(await server.ManageAsync(HttpMethod.Put, $"{Root}/linkedservices/a{Version}", """{"properties": {}}""")));
        Assert.Equal("BadRequest", Code(await server.ManageAsync(HttpMethod.Put, $"{Root}/pipelines/a{Version}", """{"properties": {"activities": [{"name": "a", "type": "Wait"}, {"name": "A", "type": "Wait"}]}}""")));
        Assert.Equal("MissingApiVersionParameter", Code(await server.ManageAsync(HttpMethod.Get, $"{Root}/pipelines")));
        Assert.Equal("InvalidApiVersionParameter", Code(await server.ManageAsync(HttpMethod.Get, $"{Root}/pipelines?api-version=1999-01-01")));
        Assert.Equal("AuthenticationFailed", Code(await server.SendAsync(HttpMethod.Get, $"{Root}/pipelines{Version}", "wrong")));
    }

    [Fact]
    public async Task GlobalParametersAndRuntimes_AnswerAsTheService()
    {
        await using var server = await MadeAsync();

        var put = await server.ManageAsync(
            HttpMethod.Put, $"{Root}/globalParameters/default{Version}", """{"properties": {"limit": {"type": "int", "value": 3}}}""");
        Assert.Equal("Int", (string?)put.Json["properties"]!["limit"]!["type"]);
        Assert.Equal(3, (int?)server.Server.Definitions.FindFactory("made-here")!.GlobalParameters["limit"]);
        Assert.Single((await server.ManageAsync(HttpMethod.Get, $"{Root}/globalparameters{Version}")).Json["value"]!.AsArray());
        await server.ManageAsync(HttpMethod.Put, Root + Version, """{"location": "x"}""");
        Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Get, $"{Root}/globalParameters/default{Version}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.ManageAsync(HttpMethod.Delete, $"{Root}/globalParameters/default{Version}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.ManageAsync(HttpMethod.Get, $"{Root}/globalParameters/default{Version}")).Status);

        await server.ManageAsync(HttpMethod.Put, $"{Root}/integrationRuntimes/local{Version}", """{"properties": {"type": "SelfHosted"}}""");
        var status = await server.ManageAsync(HttpMethod.Post, $"{Root}/integrationruntimes/local/getstatus{Version}");
        Assert.Equal(("SelfHosted", "Online"), ((string?)status.Json["properties"]!["type"], (string?)status.Json["properties"]!["state"]));
        var keys = (await server.ManageAsync(HttpMethod.Post, $"{Root}/integrationRuntimes/local/listAuthKeys{Version}")).Json;
        var renewed = (await server.ManageAsync(HttpMethod.Post, $"{Root}/integrationRuntimes/local/regenerateAuthKey{Version}", """{"keyName": "authKey2"}""")).Json;
        Assert.NotEqual((string?)keys["authKey2"], (string?)renewed["authKey2"]);
        Assert.Equal(
            "Started",
            (string?)(await server.ManageAsync(HttpMethod.Post, $"{Root}/integrationRuntimes/AutoResolveIntegrationRuntime/getStatus{Version}")).Json["properties"]!["state"]);
    }

    [Fact]
    public async Task List_OfManyResources_IsPaged()
    {
        await using var server = await MadeAsync();
        for (var index = 0; index < 201; index++)
        {
            await server.ManageAsync(HttpMethod.Put, $"{Root}/dataflows/flow{index:000}{Version}", """{"properties": {"type": "MappingDataFlow"}}""");
        }

        var first = (await server.ManageAsync(HttpMethod.Get, $"{Root}/dataflows{Version}")).Json;
        var second = (await server.ManageAsync(HttpMethod.Get, (string)first["nextLink"]!)).Json;

        Assert.Equal((200, 1), (first["value"]!.AsArray().Count, second["value"]!.AsArray().Count));
        Assert.Null(second["nextLink"]);
        Assert.Equal("flow200", (string?)second["value"]![0]!["name"]);
    }

    private static async Task<ServerHarness> MadeAsync()
    {
        var server = await ServerHarness.StartAsync();
        await server.ManageAsync(HttpMethod.Put, Root + Version, """{"location": "here"}""");
        return server;
    }

    private static string? SecretOf(ServerHarness server) =>
        server.Server.Definitions.FindFactory("made-here")!.Overlay.Secrets.GetValueOrDefault("storage.connectionString")?.Value;

    private static string Code(Answer answer) => (string)answer.Json["error"]!["code"]!;

    private static async Task<Answer> SendAsync(
        ServerHarness server, HttpMethod method, string url, string? body, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Server.SessionOwnerToken);
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await server.Http.SendAsync(request, Cancellation);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation), new Dictionary<string, string>());
    }

    private static string MakeFactory(string data)
    {
        var folder = Path.Combine(Path.GetDirectoryName(data)!, "factory");
        Directory.CreateDirectory(Path.Combine(folder, "pipelines"));
        File.WriteAllText(Path.Combine(folder, "pipelines", "old.json"), """{"name": "old", "properties": {"activities": []}}""");
        return folder;
    }
}
