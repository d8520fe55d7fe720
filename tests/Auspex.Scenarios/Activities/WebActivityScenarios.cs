using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Activities.External;
using Auspex.Connectors.Http;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Activities;

/// <summary>Web activities against real servers.</summary>
public sealed class WebActivityScenarios
{
    private const string Metadata = "http://169.254.169.254/latest/meta-data";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WebActivity_LongWork_IsFollowedToItsResult()
    {
        var looks = 0;
        await using var server = new AnsweringServer(request => request.Method == "POST" ? new ServedAnswer(202, "", "/jobs/7", 0)
            : ++looks < 3 ? new ServedAnswer(202, "", null, 0)
            : new ServedAnswer(200, """{"result":"done"}"""));
        using var harness = new ExternalHarness();

        var output = await harness.RunAsync("WebActivity", $$"""
            { "method": "POST", "url": "{{server.Address}}jobs", "body": { "n": 1 }, "headers": { "X-A": "b" } }
            """);

        Assert.Equal("done", (string?)output["result"]);
        Assert.Equal(["POST /jobs", "GET /jobs/7", "GET /jobs/7", "GET /jobs/7"], server.Requests.Select(request => $"{request.Method} {request.PathAndQuery}"));
        Assert.Equal("""{"n":1}""", server.Requests.First().Body);
        Assert.Equal("b", server.Requests.First().Headers["X-A"]);
    }

    [Theory]
    [InlineData("WebActivity", """{ "method": "GET", "url": "URL" }""")]
    [InlineData("WebActivity", """{ "method": "GET", "url": "URL", "disableCertValidation": true }""")]
    [InlineData("WebHook", """{ "method": "POST", "url": "URL" }""")]
    [InlineData("AzureFunctionActivity", """{ "method": "POST", "functionName": "F" }""")]
    public async Task Call_RedirectedToMetadata_StopsThere(string type, string properties)
    {
        await using var server = new AnsweringServer(_ => new ServedAnswer(302, "", Metadata));
        using var harness = new ExternalHarness()
            .LinkedService("App", "AzureFunction", new JsonObject { ["functionAppUrl"] = server.Address, ["functionKey"] = "k" });

        var failure = await Assert.ThrowsAsync<ActivityException>(() => harness.RunAsync(
            type, properties.Replace("URL", server.Address, StringComparison.Ordinal), type.StartsWith("Azure", StringComparison.Ordinal) ? "App" : null));

        Assert.IsType<OutboundRefusedException>(failure.InnerException);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Poll_LedToMetadata_StopsThere()
    {
        await using var server = new AnsweringServer(_ => new ServedAnswer(202, "", Metadata, 0));
        using var harness = new ExternalHarness();

        var failure = await harness.FailAsync("WebActivity", $$"""{ "method": "POST", "url": "{{server.Address}}" }""");

        Assert.IsType<OutboundRefusedException>(failure.InnerException);
    }

    [Fact]
    public async Task Lookup_HttpSourceRedirectedToMetadata_StopsThere()
    {
        await using var server = new AnsweringServer(_ => new ServedAnswer(302, "", Metadata));
        using var harness = new DataHarness()
            .LinkedService("Http", "HttpServer", new JsonObject { ["url"] = server.Address, ["authenticationType"] = "Anonymous" })
            .LinkedService("Rest", "RestService", new JsonObject { ["url"] = server.Address, ["authenticationType"] = "Anonymous" })
            .Dataset("Csv", "DelimitedText", """{ "location": { "type": "HttpServerLocation", "relativeUrl": "a.csv" } }""", "Http")
            .Dataset("Json", "RestResource", """{ "relativeUrl": "rows" }""", "Rest");

        foreach (var (dataset, source) in new[] { ("Csv", "DelimitedTextSource"), ("Json", "RestSource") })
        {
            var failure = await Assert.ThrowsAsync<ActivityException>(() => harness.RunAsync(
                "Lookup", $$"""{ "source": { "type": "{{source}}" }, "dataset": { "referenceName": "{{dataset}}", "type": "DatasetReference" } }"""));
            Assert.Contains("link-local", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WebActivity_HostOffTheAllowList_IsRefused()
    {
        await using var server = new AnsweringServer(_ => new ServedAnswer(200, "{}"));
        using var harness = new ExternalHarness(outbound: new OutboundOptions { AllowedHosts = ["*.example.com"] });

        var failure = await harness.FailAsync("WebActivity", $$"""{ "method": "GET", "url": "{{server.Address}}" }""");

        Assert.Contains("*.example.com", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WebActivity_AnswerThatNeverEnds_FailsAtTheLimit()
    {
        await using var server = new AnsweringServer(_ => new ServedAnswer(200, new string('x', 1 << 20)));
        using var harness = new ExternalHarness(web: new WebOptions { MaxResponseBytes = 100_000 });

        Assert.Equal("2001", (await harness.FailAsync("WebActivity", $$"""{ "method": "GET", "url": "{{server.Address}}" }""")).ActivityErrorCode);
    }

    [Fact]
    public async Task WebActivity_Certificates_AreCheckedAndShown()
    {
        using var serverKey = RSA.Create(2048);
        using var serverCertificate = SelfSigned("CN=127.0.0.1", serverKey);
        using var clientKey = RSA.Create(2048);
        using var clientCertificate = SelfSigned("CN=the client", clientKey);
        var pfx = Convert.ToBase64String(clientCertificate.Export(X509ContentType.Pfx, "pw"));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var serving = ServeAsync(listener, serverCertificate, stop.Token);
        var url = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        using var harness = new ExternalHarness();

        var refused = await harness.FailAsync("WebActivity", $$"""{ "method": "GET", "url": "{{url}}" }""");
        var plain = await harness.RunAsync("WebActivity", $$"""{ "method": "GET", "url": "{{url}}", "disableCertValidation": true }""");
        var shown = await harness.RunAsync("WebActivity", $$"""
            { "method": "GET", "url": "{{url}}", "disableCertValidation": true,
              "authentication": { "type": "ClientCertificate", "pfx": "{{pfx}}", "password": { "type": "SecureString", "value": "pw" } } }
            """);

        await stop.CancelAsync();
        await serving;
        Assert.Equal("2128", refused.ActivityErrorCode);
        Assert.Equal("nobody", (string?)plain["who"]);
        Assert.Equal("CN=the client", (string?)shown["who"]);
    }

    private static X509Certificate2 SelfSigned(string name, RSA key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = certificate,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = (_, _, _, _) => TestAccepts(),
                    },
                    cancellationToken);
                _ = await stream.ReadAsync(new byte[16_384], cancellationToken);
                var body = $$"""{"who":"{{stream.RemoteCertificate?.Subject ?? "nobody"}}"}""";
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"),
                    cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client that does not trust goes away; the next one comes.
            }
        }
    }

    // Whoever calls is asked for a certificate; which one it is is what the test looks at.
    private static bool TestAccepts() => true;
}
