using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Scenarios.Experiments;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>What the Python client <c>azureml</c> sends, call by call in its order.</summary>
public sealed class PythonClientScenarios
{
    /// <summary>Has the form that the client gives functions: one row in, one row out.</summary>
    private const string Source = """
        import pandas

        def scale(amount, factor, note, exact):
            return (amount * factor, note + ("!" if exact else "?"))

        def azureml_main(df1 = None, df2 = None):
            results = [scale(row["amount"], row["factor"], row["note"], row["exact"]) for _, row in df1.iterrows()]
            return pandas.DataFrame(results, columns = ["result0", "result1"])
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_Function_IsCalledListedRefreshedUpdatedAndDeleted()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.Python(server);
        var address = $"{client.Management}/{Guid.NewGuid():N}";

        var put = (await client.CallAsync(HttpMethod.Put, address, Body("scale", Source)))!;
        var endpoint = (await client.CallAsync(HttpMethod.Get, $"{address}/endpoints/{put["DefaultEndpointName"]}"))!;
        var answer = await ScoreAsync(server, endpoint, """{"Inputs": {"input1": {"ColumnNames": ["amount", "factor", "note", "exact"], "Values": [["3", "2.5", "so", "true"]]}}, "GlobalParameters": {}}""");
        Assert.Equal("""[["7.5","so!"]]""", answer.Json["Results"]!["output1"]!["value"]!["Values"]!.ToJsonString());
        var many = await ScoreAsync(server, endpoint, """{"Inputs": {"input1": [{"amount": 1, "factor": 2, "note": "a", "exact": false}, {"amount": 2, "factor": 2, "note": "b", "exact": true}]}}""", "&format=swagger");
        Assert.Equal("""[{"result0":"2","result1":"a?"},{"result0":"4","result1":"b!"}]""", many.Json["Results"]!["output1"]!.ToJsonString());

        var help = await client.SendAsync(HttpMethod.Get, $"{endpoint["HelpLocation"]}/score");
        Assert.Equal(HttpStatusCode.OK, help.Status);
        Assert.Contains("factor", help.Text, StringComparison.Ordinal);
        var swagger = (await client.CallAsync(HttpMethod.Get, $"{endpoint["ApiLocation"]}/swagger.json"))!;
        Assert.Equal("""{"type":"integer","format":"int64"}""", swagger["definitions"]!["input1Item"]!["properties"]!["amount"]!.ToJsonString());
        Assert.Equal("""{"type":"boolean"}""", swagger["definitions"]!["input1Item"]!["properties"]!["exact"]!.ToJsonString());
        Assert.Equal(["result0", "result1"], swagger["definitions"]!["output1Item"]!["properties"]!.AsObject().Select(column => column.Key));
        var listed = Assert.Single((await client.CallAsync(HttpMethod.Get, client.Management))!.AsArray())!;
        Assert.Equal(("scale", (string?)put["Id"]), ((string?)listed["Name"], (string?)listed["Id"]));

        var second = (await client.CallAsync(HttpMethod.Put, $"{address}/endpoints/second", "{}"))!;
        var updated = await client.SendAsync(HttpMethod.Put, address, Body("scale", Source.Replace("amount * factor", "amount + factor", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, updated.Status);
        const string One = """{"Inputs": {"input1": {"ColumnNames": ["amount", "factor", "note", "exact"], "Values": [["3", "2.5", "x", "false"]]}}}""";
        Assert.Contains("\"5.5\"", (await ScoreAsync(server, endpoint, One)).Text, StringComparison.Ordinal);
        Assert.Contains("\"7.5\"", (await ScoreAsync(server, second, One)).Text, StringComparison.Ordinal);
        await client.CallAsync(HttpMethod.Post, $"{address}/endpoints/second/refresh", """{"OverwriteResources": "True"}""");
        Assert.Contains("\"5.5\"", (await ScoreAsync(server, second, One)).Text, StringComparison.Ordinal);

        await server.StopAsync();
        await server.StartAgainAsync();
        endpoint["ApiLocation"] = new Uri((string)endpoint["ApiLocation"]!).AbsolutePath;
        Assert.Contains("\"5.5\"", (await ScoreAsync(server, endpoint, One)).Text, StringComparison.Ordinal);
        client = RecordedClient.Python(server);
        await client.CallAsync(HttpMethod.Delete, address);
        Assert.Empty((await client.CallAsync(HttpMethod.Get, client.Management))!.AsArray());
    }

    [Fact]
    public async Task Publish_WithFiles_RunsBesideThem_InBatchToo()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.Python(server);
        const string Main = """
            import pandas, os, tables

