using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Scenarios.Experiments;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>What the R client <c>AzureML</c> sends, call by call in its order.</summary>
public sealed partial class RClientScenarios
{
    /// <summary>The form that the client gives functions: they come in the bundle's environment.</summary>
    private const string Source = """
        load("src/env.RData")
        inputDF <- maml.mapInputPort(1)
        outputDF <- as.data.frame(do.call("rbind", lapply(seq_len(nrow(inputDF)), function(i) do.call(fun, as.list(inputDF[i, , drop = FALSE])))))
        names(outputDF) <- "ans"
        maml.mapOutputPort("outputDF")
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workspace_DataSets_UploadListDownloadDelete()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.R(server);
        Assert.NotEqual(0, (int)(await client.SendAsync(HttpMethod.Get, "/")).Status);
        Assert.Empty((await client.CallAsync(HttpMethod.Get, client.Studio + "/datasources"))!.AsArray());

        var id = await UploadAsync(client, "Cars", "GenericTSV", Encoding.UTF8.GetBytes("speed\tdist\n4\t2\n7\t22\n"));
        var archive = ScriptRuns.Zip(("a.csv", "x\n1\n"), ("b/c.txt", "ä")).Bytes.ToArray();
        await UploadAsync(client, "Files", "Zip", archive);

        var list = (await client.CallAsync(HttpMethod.Get, client.Studio + "/datasources"))!.AsArray();
        Assert.Equal(["Cars", "Files"], list.Select(set => (string?)set!["Name"]));
        foreach (var set in list)
        {
            Assert.All(["DownloadLocation", "VisualizeEndPoint", "SchemaEndPoint"], place => Assert.NotNull(set![place]!.AsObject()["BaseUri"]));
        }

        Assert.Equal(id, (string?)list[0]!["Id"]);
        Assert.Equal("speed\tdist\n4\t2\n7\t22\n", Encoding.UTF8.GetString(await client.DownloadAsync(list[0]!["DownloadLocation"]!)));
        var zip = await client.DownloadAsync(list[1]!["DownloadLocation"]!);
        Assert.Equal(archive, zip);
        Assert.Equal(archive.Length, (int?)list[1]!["Size"]);

        foreach (var set in list)
        {
            var (status, _) = await client.SendAsync(HttpMethod.Delete, $"{client.Studio}/datasources/family/{set!["FamilyId"]}");
            Assert.True((int)status < 300);
        }

        Assert.Empty((await client.CallAsync(HttpMethod.Get, client.Studio + "/datasources"))!.AsArray());
    }

    [Fact]
    public async Task PublishWebService_Consume_DiscoverSchema_Update_Delete()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/Rscript"), "Rscript is not installed.");
        await using var server = await StartAsync();
        var client = RecordedClient.R(server);
        var address = $"{client.Management}/{Guid.NewGuid():N}";

        var put = (await client.CallAsync(HttpMethod.Put, address, await BodyAsync("product", "function(x, y) x * y")))!;
        var services = (await client.CallAsync(HttpMethod.Get, client.Management))!.AsArray();
        Assert.Equal((string?)put["Id"], (string?)Assert.Single(services)!["Id"]);
        var endpoint = Assert.Single((await client.CallAsync(HttpMethod.Get, $"{client.Management}/{put["Id"]}/endpoints"))!.AsArray())!;
        Assert.True(endpoint.AsObject().Count >= 13);

        Assert.Equal("""[{"ans":"6"},{"ans":"2.5"}]""", await ConsumeAsync(server, endpoint, """[{"x":2,"y":3},{"x":"5","y":"0.5"}]"""));
        var help = Tag().Replace((await client.SendAsync(HttpMethod.Get, $"{endpoint["HelpLocation"]}/apidocument")).Text, "").Replace("&quot;", "'", StringComparison.Ordinal);
        Assert.Equal("product", (string?)JsonNode.Parse(help)!["info"]!["title"]);

        // Out of the help address the client reads three ids, and asks the scoring address for its schema.
        var ids = HelpAddress().Match((string)endpoint["HelpLocation"]!);
        var schema = (await client.CallAsync(HttpMethod.Get, $"/workspaces/{ids.Groups[1]}/services/{ids.Groups[3]}/swagger.json"))!;
        Assert.Matches("/execute\\?", schema["paths"]!.AsObject().ElementAt(1).Key);
        Assert.Equal("post", schema["paths"]!.AsObject().ElementAt(1).Value!.AsObject().First().Key);
        Assert.Equal(["x", "y"], schema["definitions"]!["input1Item"]!["properties"]!.AsObject().Select(column => column.Key));
        Assert.NotNull(schema["definitions"]!["output1Item"]);
        var example = schema["definitions"]!["ExecutionRequest"]!["example"]!["Inputs"]!["input1"]!;
        Assert.Equal("""[{"ans":"1"}]""", await ConsumeAsync(server, endpoint, example.ToJsonString()));

        await client.CallAsync(HttpMethod.Put, address, await BodyAsync("product", "function(x, y) x + y"));
        Assert.Equal("""[{"ans":"5"}]""", await ConsumeAsync(server, endpoint, """[{"x":2,"y":3}]"""));

        var (status, _) = await client.SendAsync(HttpMethod.Delete, address);
        Assert.True((int)status < 300);
        Assert.Empty((await client.CallAsync(HttpMethod.Get, client.Management))!.AsArray());
    }

    [Fact]
    public async Task PublishWebService_ScriptThatDoesNotParse_IsRefused()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/Rscript"), "Rscript is not installed.");
        await using var server = await StartAsync();
        var body = JsonNode.Parse(await BodyAsync("f", "function() 1"))!;
        body["CodeBundle"]!["SourceCode"] = "x <- (1\nmaml.mapOutputPort(\"x\"\n";

        var answer = await server.ManageAsync(HttpMethod.Put, $"/workspaces/{server.Server.WorkspaceId}/webservices/{Guid.NewGuid():N}", body.ToJsonString());

        Assert.Equal("WebServicePackageError/ValidationError", answer.ErrorCode);
        Assert.Contains("published as 'R-3.1-64' and does not load in R ", answer.ErrorDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishWebService_WithoutRscript_IsRefusedPlainly()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Modules = null,
            Settings = new Dictionary<string, string?> { ["Auspex:Scripts:Rscript"] = "/nowhere/Rscript" },
        });

        var answer = await server.ManageAsync(
            HttpMethod.Put,
            $"/workspaces/{server.Server.WorkspaceId}/webservices/{Guid.NewGuid():N}",
            """{"Name": "f", "Type": "Code", "CodeBundle": {"Language": "R-3.1-64", "SourceCode": "x <- 1", "InputSchema": {}, "OutputSchema": {}}}""");

        Assert.Equal((400, "WebServicePackageError/RuntimesError"), ((int)answer.Status, answer.ErrorCode));
        Assert.Contains("Rscript", answer.ErrorDetail, StringComparison.Ordinal);
        Assert.Equal("[]", (await server.ManageAsync(HttpMethod.Get, $"/workspaces/{server.Server.WorkspaceId}/webservices")).Text);
    }

    private static Task<ServerHarness> StartAsync() => ServerHarness.StartAsync(options => options with { Modules = null });

    private static async Task<string> UploadAsync(RecordedClient client, string name, string type, byte[] bytes)
    {
        var (status, answer) = await client.SendBytesAsync(
            HttpMethod.Post, $"/api/resourceuploads/workspaces/{client.Workspace}/?userStorage=true&dataTypeId={type}", bytes, "text/plain");
        Assert.Equal(HttpStatusCode.OK, status);
        var upload = JsonNode.Parse(answer)!;
        var saved = await client.SendAsync(HttpMethod.Post, client.Studio + "/datasources", new JsonObject
        {
            ["DataSource"] = new JsonObject
            {
                ["Name"] = name,
                ["DataTypeId"] = type,
                ["Description"] = "",
                ["FamilyId"] = "",
                ["Owner"] = "R",
                ["SourceOrigin"] = "FromResourceUpload",
            },
            ["UploadId"] = (string?)upload["Id"],
            ["UploadedFromFileName"] = "",
            ["ClientPoll"] = true,
        }.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, saved.Status);
        return saved.Text.Replace("\"", "", StringComparison.Ordinal);
    }

    private static async Task<string> ConsumeAsync(ServerHarness server, JsonNode endpoint, string rows)
    {
        var answer = await server.SendAsync(
            HttpMethod.Post,
            $"{endpoint["ApiLocation"]}/execute?api-version=2.0&details=true&format=swagger",
            (string?)endpoint["PrimaryKey"],
            $$$"""{"Inputs": {"input1": {{{rows}}} }, "GlobalParameters": {}}""");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json["Results"]!["output1"]!.ToJsonString();
    }

    private static async Task<string> BodyAsync(string name, string function)
    {
        using var folder = new TemporaryFolder();
        using var process = Process.Start(new ProcessStartInfo(
            "/usr/bin/Rscript", ["--vanilla", "-e", $"fun <- {function}; save(fun, file = 'env.RData')"])
        {
            WorkingDirectory = folder.Path,
        })!;
        await process.WaitForExitAsync(Cancellation);
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntryFromFile(Path.Combine(folder.Path, "env.RData"), "env.RData");
        }

        return new JsonObject
        {
            ["Name"] = name,
            ["Type"] = "Code",
            ["CodeBundle"] = new JsonObject
            {
                ["InputSchema"] = JsonNode.Parse("""{"x": {"type": "number", "format": "double"}, "y": {"type": "number", "format": "double"}}"""),
                ["OutputSchema"] = JsonNode.Parse("""{"ans": {"type": "number", "format": "double"}}"""),
                ["Language"] = "R-3.1-64",
                ["SourceCode"] = Source,
                ["ZipContents"] = Convert.ToBase64String(zip.ToArray(), Base64FormattingOptions.InsertLineBreaks),
            },
        }.ToJsonString();
    }

    [GeneratedRegex("</?[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex("/workspaces/([0-9a-zA-Z]+)/webservices/([0-9a-zA-Z]+)/endpoints/([0-9a-zA-Z]+)")]
    private static partial Regex HelpAddress();
}
