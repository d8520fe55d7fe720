using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Activities.External;
using Auspex.Activities.External.Commands;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Scenarios.Activities;

/// <summary>Custom activities with real programs: those of a Unix shell.</summary>
public sealed class CustomScenarios : IDisposable
{
    private readonly ExternalHarness _harness = new();

    public CustomScenarios()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs of these tests are those of a Unix shell.");
        _harness.LinkedService("Batch", "AzureBatch", new JsonObject { ["accountName"] = "acct", ["poolName"] = "pool" })
            .LinkedService("Ls", "CustomDataSource", new JsonObject { ["key"] = new JsonObject { ["type"] = "SecureString", ["value"] = "clear" } })
            .Dataset("Ds", "DelimitedText", """{ "location": { "fileName": "a.csv" } }""");
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Run_Program_FindsItsFilesAndLeavesItsOutputs()
    {
        _harness.Write("app/run.sh", """
            #!/bin/sh
            echo "to stdout $1"
            echo "to stderr" >&2
            cat ./data.txt activity.json linkedServices.json datasets.json > all.txt
            printf '{"pool":"%s","dir":"%s","token":"%s"}' "$AZ_BATCH_POOL_ID" "$(basename "$AZ_BATCH_TASK_WORKING_DIR")" "$AUSPEX_TEST_SECRET" > outputs.json
            """).Write("app/deeper/data.txt", "from below\n");
        Environment.SetEnvironmentVariable("AUSPEX_TEST_SECRET", "leaked");

        var output = await RunAsync("""
            { "command": "run.sh 'one word'", "resourceLinkedService": { "referenceName": "Files" }, "folderPath": "app",
              "extendedProperties": { "Secret": { "type": "SecureString", "value": "s3" }, "Plain": 1 },
              "referenceObjects": { "linkedServices": [ { "referenceName": "Ls" } ], "datasets": [ { "referenceName": "Ds" } ] } }
            """);

        Assert.Equal(0, (int)output["exitcode"]!);
        Assert.Equal("""{"pool":"pool","dir":"wd","token":""}""", output["customOutput"]!.ToJsonString());
        Assert.Equal("to stdout one word\n", await ReadAsync(output, 0));
        Assert.Equal("to stderr\n", await ReadAsync(output, 1));
        var folder = Path.Combine(Path.GetDirectoryName(new Uri((string)output["outputs"]![0]!).LocalPath)!, "wd");
        Assert.StartsWith("from below", await File.ReadAllTextAsync(Path.Combine(folder, "all.txt"), Cancellation), StringComparison.Ordinal);
        var activity = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "activity.json"), Cancellation))!;
        Assert.Equal("s3", (string?)activity["typeProperties"]!["extendedProperties"]!["Secret"]);
        var services = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "linkedServices.json"), Cancellation))!;
        Assert.Equal("clear", (string?)services[0]!["properties"]!["typeProperties"]!["key"]);
        Assert.Equal("Ds", (string?)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "datasets.json"), Cancellation))![0]!["name"]);
    }

    [Fact]
    public async Task Run_WithAStorageOfTheBatchAccount_CopiesBothStreamsThere()
    {
        _harness.LinkedService("Stored", "AzureBatch", JsonNode.Parse("""{"linkedServiceName": {"referenceName": "Files", "type": "LinkedServiceReference"}}""")!.AsObject())
            .LinkedService("Elsewhere", "AzureBatch", JsonNode.Parse("""{"linkedServiceName": {"referenceName": "Azure"}}""")!.AsObject())
            .LinkedService("Azure", "AzureBlobStorage", new JsonObject { ["serviceEndpoint"] = "https://x.blob.core.windows.net" });

        var stored = await _harness.RunAsync("Custom", """{ "command": "/bin/echo kept" }""", "Stored");
        var kept = await ReadAsync(stored, 0);
        var failed = await _harness.FailAsync("Custom", """{ "command": "/bin/sh -c 'echo bad >&2; exit 1'" }""", "Stored");
        var local = await _harness.RunAsync("Custom", """{ "command": "/bin/echo here" }""", "Elsewhere");

        Assert.StartsWith(new Uri(Path.Combine(_harness.Folder, "adfjobs") + "/").AbsoluteUri, (string)stored["outputs"]![0]!, StringComparison.Ordinal);
        Assert.EndsWith("/output/stdout.txt", (string)stored["outputs"]![0]!, StringComparison.Ordinal);
        Assert.Equal("kept\n", kept);
        Assert.Equal("bad\n", await ReadAsync(failed.Output!, 1));
        Assert.Equal("here\n", await ReadAsync(local, 0));
        Assert.Contains("/commands/", (string)local["outputs"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ExitCode_FailsWithTheEndOfStderr()
    {
        var failure = await _harness.FailAsync("Custom", """{ "command": "/bin/sh -c 'echo went wrong >&2; exit 3'" }""", "Batch");

        Assert.Equal("2500", failure.ActivityErrorCode);
        Assert.StartsWith("Hit unexpected exception and execution failed.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("went wrong", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, (int)failure.Output!["exitcode"]!);
    }

    [Theory]
    [InlineData("printf nonsense > outputs.json", "no JSON")]
    [InlineData("head -c 2100000 /dev/zero > outputs.json", "larger than 2 MB")]
    public async Task Run_BadOutputs_Fails(string script, string said)
    {
        var failure = await _harness.FailAsync("Custom", $$"""{ "command": "/bin/sh -c '{{script}}'" }""", "Batch");

        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MuchOutput_IsCutAndTheProgramGoesOn()
    {
        using var harness = new ExternalHarness(custom: new CustomOptions { Enabled = true, MaxStreamBytes = 1_024 })
            .LinkedService("Batch", "AzureBatch", []);

        var output = await harness.RunAsync("Custom", """{ "command": "/bin/sh -c 'head -c 3000000 /dev/zero'" }""", "Batch");

        Assert.Equal(1_024, new FileInfo(new Uri((string)output["outputs"]![0]!).LocalPath).Length);
    }

    [Fact]
    public async Task Run_Stopped_EndsTheProgramAndWhatItStarted()
    {
        using var stop = new CancellationTokenSource();
        var run = _harness.RunAsync(
            "Custom", """{ "command": "/bin/sh -c 'sleep 300 & echo $! > child.txt; wait'" }""", "Batch", stop.Token);
        var file = Path.Combine(_harness.Folder, "commands", "bd1f2f0c-6f0a-4f6e-8b3a-0d9d2c1d7e11-1", "wd", "child.txt");
        while (!File.Exists(file) || (await File.ReadAllTextAsync(file, Cancellation)).Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        var child = int.Parse((await File.ReadAllTextAsync(file, Cancellation)).Trim(), CultureInfo.InvariantCulture);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(await HasEndedAsync(child));
    }

    [Fact]
    public async Task Run_AgainAfterACrash_EndsWhatTheEarlierHostLeft()
    {
        using var left = Process.Start(new ProcessStartInfo("/bin/sleep", "300"))!;
        _harness.Checkpoint = new JsonObject
        {
            ["processId"] = left.Id,
            ["processStart"] = CommandProcess.StartOf(left),
        };

        await RunAsync("""{ "command": "/bin/true" }""");

        Assert.True(await HasEndedAsync(left.Id));
    }

    [Fact]
    public async Task Run_AgainAfterACrash_LeavesOtherProcessesAlone()
    {
        using var other = Process.Start(new ProcessStartInfo("/bin/sleep", "300"))!;
        _harness.Checkpoint = new JsonObject { ["processId"] = other.Id, ["processStart"] = "1" };

        await RunAsync("""{ "command": "/bin/true" }""");

        Assert.False(other.HasExited);
        other.Kill();
    }

    [Fact]
    public async Task Run_FoldersPastTheirRetention_AreRemoved()
    {
        await RunAsync("""{ "command": "/bin/true", "retentionTimeInDays": 0 }""");
        var kept = Path.Combine(_harness.Folder, "commands", "old");
        Directory.Move(Directory.GetDirectories(Path.Combine(_harness.Folder, "commands")).Single(), kept);

        await RunAsync("""{ "command": "/bin/true" }""");

        Assert.False(Directory.Exists(kept));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<JsonObject> RunAsync(string properties) => _harness.RunAsync("Custom", properties, "Batch");

    private static Task<string> ReadAsync(JsonObject output, int index) =>
        File.ReadAllTextAsync(new Uri((string)output["outputs"]![index]!).LocalPath, Cancellation);

    private static async Task<bool> HasEndedAsync(int id)
    {
        for (var look = 0; look < 250; look++)
        {
            // A killed process stays listed, as a zombie, until its parent has been told.
            var status = $"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat";
            if (!File.Exists(status) || (await File.ReadAllTextAsync(status, Cancellation)).Contains(") Z ", StringComparison.Ordinal))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        return false;
    }
}
