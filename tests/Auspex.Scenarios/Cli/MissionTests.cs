using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.TestKit;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Cli;

public sealed class MissionTests(DemoFixture demo, AzuriteFixture azurite)
{
    [Fact]
    public async Task ScoreAndRetrain_OnAzurite_GiveTheSameBytesAsOnAFolder()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await azurite.EnsureStartedAsync();
        using var folder = new TemporaryFolder();
        var factory = await demo.CopyAsync(folder.File("factory"));
        ChangeOverlay(factory, overlay =>
        {
            foreach (var storage in new[] { "AzureStorageLinkedService1", "AzureStorageLinkedService2" })
            {
                overlay["linkedServices"]![storage] = new JsonObject
                {
                    ["typeProperties"] = new JsonObject { ["connectionString"] = azurite.ConnectionString },
                };
            }
        });
        using var stores = new BlobStores(new BlobStoresOptions(), TimeProvider.System);
        var store = stores.Open(azurite.ConnectionString);
        foreach (var name in new[] { "amltest/input/in1.csv", "amltest/input/in2.csv", "amltest/training/people-new.csv" })
        {
            await using var upload = await store.OpenWriteAsync(name, cancellationToken);
            await upload.Stream.WriteAsync(await File.ReadAllBytesAsync(BlobFile(factory, name), cancellationToken), cancellationToken);
            await upload.CommitAsync(cancellationToken);
        }

        foreach (var pipeline in new[] { "score-batch", "retrain" })
        {
            var (exitCode, process) = await AuspexProcess.RunAsync(factory, cancellationToken, "run", pipeline, "--factory", factory);
            await using (process)
            {
                Assert.True(exitCode == 0, process.Transcript);
            }
        }

        foreach (var name in new[] { "out1.csv", "out2.csv", "out1-retrained.csv" }.Select(name => "amltest2/output/" + name))
        {
            await using var stream = await store.OpenReadAsync(name, 0, cancellationToken);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellationToken);
            Assert.Equal(await File.ReadAllBytesAsync(BlobFile(factory, name), cancellationToken), bytes.ToArray());
        }
    }

    [Fact]
    public async Task Run_MissingBlob_FailsWithTheServicesReply()
    {
        using var folder = new TemporaryFolder();
        var factory = await demo.CopyAsync(folder.File("factory"));
        File.Delete(BlobFile(factory, "amltest/input/in1.csv"));

        var transcript = await FailAsync(factory, "score-batch", expectedExitCode: 1);

        Assert.Contains("2600", transcript, StringComparison.Ordinal);
        Assert.Contains("in1.csv", transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WrongKey_SaysUnauthorized()
    {
        using var folder = new TemporaryFolder();
        var factory = await demo.CopyAsync(folder.File("factory"));
        ChangeOverlay(factory, overlay => overlay["linkedServices"]!["AzureMLLinkedService"]!["typeProperties"]!["apiKey"] = "wrong");

        var transcript = await FailAsync(factory, "score-batch", expectedExitCode: 1);

        Assert.Contains("2600", transcript, StringComparison.Ordinal);
        Assert.DoesNotContain("\"wrong\"", transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutputWithoutExtension_IsRefusedBeforeAnythingRuns()
    {
        using var folder = new TemporaryFolder();
        var factory = await demo.CopyAsync(folder.File("factory"));
        var pipeline = Path.Combine(factory, "pipeline", "score-batch.json");
        await File.WriteAllTextAsync(
            pipeline,
            (await File.ReadAllTextAsync(pipeline, TestContext.Current.CancellationToken))
                .Replace("amltest2/output/out1.csv", "amltest2/output/out1", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var transcript = await FailAsync(factory, "score-batch", expectedExitCode: 1);

        Assert.Contains(".csv, .tsv, .arff", transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UnknownPipeline_ExitsWith2AndTheNearestName()
    {
        using var folder = new TemporaryFolder();
        var factory = await demo.CopyAsync(folder.File("factory"));

        var transcript = await FailAsync(factory, "score-bach", expectedExitCode: 2);

        Assert.Contains("did you mean 'score-batch'?", transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_MisCasedInputName_IsFoundBeforeTheRun()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var factory = await demo.CopyAsync(folder.File("factory"));
        var pipeline = Path.Combine(factory, "pipeline", "score-batch.json");
        await File.WriteAllTextAsync(
            pipeline,
            (await File.ReadAllTextAsync(pipeline, cancellationToken)).Replace("\"input2\"", "\"Input2\"", StringComparison.Ordinal),
            cancellationToken);
        await using var server = new RunningServer(factory);
        await server.StartAsync(cancellationToken);

        var (exitCode, process) = await AuspexProcess.RunAsync(factory, cancellationToken, "validate", "--factory", factory);

        await using (process)
        {
            Assert.Equal(2, exitCode);
            Assert.Contains("did you mean 'input2'? Names are case-sensitive", process.Transcript, StringComparison.Ordinal);
        }
    }

    private static async Task<string> FailAsync(string factory, string pipeline, int expectedExitCode)
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(
            factory, TestContext.Current.CancellationToken, "run", pipeline, "--factory", factory);
        await using (process)
        {
            Assert.True(exitCode == expectedExitCode, $"exit code {exitCode}\n{process.Transcript}");
            return process.Transcript;
        }
    }

    private static string BlobFile(string factory, string blob) => Path.Combine([factory, "data", .. blob.Split('/')]);

    private static void ChangeOverlay(string factory, Action<JsonObject> change)
    {
        var path = Path.Combine(factory, "auspex.json");
        var overlay = (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;
        change(overlay);
        File.WriteAllText(path, overlay.ToJsonString());
    }
}
