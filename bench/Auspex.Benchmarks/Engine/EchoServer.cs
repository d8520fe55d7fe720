using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Auspex.Benchmarks.Engine;

/// <summary><c>engine serve</c>: another process that answers every GET, until its input ends. Prints its address.</summary>
internal static class EchoServer
{
    private static readonly byte[] Answer = Encoding.UTF8.GetBytes("""{"done":true}""");

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        await using var server = builder.Build();
        server.MapGet("/", () => Results.Bytes(Answer, "application/json"));
        await server.StartAsync();
        Console.WriteLine(server.Urls.Single());
        await Console.In.ReadToEndAsync();
        await server.StopAsync();
        return 0;
    }
}
