using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Connectors.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Batch;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Experiments;
using Auspex.TestKit.Storage;
using Xunit;
using TableFile = Auspex.Connectors.Formats.TableFile;

namespace Auspex.Scenarios.Server;

/// <summary>A row-wise job that dies again and again: the seed is in the test's name, so that a failing one can be run again.</summary>
public sealed class BatchCrashTests
{
    [Theory]
    [InlineData(1, 200, "csv", "csv", 1_000_000)]
    [InlineData(2, 30, "csv.gz", "csv.zst", 1_000_000)]
    [InlineData(3, 30, "parquet", "parquet", 2_000_000)]
    [InlineData(4, 30, "arrow", "arrow", 2_000_000)]
    [InlineData(5, 30, "csv.zst", "parquet", 2_000_000)]
    [InlineData(6, 30, "parquet", "csv.gz", 2_000_000)]
    [InlineData(7, 30, "arrows", "arrows", 2_000_000)]
    [InlineData(8, 30, "csv", "arrow", 2_000_000)]
    [InlineData(9, 20, "parquet", "parquet", 100_000)]
    [InlineData(10, 20, "arrow", "arrow", 100_000)]
    [InlineData(11, 20, "arrow", "parquet", 900_000)]
    public async Task Job_DyingAtRandomMoments_EndsWithTheBytesOfAnUndisturbedOne(int seed, int deaths, string from, string to, int rows)
    {
        // Fewer rows than these are scored faster than a checkpoint is made.
        const int FewRows = 8192;
        var isText = from.StartsWith("csv", StringComparison.Ordinal) && to.StartsWith("csv", StringComparison.Ordinal);
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await ServerHarness.StartAsync();
        var model = await LoadAsync(server);
        await WriteInputAsync(Path.Combine(server.Files, $"in/wide.{from}"), rows, isText ? 300 : 20);
        var store = new FolderBlobStore(server.Files, new FileRoots([server.Files]));
        var documents = new InMemoryDocumentStore();
        var policy = new BadRowPolicy(BadRowMode.Quarantine);
        var body = new JobBody(
            new Dictionary<string, BlobReference> { ["input1"] = new(server.ConnectionString, $"in/wide.{from}", null, null) },
            new Dictionary<string, BlobReference> { ["output1"] = new(server.ConnectionString, $"out/disturbed.{to}", null, null) },
            new Dictionary<string, string>());
        var work = new BatchWork("job", body, model);

        var random = new Random(seed);
        var undisturbed = await RunAsync($"out/undisturbed.{to}", new Life(int.MaxValue), null);
        Assert.NotNull(undisturbed.Output);
        var life = undisturbed;
        JsonObject? checkpoint = null;
        var mostScoredTwice = 0L;
        var died = 0;
        var unheard = 0;
        while (died < deaths || life.Output is null)
        {
            // Long enough to get on, short enough to die often: a life ends after some blocks, or some checkpoints.
            life = await RunAsync($"out/disturbed.{to}", new Life(died < deaths ? random.Next(1, 90) : int.MaxValue), checkpoint);
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
        await AssertReadableAsync(Path.Combine(server.Files, $"out/disturbed.{to}"), rows);
        Assert.Equal(undisturbed.Output!.ToJsonString().Replace("undisturbed", "disturbed", StringComparison.Ordinal), life.Output!.ToJsonString());
        Assert.True(mostScoredTwice <= Math.Max(rows / 100, FewRows), $"seed {seed}: {mostScoredTwice} of {rows} rows were scored twice.");

        void AssertEqual()
        {
            Assert.True(Same($"out/undisturbed.{to}", $"out/disturbed.{to}"), $"seed {seed}: the output differs after {died} deaths.");
            Assert.True(
                Same($"out/undisturbed.{to}.rejects.csv", $"out/disturbed.{to}.rejects.csv"), $"seed {seed}: the rejects differ after {died} deaths.");

            // A life that ended before its first checkpoint was heard of leaves what it staged to the sweeper.
            var left = Directory.EnumerateFiles(server.Files, "*", SearchOption.AllDirectories).Count(IsPartial);
            Assert.True(left <= 2 * unheard, $"seed {seed}: {left} partial files are left, of {unheard} lives without a checkpoint.");
        }

        bool Same(string left, string right) =>
            File.ReadAllBytes(Path.Combine(server.Files, left)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(server.Files, right)));

        async Task<Life> RunAsync(string output, Life life, JsonObject? last)
        {
            var attempt = new AttemptBuilder("AuspexBatchScore", "{}") { Checkpoint = last }.Build() with
            {
                SaveCheckpointAsync = life.SaveAsync,
                ReportProgress = life.Report,
                StopReason = () => AttemptStopReason.HostStopping,
            };
            try
            {
                life.Output = await new RowwiseJob(attempt, work, new RowwiseFiles(store, $"in/wide.{from}", store, output), documents, 2, policy)
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

    // Rows that mostly pass through, some bad and some quoted.
    private static async Task WriteInputAsync(string path, int rows, int width)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var filling = new string('f', width);
        var schema = new TableSchema([.. new[] { "x", "filling" }.Select(name => new TableField { Name = name, Type = ColumnType.String })]);
        await using var file = File.Create(path);
        await using var sink = TableFile.OpenWrite(path, file, schema, new TableWriteOptions());
        const int BatchRows = 100_000;
        for (var row = 0; row < rows; row += BatchRows)
        {
            var (numbers, fillings) = (new StringColumnBuilder(BatchRows), new StringColumnBuilder(BatchRows));
            for (var i = row; i < row + BatchRows; i++)
            {
                numbers.Append(i % 9973 == 0 ? "no number" : i.ToString(CultureInfo.InvariantCulture));
                fillings.Append(i % 5000 == 7 ? $"quoted,\n{filling}" : filling);
            }

            await sink.WriteAsync(new TableBatch(schema, [numbers.Build(), fillings.Build()], BatchRows), TestContext.Current.CancellationToken);
        }

        await sink.CompleteAsync(TestContext.Current.CancellationToken);
    }

    // That the bytes are equal says nothing about whether anybody can read them.
    private static async Task AssertReadableAsync(string path, int rows)
    {
        await using var source = await TableFile.OpenReadAsync(path, new TableReadOptions(), TestContext.Current.CancellationToken);
        var read = 0L;
        var last = 0L;
        await foreach (var batch in source.ReadAsync(TestContext.Current.CancellationToken))
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                var x = long.Parse(ColumnText.Text(batch.Columns[0], row, CellFormat.File)!, CultureInfo.InvariantCulture);
                Assert.True(x > last, $"{x} stands after {last}.");
                last = x;
            }

            read += batch.RowCount;
        }

        Assert.Equal(rows - (((rows - 1) / 9973) + 1), read);
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
