using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.Http;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.LinkedServices;

public sealed class KeyVaultTests
{
    private const string Reference = """
        { "connectionString": "Server=s", "password": { "type": "AzureKeyVaultSecret", "store": { "referenceName": "Kv", "type": "LinkedServiceReference" },
          "secretName": "@linkedService().secret", "secretVersion": "v1" } }
        """;

    [Fact]
    public async Task Resolve_VaultReference_IsAskedForByNameAndVersion()
    {
        using var service = Service();

        var resolved = await ResolveAsync(service, Factory(Reference));

        Assert.Equal("s3cr3t", resolved.Text("password"));
        Assert.Equal("https://v.vault.azure.net/secrets/db-pw/v1?api-version=7.0", service.Requests[1].Address);
        Assert.Equal("Bearer T", service.Requests[1].Authorization);
        Assert.Contains("resource=https%3A%2F%2Fvault.azure.net", service.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kv.db-pw")]
    [InlineData("Db.password")]
    public async Task Resolve_SecretOfTheOverlay_StandsInForTheVault(string key)
    {
        using var service = Service();
        var factory = Factory(Reference);
        factory = factory with
        {
            Overlay = new OverlayDefinition { Secrets = factory.Overlay.Secrets.Add(key, new SecretSource(null, null, "here")) },
        };

        Assert.Equal("here", (await ResolveAsync(service, factory)).Text("password"));
        Assert.Empty(service.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "no such secret")]
    [InlineData(HttpStatusCode.Forbidden, "refused (403)")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "503")]
    [InlineData(HttpStatusCode.OK, "answered 200")]
    public async Task Resolve_VaultWithoutIt_SaysWhyAndWhatElseToDo(HttpStatusCode status, string said)
    {
        using var service = Service(_ => ScriptedHttp.Json("""{ "error": "hidden" }""", status));

        var failure = await Assert.ThrowsAsync<ActivityException>(() => ResolveAsync(service, Factory(Reference)));

        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Contains("\"Kv.db-pw\"", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "password": { "type": "AzureKeyVaultSecret", "secretName": "x" } }""", "store")]
    [InlineData("""{ "password": { "type": "AzureKeyVaultSecret", "store": "Kv" } }""", "secretName")]
    [InlineData("""{ "password": { "type": "AzureKeyVaultSecret", "store": "Kv", "secretName": "../keys/x" } }""", "secretName")]
    [InlineData("""{ "password": { "type": "AzureKeyVaultSecret", "store": "Kv", "secretName": "x", "secretVersion": "a?b" } }""", "secretVersion")]
    [InlineData("""{ "password": { "type": "AzureKeyVaultSecret", "store": "Db", "secretName": "x" } }""", "Key Vault reference")]
    [InlineData("""{ "password": { "type": "AzureKeyVaultSecret", "store": "None", "secretName": "x" } }""", "None")]
    [InlineData("""{ "password": { "type": "AzureKeyVaultSecret", "store": "Plain", "secretName": "x" } }""", "expected AzureKeyVault")]
    public async Task Resolve_BadReference_IsNamed(string properties, string named)
    {
        using var service = Service();

        var failure = await Assert.ThrowsAsync<ActivityException>(() => ResolveAsync(service, Factory(properties)));

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Resolve_VaultAtAMetadataAddress_IsNeverCalled()
    {
        using var http = new HttpClient(new OutboundGate(new OutboundOptions()).CreateHandler());
        var addresses = new EndpointAddresses(() => new Uri("http://127.0.0.1"));
        var tokens = new IdentityTokens(http, addresses, new IdentityOptions { ManagedIdentityEndpoint = new Uri("http://169.254.169.254/token") });

        await Assert.ThrowsAsync<OutboundRefusedException>(
            () => tokens.OfMachineAsync("r", null, "the test", TestContext.Current.CancellationToken));
    }

    private static ScriptedHttp Service(Func<RecordedRequest, HttpResponseMessage>? answer = null) => new(request =>
        request.Address.StartsWith("https://login.", StringComparison.Ordinal) ? ScriptedHttp.Json("""{"access_token":"T"}""")
        : answer is null ? ScriptedHttp.Json("""{ "value": "s3cr3t", "id": "x" }""")
        : answer(request));

    private static async Task<ResolvedLinkedService> ResolveAsync(ScriptedHttp service, FactoryDefinition factory)
    {
        using var http = new HttpClient(service, disposeHandler: false);
        var addresses = new EndpointAddresses(() => new Uri("http://127.0.0.1"));
        var secrets = new SecretReader(_ => null, _ => "")
        {
            KeyVault = new KeyVaultClient(http, addresses, new IdentityTokens(http, addresses, new IdentityOptions())),
        };
        return await new LinkedServiceResolver(secrets, TimeProvider.System)
            .ResolveAsync(factory, new ResourceReference("Db", ""), TestContext.Current.CancellationToken);
    }

    private static FactoryDefinition Factory(string properties) => new()
    {
        Name = "f",
        LinkedServices = new[]
        {
            Service("Db", "PostgreSql", properties) with { Parameters = [new ParameterDefinition("secret", "String", true, JsonValue.Create("db-pw"))] },
            Service("Kv", "AzureKeyVault", """
                { "baseUrl": "https://v.vault.azure.net", "servicePrincipalId": "app", "servicePrincipalKey": "key", "tenant": "contoso" }
                """),
            Service("Plain", "FileServer", """{ "host": "x" }"""),
        }.ToImmutableDictionary(service => service.Name, StringComparer.OrdinalIgnoreCase),
    };

    private static LinkedServiceDefinition Service(string name, string type, string properties) => new()
    {
        Name = name,
        Type = type,
        TypeProperties = (JsonObject)JsonNode.Parse(properties)!,
        Source = [],
    };
}
