using System.Net;
using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Activities.MachineLearning;
using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.MachineLearning;

public sealed class UpdateResourceExecutorTests
{
    private const string ClassicEndpoint = "https://management.azureml.net/workspaces/w/webservices/s/endpoints/second";

    private const string NewEndpoint =
        "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearning/webServices/income"
        + "?api-version=2016-05-01-preview";

    private const string Properties = """
        {
            "trainedModelName": "Income [trained model]",
            "trainedModelLinkedServiceName": { "referenceName": "Blob1", "type": "LinkedServiceReference" },
            "trainedModelFilePath": "models/new.ilearner"
        }
        """;

    [Fact]
    public async Task ExecuteAsync_ClassicAddress_PatchesTheEndpointWithAReadReference()
    {
        using var service = new ScriptedHttp(_ => ScriptedHttp.Json("{}"));

        await Executor(service).ExecuteAsync(Attempt(ClassicEndpoint).Build(), TestContext.Current.CancellationToken);

        var request = Assert.Single(service.Requests);
        Assert.Equal("PATCH " + ClassicEndpoint, request.Method + " " + request.Address);
        Assert.Equal("Bearer key", request.Authorization);
        var resource = JsonNode.Parse(request.Body)!["Resources"]![0]!;
        Assert.Equal("Income [trained model]", (string?)resource["Name"]);
        Assert.Equal("http://blobs/", (string?)resource["Location"]!["BaseLocation"]);
        Assert.Equal("models/new.ilearner", (string?)resource["Location"]!["RelativeLocation"]);
        Assert.Equal("?sig=read", (string?)resource["Location"]!["SasBlobToken"]);
    }

    [Fact]
    public async Task ExecuteAsync_NewAddress_PatchesTheAssetOfThatName()
    {
        using var service = new ScriptedHttp(request => request switch
        {
            { Method: "POST" } => ScriptedHttp.Json("""{"access_token":"jwt"}"""),
            { Method: "GET" } => ScriptedHttp.Json(
                """{"properties":{"assets":{"asset1":{"name":"Other"},"asset7":{"name":"income [Trained Model]"}}}}"""),
            _ => ScriptedHttp.Json("{}"),
        });

        await Executor(service).ExecuteAsync(Attempt(NewEndpoint).Build(), TestContext.Current.CancellationToken);

        Assert.Equal("https://login.microsoftonline.com/contoso/oauth2/v2.0/token", service.Requests[0].Address);
        var patch = service.Requests[^1];
        Assert.Equal("PATCH", patch.Method);
        Assert.Equal("Bearer jwt", patch.Authorization);
        var asset = JsonNode.Parse(patch.Body)!["properties"]!["assets"]!["asset7"]!;
        Assert.Equal("http://blobs/models/new.ilearner", (string?)asset["locationInfo"]!["uri"]);
        Assert.Equal("?sig=read", (string?)asset["locationInfo"]!["credentials"]);
    }