            def azureml_main(df1 = None, df2 = None):
                rates = pandas.read_csv(os.path.join("Script Bundle", "rates.csv"))
                return pandas.DataFrame({"result": df1["x"] * tables.FACTOR + rates["rate"][0]})
            """;
        var zip = Convert.ToBase64String(ScriptRuns.Zip(("tables.py", "FACTOR = 10\n"), ("rates.csv", "rate\n0.5\n")).Bytes.Span);
        var address = $"{client.Management}/{Guid.NewGuid():N}";
        var body = Body("f", Main, """{"x": {"type": "number", "format": "double"}}""", """{"result": {"type": "number", "format": "double"}}""");
        body = body.Replace("\"SourceCode\"", $"\"ZipContents\": \"{zip}\", \"SourceCode\"", StringComparison.Ordinal);

        await client.CallAsync(HttpMethod.Put, address, body);

        var endpoint = (await client.CallAsync(HttpMethod.Get, $"{address}/endpoints/default"))!;
        Assert.Contains("""[["20.5"]]""", (await ScoreAsync(server, endpoint, """{"Inputs": {"input1": {"ColumnNames": ["x"], "Values": [["2"]]}}}""")).Text, StringComparison.Ordinal);
        server.WriteFile("in/rows.csv", "x\n1\n2\n3\n");
        var submitted = (string)(await SendKeyAsync(server, HttpMethod.Post, endpoint, "/jobs?api-version=2.0", new JsonObject
        {
            ["Inputs"] = new JsonObject { ["input1"] = server.Blob("in/rows.csv") },
            ["Outputs"] = new JsonObject { ["output1"] = server.Blob("out/rows.csv") },
        }.ToJsonString())).Json!;
        await SendKeyAsync(server, HttpMethod.Post, endpoint, $"/jobs/{submitted}/start?api-version=2.0", "");
        var status = "NotStarted";
        while (status is "NotStarted" or "Running")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
            status = (string?)(await SendKeyAsync(server, HttpMethod.Get, endpoint, $"/jobs/{submitted}?api-version=2.0")).Json["StatusCode"];
        }

        Assert.Equal("Finished", status);
        Assert.Equal("result\n10.5\n20.5\n30.5\n", server.ReadFile("out/rows.csv").ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Publish_FunctionWithoutArguments_IsCalledWithOneEmptyRow()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.Python(server);
        var address = $"{client.Management}/{Guid.NewGuid():N}";
        await client.CallAsync(HttpMethod.Put, address, Body("answer", """
            import pandas
            def azureml_main(df1 = None, df2 = None):
                return pandas.DataFrame({"result": [42]})
            """, "{}", """{"result": {"type": "integer", "format": "int64"}}"""));

        var endpoint = (await client.CallAsync(HttpMethod.Get, $"{address}/endpoints/default"))!;
        var answer = await ScoreAsync(server, endpoint, """{"Inputs": {"input1": {"ColumnNames": [], "Values": [[]]}}, "GlobalParameters": {}}""");

        Assert.Contains("""[["42"]]""", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_AgainUnderANewId_KeepsBothApart()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.Python(server);
        var first = (await client.CallAsync(HttpMethod.Put, $"{client.Management}/{Guid.NewGuid():N}", Body("f", Source)))!;
        var second = (await client.CallAsync(HttpMethod.Put, $"{client.Management}/{Guid.NewGuid():N}", Body("f", Source)))!;

        Assert.Equal(("f", "f (2)"), ((string?)first["Name"], (string?)second["Name"]));
        await client.CallAsync(HttpMethod.Delete, $"{client.Management}/{first["Id"]}");
        var left = Assert.Single((await client.CallAsync(HttpMethod.Get, client.Management))!.AsArray())!;
        Assert.Equal((string?)second["Id"], (string?)left["Id"]);
    }

    [Theory]
    [InlineData("def azureml_main(df1 = None, df2 = None):\n  print df1\n", "python-2.7-64", "ValidationError", "published as 'python-2.7-64' and does not load in Python 3")]
    [InlineData("import nothing_of_this_name\n", "python-2.7-64", "ValidationError", "line 1")]
    [InlineData("def other(): pass\n", "python-2.7-64", "ValidationError", "azureml_main")]
    [InlineData("import marshal\nmarshal.loads(b'nonsense')\n", "python-2.7-64", "ValidationError", "byte code")]
    [InlineData("def azureml_main(df1): return df1\n", "ruby-3", "RuntimesError", "ruby-3")]
    public async Task Publish_CodeThatDoesNotLoad_IsRefusedWithTheReason(string source, string language, string code, string says)
    {
        await using var server = await StartAsync();
        var client = RecordedClient.Python(server);

        var (status, text) = await client.SendAsync(
            HttpMethod.Put, $"{client.Management}/{Guid.NewGuid():N}", Body("f", source).Replace("python-2.7-64", language, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = JsonNode.Parse(text)!["error"]!;
        Assert.Equal(("WebServicePackageError", code), ((string?)error["code"], (string?)error["details"]![0]!["code"]));
        Assert.Contains(says, (string?)error["details"]![0]!["message"], StringComparison.Ordinal);
        Assert.Empty((await client.CallAsync(HttpMethod.Get, client.Management))!.AsArray());
    }

    [Theory]
    [InlineData("""{"Name": "f"}""", "BadArgument/WebServiceTypeInvalid")]
    [InlineData("""{"Name": "f", "Type": "Graph"}""", "BadArgument/WebServiceTypeInvalid")]
    [InlineData("""{"Name": "f", "Type": "Code"}""", "BadArgument/MissingWebServicePackage")]
    [InlineData("""{"Name": "f", "Type": "Code", "CodeBundle": {"Language": "python-2.7-64", "SourceCode": " "}}""", "BadArgument/MissingWebServicePackage")]
    [InlineData("""{"Name": "", "Type": "Code", "CodeBundle": {"Language": "python-2.7-64", "SourceCode": "x = 1"}}""", "BadArgument/MissingWebServiceId")]
    [InlineData("""{"Name": "f", "Type": "Code", "CodeBundle": {"Language": "python-2.7-64", "SourceCode": "x = 1", "ZipContents": "?"}}""", "WebServicePackageError/FormatError")]
    [InlineData("""{"Name": "f", "Type": "Code", "CodeBundle": {"Language": "python-2.7-64", "SourceCode": "x = 1", "ZipContents": "bm90IGEgemlw"}}""", "WebServicePackageError/FormatError")]
    [InlineData("""{"Name": "f", "Type": "Code", "CodeBundle": {"Language": "python-2.7-64", "SourceCode": "x = 1", "InputSchema": {"a": {"type": "matrix"}}}}""", "WebServicePackageError/FormatError")]
    [InlineData("""{"Name": "f", "Type": "Code", "CodeBundle": {"Language": "python-2.7-64", "SourceCode": "x = 1", "InputSchema": []}}""", "WebServicePackageError/FormatError")]
    [InlineData("[]", "BadArgument/RequestBodyInvalid")]
    public async Task Publish_BadBodies_AreRefused(string body, string code)
    {
        await using var server = await StartAsync();

        var answer = await server.ManageAsync(HttpMethod.Put, $"/workspaces/{server.Server.WorkspaceId}/webservices/{Guid.NewGuid():N}", body);

        Assert.Equal((400, code), ((int)answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Call_FunctionThatFails_SaysWhereAndWhy()
    {
        await using var server = await StartAsync();
        var client = RecordedClient.Python(server);
        var address = $"{client.Management}/{Guid.NewGuid():N}";
        await client.CallAsync(HttpMethod.Put, address, Body("f", "def azureml_main(df1 = None, df2 = None):\n    raise ValueError('too large')\n"));
        var endpoint = (await client.CallAsync(HttpMethod.Get, $"{address}/endpoints/default"))!;

        var answer = await ScoreAsync(server, endpoint, """{"Inputs": {"input1": {"ColumnNames": ["amount", "factor", "note", "exact"], "Values": [["1", "1", "", "true"]]}}}""");

        Assert.Equal((400, "ModuleExecutionError/0085"), ((int)answer.Status, answer.ErrorCode));
        Assert.Contains("line 2: ValueError: too large", answer.ErrorDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Function_IsBoundInTimeMemoryAndNetwork()
    {
        await using var server = await ServerHarness.StartAsync(options => options with
        {
            Modules = null,
            Settings = new Dictionary<string, string?>
            {
                ["Auspex:Scripts:Timeout"] = "00:00:08",
                ["Auspex:Scripts:MemoryInBytes"] = "1500000000",
            },
        });
        var client = RecordedClient.Python(server);
        var address = $"{client.Management}/{Guid.NewGuid():N}";
        await client.CallAsync(HttpMethod.Put, address, Body("bound", """
            import pandas, socket, time

