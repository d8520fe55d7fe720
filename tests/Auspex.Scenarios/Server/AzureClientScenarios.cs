using System.Diagnostics;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>The published clients of Azure against this server, over https with its own certificate.</summary>
public sealed class AzureClientScenarios
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("manage-factory.cjs", "@azure/arm-datafactory", "factories passed", "definitions passed", "triggers passed", "runs passed", "removal passed")]
    [InlineData("manage-workspace.cjs", "@azure/synapse-artifacts", "definitions passed", "runs passed", "removal passed")]
    public async Task Client_EveryStep_GetsWhatItExpects(string script, string package, params string[] steps)
    {
        var folder = Path.Combine(RepositoryRoot(), "tests", "node");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", package)), $"{package} is not installed.");
        await using var server = await ServerHarness.StartAsync(options => options with { Urls = "http://127.0.0.1:0;https://127.0.0.1:0" });
        var certificate = Path.Combine(server.Folder, "data", "certificates", "server.crt");

        var start = new ProcessStartInfo("node", [Path.Combine(folder, script), server.Server.HttpsUrl!.ToString(), server.Server.SessionOwnerToken])
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
