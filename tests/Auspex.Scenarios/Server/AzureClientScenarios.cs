using System.Diagnostics;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>The published clients of Azure against this server, over https with its own certificate.</summary>
public sealed class AzureClientScenarios
{
    private const string Urls = "http://127.0.0.1:0;https://127.0.0.1:0";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("manage-factory.cjs", "@azure/arm-datafactory", "factories passed", "definitions passed", "triggers passed", "runs passed", "removal passed")]
    [InlineData("manage-workspace.cjs", "@azure/synapse-artifacts", "definitions passed", "runs passed", "removal passed")]
    public async Task Client_EveryStep_GetsWhatItExpects(string script, string package, params string[] steps)
    {
        await using var server = await ServerHarness.StartAsync(options => options with { Urls = Urls });
        await RunAsync(server, script, package, [], steps);
    }

    [Fact]
    public async Task WebServiceClients_EveryStep_GetWhatTheyExpect()
    {
        await using var server = await ServerHarness.StartAsync(options => options with { Urls = Urls, Modules = null });
        string[] models =
        [
            $"{server.ConnectionString};{await server.WriteModelAsync("models/first.ilearner", 100)}",
            $"{server.ConnectionString};{await server.WriteModelAsync("models/second.ilearner", 7)}",
        ];
        await RunAsync(
            server,
            "manage-webservices.cjs",
            "@azure/arm-webservices",
            models,
            ["creation passed", "lists passed", "updates passed", "errors passed", "removal passed", "places passed"]);
    }

    private static async Task RunAsync(ServerHarness server, string script, string package, string[] arguments, string[] steps)
    {
        var folder = Path.Combine(RepositoryRoot(), "tests", "node");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", package)), $"{package} is not installed.");
        var certificate = Path.Combine(server.Folder, "data", "certificates", "server.crt");

        var start = new ProcessStartInfo(
            "node", [Path.Combine(folder, script), server.Server.HttpsUrl!.ToString(), server.Server.SessionOwnerToken, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["NODE_EXTRA_CA_CERTS"] = certificate;
        using var node = Process.Start(start)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(Cancellation), node.StandardError.ReadToEndAsync(Cancellation));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            await node.WaitForExitAsync(timeout.Token);
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill();
            }
        }

        Assert.True(node.ExitCode == 0, $"{await output}\n{await errors}");
        Assert.Equal(steps, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Auspex.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Auspex.slnx is nowhere above the tests.");
        }

        return folder;
    }
}
