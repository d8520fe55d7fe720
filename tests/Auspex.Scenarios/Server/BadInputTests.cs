using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Cli.Commands;
using Auspex.Connectors.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Batch;
using Auspex.TestKit;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Experiments;
using Auspex.TestKit.Storage;
using Xunit;

namespace Auspex.Scenarios.Server;

/// <summary>
/// Bad inputs, through <c>auspex score</c> and through batch jobs, under each policy: never a crash, never a hang, never a wrong number. What is
/// accepted is held against the plain reader and the transform as the general executor applies it. The seed of a failure is in its message.
/// </summary>
public sealed class BadInputTests
{
    private const int Seed = 20_261_124;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly BadRowMode[] Policies = [BadRowMode.Fail, BadRowMode.Skip, BadRowMode.Quarantine];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Score_EveryBadInput_HasTheOutcomeItShould()
    {
        using var score = ScorePath.WithTrees(trees: 20);
        foreach (var (name, content, outcome) in BadInputs.All)
        {
            await CheckAsync(score, name, content, outcome);
        }
    }

    [Fact]
    public async Task Score_RandomDamage_NeverGivesAWrongNumber()
    {
        using var score = ScorePath.WithTrees(trees: 20);
        for (var seed = Seed; seed < Seed + 150; seed++)
        {
            await CheckAsync(score, $"seed {seed}", BadInputs.Spoil(new Random(seed)), "?");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    public async Task Score_EnsembleOfNoTreesOrMany_ScoresAsTheGeneralExecutorDoes(int trees)
    {
        using var score = ScorePath.WithTrees(trees);
        await CheckAsync(score, $"{trees} trees", BadInputs.All[0].Content, "12+0");
    }

    [Fact]
    public async Task Job_EveryBadInputAndRandomDamage_NeverGivesAWrongNumber()
    {
        await using var server = await ServerHarness.StartAsync();
        var jobs = await JobPath.CreateAsync(server);
        foreach (var (name, content, _) in BadInputs.All)
        {
            await CheckAsync(jobs, name, content, "?");
        }

        for (var seed = Seed; seed < Seed + 150; seed++)
        {
            await CheckAsync(jobs, $"seed {seed}", BadInputs.Spoil(new Random(seed)), "?");
        }
    }

    [Fact]
    public async Task Score_FieldOfAHundredMegabytes_IsSetAsideInBoundedMemory()
    {
        using var score = ScorePath.WithTrees(trees: 20);
        await using (var file = File.Create(score.Input))
        {
            await file.WriteAsync("x,c,note\n1,a,n\n2,b,"u8.ToArray(), Token);
            var piece = Enumerable.Repeat((byte)'f', 1 << 20).ToArray();
            for (var i = 0; i < 100; i++)
            {
                await file.WriteAsync(piece, Token);
            }

            await file.WriteAsync("\n3,a,n\n"u8.ToArray(), Token);
        }

        using var process = System.Diagnostics.Process.GetCurrentProcess();
        GC.Collect();
        var before = process.WorkingSet64;

        var counts = await score.RunAsync(new BadRowPolicy(BadRowMode.Skip)).WaitAsync(Longest, Token);

        process.Refresh();
        Assert.Equal((2L, 1L), counts);
        Assert.True(process.WorkingSet64 - before < 400 << 20, $"The working set grew by {(process.WorkingSet64 - before) >> 20} MiB.");
        var refused = await Assert.ThrowsAsync<TableFormatException>(() => score.RunAsync(new BadRowPolicy(BadRowMode.Fail)));
        Assert.Contains("MaxRecordBytes", refused.Message, StringComparison.Ordinal);
    }

    private static async Task CheckAsync(IPath path, string name, byte[] content, string outcome)
    {
        await File.WriteAllBytesAsync(path.Input, content, Token);
        var expected = await ReferenceAsync(path);
        foreach (var policy in Policies)
        {
            File.Delete(path.Output);
            File.Delete(path.Rejects);
            string actual;
            try
            {
                var (rows, rejected) = await path.RunAsync(new BadRowPolicy(policy)).WaitAsync(Longest, Token);
                actual = string.Create(CultureInfo.InvariantCulture, $"{rows}+{rejected}");
                Assert.True(expected is not null, $"{path.GetType().Name}, {name}, {policy}: {actual} of what the reader cannot open.");
                Assert.True(
                    expected.Value.Bad == rejected && expected.Value.Rows.Count == rows,
                    $"{path.GetType().Name}, {name}, {policy}: {actual}; expected {expected.Value.Rows.Count}+{expected.Value.Bad}.");
                Assert.True(policy != BadRowMode.Fail || rejected == 0, $"{name}: rows were left out though none may be.");
                Assert.Equal(expected.Value.Rows, await ReadAsync(path.Output, path.Compared));
                await AssertRejectsAsync(path, policy == BadRowMode.Quarantine ? rejected : 0);
            }
            catch (AuspexException refused)
            {
                actual = refused.Message.IndexOf("AUX42", StringComparison.Ordinal) is >= 0 and var at
                    ? refused.Message.Substring(at, 7)
                    : refused.Code.Value;
                Assert.False(File.Exists(path.Output), $"{path.GetType().Name}, {name}, {policy}: {actual}, and yet there is an output.");
                var mayRefuse = expected is null || expected.Value.Bad > 0 || actual.StartsWith("AUX42", StringComparison.Ordinal);
                Assert.True(mayRefuse, $"{path.GetType().Name}, {name}, {policy}: refused, and nothing is wrong: {refused.Message}");
                if (policy == BadRowMode.Fail && expected is { Bad: > 0 })
                {
                    continue;
                }
            }

            Assert.True(outcome == "?" || outcome == actual, $"{path.GetType().Name}, {name}, {policy}: {actual}; expected {outcome}.");
        }
    }

    private static async Task AssertRejectsAsync(IPath path, long count)
    {
        Assert.Equal(count > 0, File.Exists(path.Rejects));
        if (count > 0)
        {
            await using var rejects = await RejectsReader.OpenAsync(File.OpenRead(path.Rejects), path.Rejects, 1 << 20, Token);
            await rejects.Text.CopyToAsync(Stream.Null, Token);
            for (var reject = 1; reject <= count; reject++)
            {
                Assert.True(rejects.TryTakePlace(out _), $"{reject - 1} rejects; {count} were counted.");
            }

            Assert.False(rejects.TryTakePlace(out _));
        }
    }

    /// <summary>What the plain reader and the transform give; null where the file cannot be opened, or the columns do not fit.</summary>
    private static async Task<(List<string> Rows, long Bad)?> ReferenceAsync(IPath path)
    {
        var bad = 0L;
        var options = path.Options with
        {
            OnBadRow = _ =>
            {
                bad++;
                return BadRowAction.Skip;
            },
        };
        try
        {
            await using var header = await DelimitedTextReader.OpenAsync(File.OpenRead(path.Input), options with { InferenceRows = 0 }, Token);
            var schema = path.SchemaFor(header.FileColumns);
            await using var reader = await DelimitedTextReader.OpenAsync(File.OpenRead(path.Input), options with { Schema = schema }, Token);
            bad = 0;
            var table = await reader.ReadAllAsync(Token);
            var transform = path.Bind(schema);
            var text = new MemoryStream();
            await using (var writer = new DelimitedTextWriter(text, transform.Output, DelimitedTextWriterOptions.Csv, leaveOpen: true))
            {
                await writer.WriteAsync(transform.Apply(table), Token);
                await writer.CompleteAsync(Token);
            }

            var expected = Path.Combine(Path.GetDirectoryName(path.Input)!, "expected.csv");
            await File.WriteAllBytesAsync(expected, text.ToArray(), Token);
            return (await ReadAsync(expected, path.Compared), bad);
        }
        catch (AuspexException)
        {
            return null;
        }
    }

    /// <summary>The cells of the columns that scoring writes, and of those that pass through as text.</summary>
    private static async Task<List<string>> ReadAsync(string file, Func<string, bool> isCompared)
    {
        await using var reader = await DelimitedTextReader.OpenAsync(
            File.OpenRead(file), DelimitedTextOptions.Csv with { AllText = true, InferenceRows = 0 }, Token);
        var table = await reader.ReadAllAsync(Token);
        var columns = Enumerable.Range(0, table.Columns.Length).Where(column => isCompared(table.Schema.Fields[column].Name)).ToList();
        return [.. Enumerable.Range(0, table.RowCount).Select(row =>
            string.Join('|', columns.Select(column => ColumnText.Text(table.Columns[column], row, CellFormat.File))))];
    }

    private interface IPath
    {
        string Input { get; }

        string Output { get; }

        string Rejects { get; }

        DelimitedTextOptions Options { get; }

        /// <summary>Whether cells of a column are compared as text: those that were read as numbers pass through as they stood.</summary>
        bool Compared(string column);

        TableSchema SchemaFor(System.Collections.Immutable.ImmutableArray<string> columns);

        IRowTransform Bind(TableSchema schema);

        Task<(long Rows, long Rejected)> RunAsync(BadRowPolicy policy);
    }

    private sealed class ScorePath(TemporaryFolder folder, TrainedModel model) : IPath, IDisposable
    {
        public string Input => folder.File("in.csv");

        public string Output => folder.File("out.csv");

        public string Rejects => Output + ".rejects.csv";

        public DelimitedTextOptions Options => DelimitedTextOptions.Csv with { Name = Input, MissingMarkers = ["?"] };

        public static ScorePath WithTrees(int trees)
        {
            var random = new Random(trees);
            var builder = new TreeEnsembleBuilder();
            for (var tree = 0; tree < trees; tree++)
            {
                builder.Add(
                    [new TreeSplit(0, random.NextSingle() * 12, TreeArrays.Number, true, 1, ~0), new TreeSplit(1, 0, random.Next(2), false, ~1, ~2)],
                    [random.NextDouble(), random.NextDouble(), random.NextDouble()]);
            }

            var model = new TreeModel(
                new ModelDescription
                {
                    Learner = "Some learner",
                    Task = ModelTask.Binary,
                    Label = new TableField { Name = "y", Type = ColumnType.Boolean },
                    Classes = ["False", "True"],
                    Features = new TableSchema(
                    [
                        new TableField { Name = "x", Type = ColumnType.Double },
                        new TableField { Name = "c", Type = ColumnType.String, Categories = new CategoryDomain(["a", "b"]) },
                    ]),
                },
                builder.Build(0.25),
                LogisticLink.Plain);
            var folder = new TemporaryFolder();
            using var file = File.Create(folder.File("model.ilearner"));
            ModelContainer.WriteModel(model, file);
            return new ScorePath(folder, model);
        }

        public bool Compared(string column) => column != "x";

        public TableSchema SchemaFor(System.Collections.Immutable.ImmutableArray<string> columns) => BatchScorer.ReadingSchema(model, columns);

        public IRowTransform Bind(TableSchema schema) => model.Bind(schema, appendScores: true);

        public async Task<(long Rows, long Rejected)> RunAsync(BadRowPolicy policy)
        {
            var score = await ScoreCommand.ScoreAsync(folder.File("model.ilearner"), Input, Output, 2, policy, Token);
            return (score.Rows, score.Rejected);
        }

        public void Dispose() => folder.Dispose();
    }

    private sealed class JobPath(ServerHarness server, BatchWork work) : IPath
    {
        public string Input => Path.Combine(server.Files, "in/in.csv");

        public string Output => Path.Combine(server.Files, "out/out.csv");

        public string Rejects => Output + ".rejects.csv";

        public DelimitedTextOptions Options => DelimitedTextOptions.Csv with { Name = Input };

        public static async Task<JobPath> CreateAsync(ServerHarness server)
        {
            Directory.CreateDirectory(Path.Combine(server.Files, "in"));
            Directory.CreateDirectory(Path.Combine(server.Files, "out"));
            var package = await server.PackageAsync(ServerHarness.Rowwise, bias: 100);
            var values = new ArtifactValues(server.Server.Artifacts, new ModelContainerFormat());
            var model = new LiveModel(package, await WebServiceRuntime.LoadAsync(package, FakeModules.Catalog(), values, Token));
            var body = new JobBody(
                new Dictionary<string, BlobReference> { ["input1"] = new(server.ConnectionString, "in/in.csv", null, null) },
                new Dictionary<string, BlobReference> { ["output1"] = new(server.ConnectionString, "out/out.csv", null, null) },
                new Dictionary<string, string>());
            return new JobPath(server, new BatchWork("job", body, model));
        }

        public bool Compared(string column) => true;

        public TableSchema SchemaFor(System.Collections.Immutable.ImmutableArray<string> columns) =>
            BatchTable.SchemaFor(work.Model.Shape.Inputs[0], columns, Input);

        public IRowTransform Bind(TableSchema schema) => work.Model.Runtime.BindRowwise(schema, work.Body.Parameters)!;

        public async Task<(long Rows, long Rejected)> RunAsync(BadRowPolicy policy)
        {
            var store = new FolderBlobStore(server.Files, new FileRoots([server.Files]));
            var attempt = new AttemptBuilder("AuspexBatchScore", "{}").Build() with
            {
                SaveCheckpointAsync = (_, _) => Task.CompletedTask,
                StopReason = () => AttemptStopReason.None,
            };
            var files = new RowwiseFiles(store, "in/in.csv", store, "out/out.csv");
            JsonObject output = await new RowwiseJob(attempt, work, files, new InMemoryDocumentStore(), 2, policy).RunAsync(Token);
            return ((long)output["rows"]!, (long)output["rejected"]!);
        }
    }
}
