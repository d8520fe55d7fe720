using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>Sends requests as one of the original's clients writes them: its headers, its content type, its bodies.</summary>
/// <param name="server">The running server.</param>
/// <param name="contentType">Of every body.</param>
/// <param name="headers">Sent with every call.</param>
internal sealed class RecordedClient(ServerHarness server, string contentType, params (string Name, string Value)[] headers)
{
    public string Workspace => server.Server.WorkspaceId;

    /// <summary>The Studio interface's root of the workspace.</summary>
    public string Studio => $"/api/workspaces/{Workspace}";

    /// <summary>The classic management interface's root of the workspace.</summary>
    public string Management => $"/workspaces/{Workspace}/webservices";

    /// <summary>As the Python client does for the Studio and management interfaces.</summary>
    public static RecordedClient Python(ServerHarness server) => new(
        server,
        "application/json;charset=UTF8",
        ("User-Agent", "pyazureml/0.2.7"),
        ("x-ms-client-session-id", "DefaultSession"),
        ("x-ms-metaanalytics-authorizationtoken", server.Server.SessionOwnerToken),
        ("authorization", $"bearer {server.Server.SessionOwnerToken}"));

    /// <summary>As the R client does; its publishing writes two blanks behind the scheme.</summary>
    public static RecordedClient R(ServerHarness server) => new(
        server,
        "application/json",
        ("User-Agent", "R"),
        ("Accept", "application/json"),
        ("x-ms-client-session-id", "DefaultSession"),
        ("x-ms-metaanalytics-authorizationtoken", server.Server.SessionOwnerToken),
        ("Authorization", $"Bearer  {server.Server.SessionOwnerToken}"));

    /// <summary>As the PowerShell module does: both headers with the same value, to every interface.</summary>
    public static RecordedClient PowerShell(ServerHarness server, string? key = null) => new(
        server,
        "application/json; charset=us-ascii",
        ("x-aml-sdk", "powershell_0.3.8"),
        ("x-ms-metaanalytics-authorizationtoken", key ?? server.Server.SessionOwnerToken),
        ("Authorization", $"Bearer {key ?? server.Server.SessionOwnerToken}"));

    public async Task<(HttpStatusCode Status, string Text)> SendAsync(
        HttpMethod method, string address, string? body = null, string? type = null)
    {
        var (status, bytes) = await SendBytesAsync(method, address, body is null ? null : Encoding.UTF8.GetBytes(body), type);
        return (status, Encoding.UTF8.GetString(bytes));
    }

    public async Task<(HttpStatusCode Status, byte[] Bytes)> SendBytesAsync(
        HttpMethod method, string address, byte[]? body = null, string? type = null)
    {
        using var request = new HttpRequestMessage(method, address);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type ?? contentType);
        }

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A call that must succeed; its answer as JSON, null for an empty one.</summary>
    public async Task<JsonNode?> CallAsync(HttpMethod method, string address, string? body = null, string? type = null)
    {
        var (status, text) = await SendAsync(method, address, body, type);
        Assert.True((int)status is >= 200 and < 300, $"{method} {address}: {(int)status} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Fetches what an endpoint object of Studio points at: base, location and credential in a row, no headers of ours.</summary>
    public async Task<byte[]> DownloadAsync(JsonNode place) => await server.Http.GetByteArrayAsync(
        new Uri($"{place["BaseUri"]}{place["Location"]}{place["AccessCredential"]}"), TestContext.Current.CancellationToken);
}