    [Theory]
    [InlineData("https://management.azureml.net/somewhere")]
    [InlineData("not an address")]
    public async Task ExecuteAsync_AddressOfNeitherForm_SaysWhatIsExpected(string address)
    {
        using var service = new ScriptedHttp(_ => ScriptedHttp.Json("{}"));

        var failure = await Assert.ThrowsAsync<ActivityException>(() => Executor(service)
            .ExecuteAsync(Attempt(address).Build(), TestContext.Current.CancellationToken));

        Assert.Contains("webservices/SERVICE/endpoints/NAME", failure.Message, StringComparison.Ordinal);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task ExecuteAsync_ServiceRefuses_CarriesItsReply()
    {
        using var service = new ScriptedHttp(_ => ScriptedHttp.Json(
            """{"error":{"code":"BadArgument","message":"No resource of that name."}}""", HttpStatusCode.BadRequest));

        var failure = await Assert.ThrowsAsync<ActivityException>(() => Executor(service)
            .ExecuteAsync(Attempt(ClassicEndpoint).Build(), TestContext.Current.CancellationToken));

        Assert.Contains("'No resource of that name.'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_WithAGate_AsksForAGatedUpdateAndGivesTheFinding()
    {
        using var service = new ScriptedHttp(_ => ScriptedHttp.Json("""{"modelVersion":3,"gate":{"metric":"AUC","passed":true}}"""));

        var output = await Executor(service).ExecuteAsync(
            Gated(ClassicEndpoint).Build(), TestContext.Current.CancellationToken);

        var request = Assert.Single(service.Requests);
        Assert.Equal("PATCH " + ClassicEndpoint + "/gated", request.Method + " " + request.Address);
        Assert.Equal("""{"Metric":"AUC","Margin":0.01}""", JsonNode.Parse(request.Body)!["Gate"]!.ToJsonString());
        Assert.Equal(3, (int?)output["modelVersion"]);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict, """{"error":{"code":"Conflict","message":"Worse.","details":[{"code":"ModelRefusedByGate","message":"AUC is 0.7; expected at least 0.8"}]}}""", "AUX5040", "expected at least 0.8")]
    [InlineData(HttpStatusCode.NotFound, "", "AUX5041", "Nothing was updated")]
    [InlineData(HttpStatusCode.OK, "{}", "AUX5041", "Nothing was updated")]
    [InlineData(HttpStatusCode.NotFound, """{"error":{"code":"NotFound","message":"No such endpoint."}}""", "AUX5005", "No such endpoint.")]
    public async Task ExecuteAsync_GateNotPassed_FailsWithItsOwnCode(HttpStatusCode status, string body, string code, string message)
    {
        using var service = new ScriptedHttp(_ => ScriptedHttp.Json(body, status));

        var failure = await Assert.ThrowsAsync<ActivityException>(() => Executor(service).ExecuteAsync(
            Gated(ClassicEndpoint).Build(), TestContext.Current.CancellationToken));

        Assert.Equal(code, failure.Code.Value);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_GateOfANewService_IsRefusedBeforeAnyCall()
    {
        using var service = new ScriptedHttp(_ => ScriptedHttp.Json("{}"));

        var failure = await Assert.ThrowsAsync<ActivityException>(() => Executor(service).ExecuteAsync(
            Gated(NewEndpoint).Build(), TestContext.Current.CancellationToken));

        Assert.Equal("AUX5041", failure.Code.Value);
        Assert.Empty(service.Requests);
    }

    private static AttemptBuilder Gated(string updateResourceEndpoint)
    {
        var attempt = Attempt(updateResourceEndpoint);
        attempt.Overlay = attempt.Overlay with { ModelGates = attempt.Overlay.ModelGates.Add("*", new ModelGateOverlay("AUC", 0.01)) };
        return attempt;
    }

    private static AttemptBuilder Attempt(string updateResourceEndpoint) =>
        new AttemptBuilder("AzureMLUpdateResource", Properties)
            .WithLinkedService("Ml", "AzureML", new JsonObject
            {
                ["mlEndpoint"] = "https://ml.example/jobs",
                ["apiKey"] = "key",
                ["updateResourceEndpoint"] = updateResourceEndpoint,
                ["servicePrincipalId"] = "app",
                ["servicePrincipalKey"] = new JsonObject { ["type"] = "SecureString", ["value"] = "secret" },
                ["tenant"] = "contoso",
            }.ToJsonString())
            .WithLinkedService("Blob1", "AzureStorage", """{ "connectionString": "UseDevelopmentStorage=true" }""");

    private static UpdateResourceExecutor Executor(ScriptedHttp service)
    {
        var http = new HttpClient(service);
        var addresses = new EndpointAddresses(() => new Uri("http://127.0.0.1:5240"));
        return new UpdateResourceExecutor(
            http,
            new LinkedServiceResolver(new SecretReader(_ => null, _ => ""), TimeProvider.System),
            addresses,
            new ManagementTokens(http, addresses),
            _ => new ReferencesOnly());
    }

    // Only references are asked for: the activity reads no byte of the model itself.
    private sealed class ReferencesOnly : IBlobStore
    {
        public BlobReference GetReadReference(string path, TimeSpan validity) =>
            new(null, path, "http://blobs/", "?sig=read");

        public Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not to be called.");

        public Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not to be called.");

        public Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not to be called.");

        public Task<BlobUpload> ResumeWriteAsync(string path, UploadPosition position, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not to be called.");

        public Task DiscardUploadAsync(string path, UploadPosition position, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not to be called.");

        public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not to be called.");

        public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not to be called.");
    }
}