            def azureml_main(df1 = None, df2 = None):
                what = df1["what"][0]
                if what == "time":
                    time.sleep(60)
                if what == "memory":
                    return pandas.DataFrame({"result": [len(bytearray(3000000000))]})
                try:
                    socket.create_connection(("127.0.0.1", PORT), 2).close()
                    return pandas.DataFrame({"result": ["reached"]})
                except OSError:
                    return pandas.DataFrame({"result": ["cut off"]})
            """.Replace("PORT", server.Server.Url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal),
            """{"what": {"type": "string"}}""", """{"result": {"type": "string"}}"""));
        var endpoint = (await client.CallAsync(HttpMethod.Get, $"{address}/endpoints/default"))!;

        Task<Answer> CallAsync(string what) => ScoreAsync(server, endpoint, $$$"""{"Inputs": {"input1": [{"what": "{{{what}}}"}]}}""");

        Assert.Contains("ran longer than", (await CallAsync("time")).ErrorDetail, StringComparison.Ordinal);
        Assert.Equal("ModuleExecutionError/0138", (await CallAsync("memory")).ErrorCode);
        var network = await CallAsync("network");
        Assert.Equal(HttpStatusCode.OK, network.Status);
        if (File.Exists("/usr/bin/unshare"))
        {
            Assert.Contains("cut off", network.Text, StringComparison.Ordinal);
        }
    }

    private static Task<ServerHarness> StartAsync() => ServerHarness.StartAsync(options => options with { Modules = null });

    private static string Body(string name, string source, string? input = null, string? output = null) => new JsonObject
    {
        ["Name"] = name,
        ["Type"] = "Code",
        ["CodeBundle"] = new JsonObject
        {
            ["InputSchema"] = JsonNode.Parse(input ?? """{"amount": {"type": "integer", "format": "int64"}, "factor": {"type": "number", "format": "double"}, "note": {"type": "string"}, "exact": {"type": "Boolean"}}"""),
            ["OutputSchema"] = JsonNode.Parse(output ?? """{"result0": {"type": "number", "format": "double"}, "result1": {"type": "string", "format": "string"}}"""),
            ["Language"] = "python-2.7-64",
            ["SourceCode"] = source,
        },
    }.ToJsonString();

    // Scoring calls carry the key alone, with the scheme in lower case, and ask for no details.
    private static Task<Answer> ScoreAsync(ServerHarness server, JsonNode endpoint, string body, string query = "") =>
        SendKeyAsync(server, HttpMethod.Post, endpoint, $"/execute?api-version=2.0{query}", body);

    private static async Task<Answer> SendKeyAsync(ServerHarness server, HttpMethod method, JsonNode endpoint, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{endpoint["ApiLocation"]}{path}");
        request.Headers.TryAddWithoutValidation("authorization", $"bearer {endpoint["PrimaryKey"]}");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json;charset=UTF8");
        }

        using var response = await server.Http.SendAsync(request, Cancellation);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation), new Dictionary<string, string>());
    }
}
