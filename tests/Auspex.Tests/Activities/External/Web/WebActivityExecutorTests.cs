using System.Net;
using System.Text.Json.Nodes;
using Auspex.Activities.External;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.Http;
using Auspex.Definitions;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Activities.External.Web;

public sealed class WebActivityExecutorTests
{
    private const string Get = """{ "method": "get", "url": "https://api.test/v1" }""";

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("""[1,2]""", """{"Response":[1,2]}""")]
    [InlineData("""7""", """{"Response":7}""")]
    [InlineData("""plain text""", """{"Response":"plain text"}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":"\ud800"}""", """{"Response":"{\"a\":\"\\ud800\"}"}""")]
    [InlineData("", """{}""")]
    public async Task Execute_Answer_BecomesTheOutput(string answer, string expected)
    {
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Json(answer)));

        var output = await harness.RunAsync("WebActivity", Get);

        Assert.Equal("OK", (string?)output["ADFHttpStatusCodeInResponse"]);
        Assert.Contains("application/json", (string)output["ADFWebActivityResponseHeaders"]!["Content-Type"]!, StringComparison.Ordinal);
        Assert.Equal("AutoResolveIntegrationRuntime (Local)", (string?)output["effectiveIntegrationRuntime"]);
        foreach (var added in new[] { "ADFHttpStatusCodeInResponse", "ADFWebActivityResponseHeaders", "effectiveIntegrationRuntime", "executionDuration", "durationInQueue" })
        {
            output.Remove(added);
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), output), output.ToJsonString());
    }

    [Fact]
    public async Task Execute_DeeplyNestedAnswer_IsKeptAsText()
    {
        var deep = new string('[', 60) + new string(']', 60);
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Json(deep)));

        Assert.Equal(deep, (string?)(await harness.RunAsync("WebActivity", Get))["Response"]);
    }

    [Theory]
    [InlineData("POST", """{ "a": [ 1, "é" ] }""", """{"a":[1,"é"]}""")]
    [InlineData("PUT", "\"as it is\"", "as it is")]
    [InlineData("patch", "5", "5")]
    [InlineData("DELETE", """{ "a": 1 }""", """{"a":1}""")]
    [InlineData("GET", """{ "a": 1 }""", "")]
    public async Task Execute_MethodAndBody_AreSent(string method, string body, string sent)
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Json("{}"));
        using var harness = new ExternalHarness(service);

        await harness.RunAsync("WebActivity", $$"""{ "method": "{{method}}", "url": "https://api.test/", "body": {{body}} }""");

        var request = Assert.Single(service.Requests);
        Assert.Equal(method.ToUpperInvariant(), request.Method);
        Assert.Equal(sent, request.Body);
    }

    [Fact]
    public async Task Execute_Headers_AreSentOnceEach()
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Json("{}"));
        using var harness = new ExternalHarness(service);

        await harness.RunAsync("WebActivity", """
            { "method": "POST", "url": "https://api.test/", "body": "a=1",
              "headers": { "Content-Type": "application/x-www-form-urlencoded", "X-Number": 7, "Authorization": "Custom key", "Content-Length": "999" } }
            """);

        var headers = Assert.Single(service.Requests).Headers;
        Assert.Equal("application/x-www-form-urlencoded", headers["Content-Type"]);
        Assert.Equal("7", headers["X-Number"]);
        Assert.Equal("Custom key", headers["Authorization"]);
        Assert.Equal("6c5ee0a5/Score/1", headers["x-ms-client-request-id"]);
        Assert.NotEqual("999", headers.GetValueOrDefault("Content-Length"));
    }

    [Fact]
    public async Task Execute_NamedResources_StandInTheBodyWithSecretsInClearButVaultOnes()
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Json("{}"));
        using var harness = new ExternalHarness(service)
            .LinkedService("Ls", "AzureSqlDatabase", new JsonObject
            {
                ["connectionString"] = new JsonObject { ["type"] = "SecureString", ["value"] = "Server=x" },
                ["password"] = new JsonObject { ["type"] = "AzureKeyVaultSecret", ["store"] = "Kv", ["secretName"] = "pw" },
            })
            .Dataset("Ds", "DelimitedText", """{ "location": { "fileName": "@dataset().f" } }""", "Files", "f");

        await harness.RunAsync("WebActivity", """
            { "method": "POST", "url": "https://api.test/", "body": "{\"x\":1}",
              "datasets": [ { "referenceName": "Ds", "type": "DatasetReference", "parameters": { "f": "a.csv" } } ],
              "linkedServices": [ { "referenceName": "Ls", "type": "LinkedServiceReference" } ] }
            """);

        var body = JsonNode.Parse(Assert.Single(service.Requests).Body)!;
        Assert.Equal(1, (int)body["x"]!);
        Assert.Equal("a.csv", (string?)body["datasets"]![0]!["properties"]!["typeProperties"]!["location"]!["fileName"]);
        Assert.Equal("Server=x", (string?)body["linkedServices"]![0]!["properties"]!["typeProperties"]!["connectionString"]);
        Assert.Equal("pw", (string?)body["linkedServices"]![0]!["properties"]!["typeProperties"]!["password"]!["secretName"]);
    }

    [Theory]
    [InlineData("""{ "url": "https://a.test/" }""", "2103", "method")]
    [InlineData("""{ "method": "GET" }""", "2103", "url")]
    [InlineData("""{ "method": "STEAL", "url": "https://a.test/" }""", "2104", "method")]
    [InlineData("""{ "method": "GET", "url": "file:///etc/passwd" }""", "2104", "url")]
    [InlineData("""{ "method": "GET", "url": "not an address" }""", "2104", "url")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "headers": { "A b": "c" } }""", "2104", "A b")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "headers": { "A": "c\r\nEvil: yes" } }""", "2104", "headers['A']")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "headers": "no json" }""", "2104", "headers")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "httpRequestTimeout": "00:11:00" }""", "2104", "httpRequestTimeout")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "httpRequestTimeout": "soon" }""", "2104", "httpRequestTimeout")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "authentication": { "type": "Magic" } }""", "2104", "authentication.type")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "authentication": { "type": "Basic" } }""", "2103", "username")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "authentication": { "type": "ClientCertificate", "pfx": "bm8=" } }""", "2104", "pfx")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "authentication": { "type": "MSI", "resource": "r" } }""", "2108", "ManagedIdentityEndpoint")]
    [InlineData("""{ "method": "GET", "url": "https://a.test/", "authentication": { "type": "UserAssignedManagedIdentity", "resource": "r", "credential": { "referenceName": "None" } } }""", "BadRequest", "None")]
    [InlineData("""{ "method": "POST", "url": "https://a.test/", "body": [ 1 ], "datasets": [ { "referenceName": "Ds" } ] }""", "2104", "body")]
    [InlineData("""{ "method": "POST", "url": "https://a.test/", "datasets": [ { "referenceName": "Ds" } ] }""", "BadRequest", "Ds")]
    public async Task Execute_BadInput_IsNamed(string properties, string code, string named)
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Json("{}"));
        using var harness = new ExternalHarness(service);

        var failure = await harness.FailAsync("WebActivity", properties);

        Assert.Equal(code, failure.ActivityErrorCode);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Execute_ErrorAnswer_FailsWith2108AndTheBodyWithoutTheQuery()
    {
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Json("""{"why":"because"}""", HttpStatusCode.BadRequest)));

        var failure = await harness.FailAsync("WebActivity", """{ "method": "GET", "url": "https://api.test/v1?code=secret" }""");

        Assert.Equal("2108", failure.ActivityErrorCode);
        Assert.Contains("Error calling the endpoint 'https://api.test/v1'. Response status code: '400", failure.Message, StringComparison.Ordinal);
        Assert.Contains("because", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_ErrorAnswerOfSecureOutput_IsNotShown()
    {
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Json("hidden", HttpStatusCode.BadRequest)))
        {
            Policy = new ActivityPolicy { SecureOutput = true },
        };

        Assert.DoesNotContain("hidden", (await harness.FailAsync("WebActivity", Get)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_NoAnswer_FailsWith2128()
    {
        using var harness = new ExternalHarness(new ScriptedHttp(_ => throw new HttpRequestException("down")));

        Assert.Equal("2128", (await harness.FailAsync("WebActivity", Get)).ActivityErrorCode);
    }

    [Fact]
    public async Task Execute_AnswerThatTakesTooLong_FailsWith2108()
    {
        var clock = new TestClock();
        using var service = new SilentHttp();
        using var harness = new ExternalHarness(service, clock: clock);

        var run = harness.FailAsync("WebActivity", """{ "method": "GET", "url": "https://api.test/", "httpRequestTimeout": "00:02:00" }""");
        await service.Asked;
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(run.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("2108", (await run).ActivityErrorCode);
    }

    [Fact]
    public async Task Execute_AnswerTooLarge_FailsWith2001()
    {
        using var harness = new ExternalHarness(
            new ScriptedHttp(_ => ScriptedHttp.Json(new string('x', 5_000))), web: new WebOptions { MaxResponseBytes = 4_096 });

        Assert.Equal("2001", (await harness.FailAsync("WebActivity", Get)).ActivityErrorCode);
    }

    [Fact]
    public async Task Execute_Accepted_IsPolledToItsEndAndItsAddressKeptEncrypted()
    {
        var looks = 0;
        var service = new ScriptedHttp(request =>
        {
            if (request.Method == "POST")
            {
                return Accepted("/jobs/1?sig=s");
            }

            return ++looks switch
            {
                1 => Accepted(null),
                2 => ScriptedHttp.Json("", HttpStatusCode.ServiceUnavailable),
                _ => ScriptedHttp.Json("""{"done":true}"""),
            };
        });
        using var harness = new ExternalHarness(service);

        var output = await harness.RunAsync("WebActivity", """
            { "method": "POST", "url": "https://api.test/jobs", "authentication": { "type": "Basic", "username": "u", "password": "p" } }
            """);

        Assert.True((bool)output["done"]!);
        Assert.Equal(["POST", "GET", "GET", "GET"], service.Requests.Select(request => request.Method));
        Assert.All(service.Requests, request => Assert.Equal("Basic dTpw", request.Authorization));
        Assert.Equal("SecureString", (string?)Assert.Single(harness.Checkpoints)["poll"]!["type"]);

        harness.Checkpoint = harness.Checkpoints[0];
        var again = await harness.RunAsync("WebActivity", """{ "method": "POST", "url": "https://api.test/jobs" }""");
        Assert.True((bool)again["done"]!);
        Assert.Single(service.Requests, request => request.Method == "POST");
    }

    [Fact]
    public async Task Execute_AcceptedElsewhere_IsPolledWithoutTheCredential()
    {
        var service = new ScriptedHttp(request => request.Method == "POST" ? Accepted("https://other.test/1") : ScriptedHttp.Json("{}"));
        using var harness = new ExternalHarness(service);

        await harness.RunAsync("WebActivity", """
            { "method": "POST", "url": "https://api.test/jobs", "authentication": { "type": "Basic", "username": "u", "password": "p" } }
            """);

        Assert.Null(service.Requests[1].Authorization);
    }

    [Fact]
    public async Task Execute_AcceptedWithAsyncTurnedOff_IsTheAnswer()
    {
        var service = new ScriptedHttp(_ => Accepted("/jobs/1"));
        using var harness = new ExternalHarness(service);

        var output = await harness.RunAsync("WebActivity", """{ "method": "POST", "url": "https://api.test/", "turnOffAsync": true }""");

        Assert.Equal("Accepted", (string?)output["ADFHttpStatusCodeInResponse"]);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task Execute_RetryAfter_IsKeptTo()
    {
        var clock = new TestClock();
        var posted = new TaskCompletionSource();
        using var harness = new ExternalHarness(
            new ScriptedHttp(request => request.Method == "POST" ? Accepted("/1", TimeSpan.FromSeconds(90)) : ScriptedHttp.Json("{}")),
            clock: clock);

        var run = harness.RunAsync("WebActivity", """{ "method": "POST", "url": "https://api.test/" }""");
        var start = clock.GetUtcNow();
        while (!run.IsCompleted)
        {
            // Moves from timer to timer; that of the call itself comes after its minute.
            clock.AdvanceToNextTimer(TimeSpan.FromMinutes(10));
            await Task.Yield();
        }

        await run;
        Assert.True(clock.GetUtcNow() - start >= TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Execute_ServicePrincipal_AsksForATokenOfTheResource()
    {
        var service = new ScriptedHttp(request => ScriptedHttp.Json(
            request.Address.StartsWith("https://login.", StringComparison.Ordinal) ? """{"access_token":"T"}""" : "{}"));
        using var harness = new ExternalHarness(service).Secret("Kv.key", "from the vault")
            .LinkedService("Kv", "AzureKeyVault", new JsonObject { ["baseUrl"] = "https://v.vault.azure.net" });

        await harness.RunAsync("WebActivity", """
            { "method": "GET", "url": "https://api.test/",
              "authentication": { "type": "ServicePrincipal", "userTenant": "contoso", "username": "app", "resource": "https://api.test/",
                "password": { "type": "AzureKeyVaultSecret", "store": { "referenceName": "Kv", "type": "LinkedServiceReference" }, "secretName": "key" } } }
            """);

        Assert.Equal("https://login.microsoftonline.com/contoso/oauth2/token", service.Requests[0].Address);
        Assert.Contains("client_secret=from+the+vault", service.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("resource=https%3A%2F%2Fapi.test%2F", service.Requests[0].Body, StringComparison.Ordinal);
        Assert.Equal("Bearer T", service.Requests[1].Authorization);
    }

    [Fact]
    public async Task Execute_ManagedIdentities_AskTheConfiguredEndpoint()
    {
        var service = new ScriptedHttp(request => ScriptedHttp.Json(
            request.Address.StartsWith("http://identity.", StringComparison.Ordinal) ? """{"access_token":"T"}""" : "{}"));
        using var harness = new ExternalHarness(service, identity: new IdentityOptions
        {
            ManagedIdentityEndpoint = new Uri("http://identity.test/token"),
            ManagedIdentityHeader = "h",
        }).Credential("User", new JsonObject { ["resourceId"] = "/subscriptions/1/x" });

        await harness.RunAsync("WebActivity", """
            { "method": "GET", "url": "https://api.test/", "authentication": { "type": "MSI", "resource": "https://r/" } }
            """);
        await harness.RunAsync("WebActivity", """
            { "method": "GET", "url": "https://api.test/",
              "authentication": { "type": "UserAssignedManagedIdentity", "resource": "https://r/", "credential": { "type": "CredentialReference", "referenceName": "User" } } }
            """);

        Assert.Equal("h", service.Requests[0].Headers["X-IDENTITY-HEADER"]);
        Assert.EndsWith("resource=https%3A%2F%2Fr%2F", service.Requests[0].Address, StringComparison.Ordinal);
        Assert.Equal("Bearer T", service.Requests[1].Authorization);
        Assert.Contains("mi_res_id=%2Fsubscriptions%2F1%2Fx", service.Requests[2].Address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WebActivity", """{ "method": "GET", "url": "http://169.254.169.254/latest" }""", "2128")]
    [InlineData("WebActivity", """{ "method": "GET", "url": "http://[fe80::1]/" }""", "2128")]
    [InlineData("WebActivity", """{ "method": "GET", "url": "http://metadata.google.internal/" }""", "2128")]
    [InlineData("WebActivity", """{ "method": "GET", "url": "https://169.254.169.254/", "disableCertValidation": true }""", "2128")]
    [InlineData("WebHook", """{ "method": "POST", "url": "http://2852039166/" }""", "2128")]
    public async Task Execute_MetadataAddress_IsNeverCalled(string type, string properties, string code)
    {
        using var harness = new ExternalHarness();

        var failure = await harness.FailAsync(type, properties);

        Assert.Equal(code, failure.ActivityErrorCode);
        Assert.IsType<OutboundRefusedException>(failure.InnerException);
    }

    private static HttpResponseMessage Accepted(string? location, TimeSpan? retryAfter = null)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.Accepted);
        answer.Headers.Location = location is null ? null : new Uri(location, UriKind.RelativeOrAbsolute);
        answer.Headers.RetryAfter = retryAfter is { } wait ? new System.Net.Http.Headers.RetryConditionHeaderValue(wait) : null;
        return answer;
    }

    private sealed class SilentHttp : HttpMessageHandler
    {
        private readonly TaskCompletionSource _asked = new();

        public Task Asked => _asked.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("It never ends.");
        }
    }
}
