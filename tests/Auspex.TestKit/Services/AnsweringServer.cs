using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Auspex.TestKit.Services;

/// <summary>A request as <see cref="AnsweringServer"/> got it.</summary>
public sealed record ServedRequest(string Method, string PathAndQuery, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>What <see cref="AnsweringServer"/> answers.</summary>
public sealed record ServedAnswer(int Status, string Body = "", string? Location = null, int? RetryAfter = null);

/// <summary>A real HTTP server on a free loopback port that answers as the test says.</summary>
public sealed class AnsweringServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<ServedRequest, ServedAnswer> _answer;
    private readonly Task _serving;

    public AnsweringServer(Func<ServedRequest, ServedAnswer> answer)
    {
        _answer = answer;
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServiceProcess.FreePort()}/");
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The address, with a slash at its end.</summary>
    public string Address { get; }

    /// <summary>Requests so far.</summary>
    public ConcurrentQueue<ServedRequest> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var request = new ServedRequest(
                context.Request.HttpMethod,
                context.Request.Url!.PathAndQuery,
                await reader.ReadToEndAsync(),
                context.Request.Headers.AllKeys.ToDictionary(name => name!, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase));
            Requests.Enqueue(request);
            var answer = _answer(request);
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = "application/json";
            if (answer.Location is { } location)
            {
                context.Response.Headers["Location"] = location;
            }

            if (answer.RetryAfter is { } seconds)
            {
                context.Response.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
            }

            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
            context.Response.Close();
        }
    }
}
