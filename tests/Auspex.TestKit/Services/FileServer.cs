using System.Net;

namespace Auspex.TestKit.Services;

/// <summary>A real HTTP server on a free port that serves what it was given, by path.</summary>
public sealed class FileServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Task _serving;

    public FileServer()
    {
        var port = ServiceProcess.FreePort();
        Address = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/");
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The address, with a slash at its end.</summary>
    public string Address { get; }

    /// <summary>Serves a file.</summary>
    public void Add(string path, byte[] content) => _files[path] = content;

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

            if (_files.TryGetValue(context.Request.Url!.AbsolutePath.TrimStart('/'), out var content))
            {
                context.Response.ContentLength64 = content.Length;
                await context.Response.OutputStream.WriteAsync(content);
            }
            else
            {
                context.Response.StatusCode = 404;
            }

            context.Response.Close();
        }
    }
}
