using System.Diagnostics;
using System.Text.Json.Nodes;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>A recording is whole or is not there, however the run ends.</summary>
public sealed class RecordingStopTests : IDisposable
{
    private const string Pipeline = """
        { "name": "slow", "properties": { "activities": [
            { "name": "First", "type": "Wait", "typeProperties": { "waitTimeInSeconds": 1 } },
            { "name": "Long", "type": "Wait", "dependsOn": [ { "activity": "First", "dependencyConditions": [ "Succeeded" ] } ],
              "typeProperties": { "waitTimeInSeconds": 600 } } ] } }
        """;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Record_OfARunThatIsStopped_IsWholeAndCanBeReplayed(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent with kill, and looked for in /proc.");
        Assert.SkipWhen(signal == "INT" && IsInterruptIgnored(), "Whoever started these tests in the background had SIGINT ignored, which programs inherit.");
        await using var process = await StartAsync();
        await SendAsync(signal, process.Id);
        var exitCode = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Cancellation);

        Assert.True(exitCode == 3, $"exit code {exitCode}\n{process.Transcript}");
        var file = Assert.Single(Directory.GetFiles(_folder.File("recordings")));
        var recording = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!;
        Assert.Equal("Cancelled", (string?)recording["status"]);
        Assert.Equal(
            [("First", "Succeeded"), ("Long", "Cancelled")],
            recording["activities"]!.AsArray().Select(activity => ((string?)activity!["activity"], (string?)activity["status"])));
        var (replayed, replay) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, "test", "--replay", "recordings");
        await replay.DisposeAsync();
        Assert.True(replayed is 0 or 1, replay.Transcript);
        Assert.DoesNotContain("damaged", replay.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_OfARunThatIsKilled_IsNotThere()
    {
        await using var process = await StartAsync();
        await process.KillAsync();

        Assert.False(Directory.Exists(_folder.File("recordings")) && Directory.EnumerateFileSystemEntries(_folder.File("recordings")).Any());
    }

    private async Task<AuspexProcess> StartAsync()
    {
        Directory.CreateDirectory(_folder.File("pipeline"));
        await File.WriteAllTextAsync(_folder.File("pipeline/slow.json"), Pipeline, Cancellation);
        var process = AuspexProcess.Start(_folder.Path, "run", "slow", "--record", "recordings/");
        await process.WaitForLineAsync(line => line.Contains("Long", StringComparison.Ordinal), TimeSpan.FromMinutes(1), Cancellation);
        return process;
    }

    private static bool IsInterruptIgnored()
    {
        const ulong Interrupt = 1 << (2 - 1);
        var ignored = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & Interrupt) != 0;
    }

    private static async Task SendAsync(string signal, int id)
    {
        using var kill = Process.Start("kill", ["-" + signal, id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancellation);
    }
}
