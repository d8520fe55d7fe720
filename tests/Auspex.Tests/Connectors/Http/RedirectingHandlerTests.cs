using System.Net;
using System.Net.Http.Headers;
using Auspex.Connectors.Http;
using Xunit;

namespace Auspex.Tests.Connectors.Http;

public sealed class RedirectingHandlerTests
{
    [Theory]
    [InlineData(301, "POST", "GET", "")]
    [InlineData(302, "POST", "GET", "")]
    [InlineData(302, "PUT", "PUT", "body")]
    [InlineData(303, "PUT", "GET", "")]
    [InlineData(307, "POST", "POST", "body")]
    [InlineData(308, "POST", "POST", "body")]
    public async Task Send_Redirection_KeepsOrChangesTheMethod(int status, string method, string then, string body)
    {
        var server = new Server(request => request.RequestUri!.AbsolutePath == "/b"
            ? new HttpResponseMessage(HttpStatusCode.OK)
            : Redirect(status, "/b"));

        using var answer = await SendAsync(server, method, "https://a.test/a");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([$"{method} https://a.test/a body Basic x", $"{then} https://a.test/b {body} Basic x"], server.Seen);
    }

    [Fact]
    public async Task Send_ToAnotherServer_LeavesTheCredentialsBehind()
    {
        var server = new Server(request => request.RequestUri!.Host == "b.test"
            ? new HttpResponseMessage(HttpStatusCode.OK)
            : Redirect(307, "https://b.test/"));

        using var answer = await SendAsync(server, "POST", "https://a.test/");

        Assert.Equal("POST https://b.test/ body ", server.Seen[1]);
    }

    [Theory]
    [InlineData("http://a.test/")]
    [InlineData("ftp://a.test/")]
    public async Task Send_DownFromHttps_IsNotFollowed(string location)
    {
        var server = new Server(_ => Redirect(302, location));

        using var answer = await SendAsync(server, "GET", "https://a.test/");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Single(server.Seen);
    }

    [Fact]
    public async Task Send_InACircle_EndsAfterFive()
    {
        var server = new Server(_ => Redirect(302, "/again"));

        using var answer = await SendAsync(server, "GET", "https://a.test/");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(6, server.Seen.Count);
    }

    private static async Task<HttpResponseMessage> SendAsync(Server server, string method, string address)
    {
        using var client = new HttpClient(new RedirectingHandler(server));
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = new StringContent("body") };
        request.Headers.Authorization = AuthenticationHeaderValue.Parse("Basic x");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static HttpResponseMessage Redirect(int status, string location)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.Location = new Uri(location, UriKind.RelativeOrAbsolute);
        return response;
    }

    private sealed class Server(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<string> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Seen.Add($"{request.Method} {request.RequestUri} {body} {request.Headers.Authorization}");
            return answer(request);
        }
    }
}
