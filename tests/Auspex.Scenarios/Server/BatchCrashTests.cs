using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Connectors.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Batch;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>A row-wise job that dies again and again: the seed is in the test's name, so that a failing one can be run again.</summary>
public sealed class BatchCrashTests
{
    private const int Rows = 1_000_000;

    [Theory]
    [InlineData(1, 200)]
    public async Task Job_DyingAtRandomMoments_EndsWithTheBytesOfAnUndisturbedOne(int seed, int deaths)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await ServerHarness.StartAsync();
        var model = await LoadAsync(server);
        WriteInput(Path.Combine(server.Files, "in/wide.csv"));
        var store = new FolderBlobStore(server.Files, new FileRoots([server.Files]));
        var policy = new BadRowPolicy(BadRowMode.Quarantine);
        var body = new JobBody(
            new Dictionary<string, BlobReference> { ["input1"] = new(server.ConnectionString, "in/wide.csv", null, null) },
            new Dictionary<string, BlobReference> { ["output1"] = new(server.ConnectionString, "out/disturbed.csv", null, null) },
            new Dictionary<string, string>());
        var work = new BatchWork("job", body, model);

        var random = new Random(seed);
        var undisturbed = await RunAsync("out/undisturbed.csv", new Life(int.MaxValue), null);
        Assert.NotNull(undisturbed.Output);
        var life = undisturbed;
        JsonObject? checkpoint = null;
        var mostScoredTwice = 0L;
        var died = 0;
        var unheard = 0;
        while (died < deaths || life.Output is null)
        {
            // Long enough to get on, short enough to die often: a life ends after some blocks, or some checkpoints.
            life = await RunAsync("out/disturbed.csv", new Life(died < deaths ? random.Next(1, 90) : int.MaxValue), checkpoint);
            checkpoint = life.Checkpoint ?? checkpoint;
            unheard += checkpoint is null ? 1 : 0;
            if (life.Output is not null && died < deaths)
            {
                // It came to its end before it could die often enough: another job, from the beginning.
                AssertEqual();
                checkpoint = null;
                continue;
            }

            died += life.Output is null ? 1 : 0;
            mostScoredTwice = Math.Max(mostScoredTwice, life.Scored - ((long?)checkpoint?["rows"] ?? 0));
        }

        AssertEqual();
        Assert.Equal(undisturbed.Output!.ToJsonString().Replace("undisturbed", "disturbed", StringComparison.Ordinal), life.Output!.ToJsonString());
        Assert.True(mostScoredTwice <= Rows / 100, $"seed {seed}: {mostScoredTwice} of {Rows} rows were scored twice.");

        void AssertEqual()
        {
            Assert.True(Same("out/undisturbed.csv", "out/disturbed.csv"), $"seed {seed}: the output differs after {died} deaths.");
            Assert.True(
                Same("out/undisturbed.csv.rejects.csv", "out/disturbed.csv.rejects.csv"), $"seed {seed}: the rejects differ after {died} deaths.");

            // A life that ended before its first checkpoint was heard of leaves what it staged to the sweeper.
            var left = Directory.EnumerateFiles(server.Files, "*", SearchOption.AllDirectories).Count(IsPartial);
            Assert.True(left <= 2 * unheard, $"seed {seed}: {left} partial files are left, of {unheard} lives without a checkpoint.");
        }

        bool Same(string left, string right) =>
            File.ReadAllBytes(Path.Combine(server.Files, left)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(server.Files, right)));

        async Task<Life> RunAsync(string output, Life life, JsonObject? from)
        {
            var attempt = new AttemptBuilder("AuspexBatchScore", "{}") { Checkpoint = from }.Build() with
            {
                SaveCheckpointAsync = life.SaveAsync,
                ReportProgress = life.Report,
                StopReason = () => AttemptStopReason.HostStopping,
            };
            try
            {
                life.Output = await new RowwiseJob(attempt, work, new RowwiseFiles(store, "in/wide.csv", store, output), 2, policy)
                    .RunAsync(cancellationToken);
            }
            catch (Died)
            {
                // What it wrote after its last checkpoint is lost.
            }

            return life;
        }
    }

    private static bool IsPartial(string file) => Path.GetFileName(file).EndsWith(".partial", StringComparison.Ordinal);

    private static async Task<LiveModel> LoadAsync(ServerHarness server)
    {
        var package = await server.PackageAsync(ServerHarness.Rowwise, bias: 100);
        var values = new ArtifactValues(server.Server.Artifacts, new ModelContainerFormat());
        return new LiveModel(package, await WebServiceRuntime.LoadAsync(package, FakeModules.Catalog(), values, TestContext.Current.CancellationToken));
    }

    // Wide rows, most of which pass through: large enough that a hundredth of it is more than a checkpoint.
    private static void WriteInput(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var filling = new string('f', 300);
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        writer.Write("x,filling\n");
        for (var row = 0; row < Rows; row++)
        {
            writer.Write(row % 9973 == 0 ? "no number" : row.ToString(CultureInfo.InvariantCulture));
            writer.Write(row % 5000 == 7 ? ",\"quoted,\n" : ",");
            writer.Write(filling);
            writer.Write(row % 5000 == 7 ? "\"\n" : "\n");
        }
    }

    private sealed class Died : Exception;

    // Everything that a job tells the world while it lives; after so many words it is dead.
    private sealed class Life(int words)
    {
        private int _left = words;

        public JsonObject? Output { get; set; }

        public JsonObject? Checkpoint { get; private set; }

        public long Scored { get; private set; }

        public async Task SaveAsync(JsonObject checkpoint, CancellationToken cancellationToken)
        {
            Speak();
            await Task.Yield();
            Checkpoint = (JsonObject)checkpoint.DeepClone();
            Speak();
        }

        public void Report(ActivityProgress progress)
        {
            Scored = progress.Rows;
            Speak();
        }

        private void Speak()
        {
            if (Interlocked.Decrement(ref _left) <= 0)
            {
                throw new Died();
            }
        }
    }
}
