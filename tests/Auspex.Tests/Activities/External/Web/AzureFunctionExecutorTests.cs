using System.Net;
using System.Text.Json.Nodes;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.External.Web;

public sealed class AzureFunctionExecutorTests
{
    private const string Call = """{ "method": "post", "functionName": "Hello?name=x", "headers": { "A": "b" }, "body": { "n": 1 } }""";

    [Fact]
    public async Task Execute_Function_IsCalledWithItsKey()
    {
        var service = new ScriptedHttp(_ => ScriptedHttp.Json("""{"greeting":"hi"}"""));
        using var harness = Harness(service);

        var output = await harness.RunAsync("AzureFunctionActivity", Call, "App");

        Assert.Equal("hi", (string?)output["greeting"]);
        var request = Assert.Single(service.Requests);
        Assert.Equal("https://app.test/api/Hello?name=x", request.Address);
        Assert.Equal("k", request.Headers["x-functions-key"]);
        Assert.Equal("b", request.Headers["A"]);
        Assert.Equal("""{"n":1}""", request.Body);
    }

    [Fact]
    public async Task Execute_KeyInTheVault_IsFetched()
    {
        var service = new ScriptedHttp(request => ScriptedHttp.Json(request.Address switch
        {
            "https://v.vault.azure.net/secrets/fn/?api-version=7.0" => """{"value":"from the vault"}""",
            _ when request.Address.StartsWith("https://login.", StringComparison.Ordinal) => """{"access_token":"T"}""",
            _ => "{}",
        }));
        using var harness = new ExternalHarness(service)
            .LinkedService("Kv", "AzureKeyVault", new JsonObject
            {
                ["baseUrl"] = "https://v.vault.azure.net/",
                ["servicePrincipalId"] = "app",
                ["servicePrincipalKey"] = "key",
                ["tenant"] = "contoso",
            })
            .LinkedService("App", "AzureFunction", new JsonObject
            {
                ["functionAppUrl"] = "https://app.test",
                ["functionKey"] = new JsonObject
                {
                    ["type"] = "AzureKeyVaultSecret",
                    ["store"] = new JsonObject { ["referenceName"] = "Kv", ["type"] = "LinkedServiceReference" },
                    ["secretName"] = "fn",
                },
            });

        await harness.RunAsync("AzureFunctionActivity", Call, "App");

        Assert.Equal("from the vault", service.Requests[^1].Headers["x-functions-key"]);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("text")]
    [InlineData("")]
    public async Task Execute_AnswerThatIsNoObject_FailsWith3603(string answer)
    {
        using var harness = Harness(new ScriptedHttp(_ => ScriptedHttp.Json(answer)));

        Assert.Equal("3603", (await harness.FailAsync("AzureFunctionActivity", Call, "App")).ActivityErrorCode);
    }

    [Theory]
    [InlineData("""{ "functionName": "F" }""", "3611")]
    [InlineData("""{ "method": "PATCH", "functionName": "F" }""", "3602")]
    [InlineData("""{ "method": "GET" }""", "3607")]
    [InlineData("""{ "method": "GET", "functionName": "F", "headers": [] }""", "2104")]
    public async Task Execute_BadInput_HasItsCode(string properties, string code)
    {
        using var harness = Harness(new ScriptedHttp(_ => ScriptedHttp.Json("{}")));

        Assert.Equal(code, (await harness.FailAsync("AzureFunctionActivity", properties, "App")).ActivityErrorCode);
    }

    [Theory]
    [InlineData("AzureFunction", """{ "functionKey": "k" }""", "3609")]
    [InlineData("AzureFunction", """{ "functionAppUrl": "https://app.test" }""", "3606")]
    [InlineData("AzureFunction", """{ "functionAppUrl": "nowhere", "functionKey": "k" }""", "2104")]
    [InlineData("AzureBatch", """{ }""", "2110")]
    public async Task Execute_BadLinkedService_HasItsCode(string type, string properties, string code)
    {
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Json("{}")))
            .LinkedService("Bad", type, (JsonObject)JsonNode.Parse(properties)!);

        Assert.Equal(code, (await harness.FailAsync("AzureFunctionActivity", Call, "Bad")).ActivityErrorCode);
    }

    [Fact]
    public async Task Execute_NoLinkedService_FailsWith3612()
    {
        using var harness = new ExternalHarness(new ScriptedHttp(_ => ScriptedHttp.Json("{}")));

        Assert.Equal("3612", (await harness.FailAsync("AzureFunctionActivity", Call)).ActivityErrorCode);
    }

    [Fact]
    public async Task Execute_ErrorOrNoAnswer_HasItsCode()
    {
        using var refusing = Harness(new ScriptedHttp(_ => ScriptedHttp.Json("oops", HttpStatusCode.InternalServerError)));
        using var silent = Harness(new ScriptedHttp(_ => throw new HttpRequestException("down")));

        var refused = await refusing.FailAsync("AzureFunctionActivity", Call, "App");
        Assert.Equal("3608", refused.ActivityErrorCode);
        Assert.Contains("oops", refused.Message, StringComparison.Ordinal);
        Assert.Equal("3610", (await silent.FailAsync("AzureFunctionActivity", Call, "App")).ActivityErrorCode);
    }

    [Fact]
    public async Task Execute_MetadataAddress_IsNeverCalled()
    {
        using var harness = new ExternalHarness().LinkedService("Bad", "AzureFunction", new JsonObject
        {
            ["functionAppUrl"] = "http://169.254.169.254",
            ["functionKey"] = "k",
        });

        Assert.Equal("3610", (await harness.FailAsync("AzureFunctionActivity", Call, "Bad")).ActivityErrorCode);
    }

    private static ExternalHarness Harness(ScriptedHttp service) => new ExternalHarness(service)
        .LinkedService("App", "AzureFunction", new JsonObject { ["functionAppUrl"] = "https://app.test/", ["functionKey"] = "k" });
}
