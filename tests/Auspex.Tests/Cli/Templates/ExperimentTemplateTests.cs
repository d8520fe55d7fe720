using System.Collections.Immutable;
using Auspex.Cli.Templates;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Files;
using Auspex.Experiments.WebServices;
using Auspex.TestKit;
using Auspex.Tests.Architecture;
using Auspex.Tests.Experiments;
using Xunit;

namespace Auspex.Tests.Cli.Templates;

public sealed class ExperimentTemplateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Those that run without a Python.</summary>
    public static TheoryData<string> WithoutScripts => [.. ExperimentTemplate.All.Select(template => template.Name).Except(["price-analytics", "shipping-forecast"])];

    public static TheoryData<string> WithATrainer =>
        [.. ExperimentTemplate.All.Where(template => template.Trainer is not null).Select(template => template.Name)];

    public static TheoryData<string> Names => [.. ExperimentTemplate.All.Select(template => template.Name)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_AreTheFilesThereAre()
    {
        var files = Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "samples", "templates"))
            .Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(files.Order(StringComparer.Ordinal), ExperimentTemplate.All.Select(template => template.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfEveryTemplate_CompilesWithoutAWord(string name)
    {
        var (experiment, diagnostics) = Compile(name);

        Assert.Empty(diagnostics);
        Assert.Equal("Some name", experiment!.Definition.Name);
        Assert.NotEmpty(experiment.ServiceInputs);
        Assert.NotEmpty(experiment.ServiceOutputs);
    }

    [Theory]
    [MemberData(nameof(WithoutScripts))]
    public async Task Run_OfEveryTemplate_GivesItsOutputs(string name)
    {
        var run = await RunAsync(name, new Dictionary<string, TableBatch>());

        Assert.All(run.Experiment.ServiceOutputs, output => Assert.NotNull(run.Find(output.Source)));
        foreach (var output in run.Experiment.ServiceOutputs.Where(output => output.Name == "metrics"))
        {
            var metrics = Assert.IsType<TableValue>(run.Find(output.Source)).Table;
            Assert.Equal(name is "census-income" or "credit-risk" ? 2 : 1, metrics.RowCount);
            var quality = metrics.Schema.IndexOf("AUC") is >= 0 and var auc ? auc : metrics.Schema.IndexOf("Overall accuracy") is >= 0 and var accuracy
                ? accuracy : metrics.Schema.IndexOf("Coefficient of Determination");
            Assert.InRange(((DoubleColumn)metrics.Columns[quality]).Values[0], 0.65, 1);
        }

        if (name == "flight-delay")
        {
            var scored = (TableValue)run.Find(new PortKey("score", "Scored dataset"))!;
            Assert.Equal(scored.Table.RowCount, (await ReadDatabaseAsync("flights.db", "select count(*) as n from delays")).Columns[0] is Int64Column { Values: var counts } ? counts[0] : -1);
        }
    }

    [Theory]
    [MemberData(nameof(WithATrainer))]
    public async Task Convert_OfTemplatesWithATrainer_GivesAPredictiveExperiment(string name)
    {
        var template = ExperimentTemplate.Find(name)!;
        var run = await RunAsync(name, new Dictionary<string, TableBatch>());

        var result = PredictiveConversion.Convert(
            run, ModuleCatalog.CreateDefault(), new ConversionOptions { Trainer = template.Trainer!.Length > 0 ? template.Trainer : null });

        Assert.True(result.Experiment is not null, string.Join('\n', result.Diagnostics.Select(diagnostic => diagnostic.Message)));
    }

    [Theory]
    [InlineData("car-price", "cars", "automobile-price.csv")]
    [InlineData("census-income", "people", "adult-census-income.csv")]
    [InlineData("iris-clusters", "flowers", "iris.csv")]
    public async Task Run_WithARealTable_Fits(string name, string input, string file)
    {
        var data = SharedFolder.Find("data");
        Assert.SkipUnless(data is not null, "../shared/data is not there.");
        var table = await TableFiles.ReadAsync(Path.Combine(data!, file), Cancellation);
        var rows = Enumerable.Range(0, Math.Min(3000, table.RowCount)).ToArray();

        var run = await RunAsync(name, new Dictionary<string, TableBatch> { [input] = table.Take(rows) });

        Assert.All(run.Experiment.ServiceOutputs, output => Assert.NotNull(run.Find(output.Source)));
    }

    private async Task<ExperimentRunResult> RunAsync(string name, IReadOnlyDictionary<string, TableBatch> inputs)
    {
        var stored = Tables.Of([Tables.Number("id"), Tables.Text("name")], 2, row => [row + 1.0, row == 0 ? "first" : "second"]);
        var given = new Dictionary<string, TableBatch>(inputs, StringComparer.Ordinal);
        if (name == "join-service")
        {
            await TableFiles.WriteAsync(_folder.File("tables/stored.csv"), stored, Cancellation);
        }

        using var blobs = new BlobStores(new BlobStoresOptions { FileRoots = [_folder.Path] }, TimeProvider.System);
        var run = await ExperimentRunner.RunAsync(
            Compile(name).Experiment!,
            new ExperimentRunRequest
            {
                Services = new ModuleServices
                {
                    OpenBlobStore = blobs.Open,
                    Clock = TimeProvider.System,
                    FileRoots = [_folder.Path],
                    Databases = new SqlTables(new SqlTablesOptions { FileRoots = [_folder.Path] }),
                    Threads = 1,
                },
                Inputs = given,
                ParameterValues = name == "join-service" ? new Dictionary<string, string> { ["Account name"] = $"FileRoot={_folder.Path}" } : new Dictionary<string, string>(),
            },
            Cancellation);
        Assert.True(run.Status == NodeStatus.Finished, string.Join('\n', run.Nodes.Select(node => $"{node.Node}: {node.Status} {node.Error?.Message}")));
        return run;
    }

    private async Task<TableBatch> ReadDatabaseAsync(string name, string query)
    {
        await using var source = await new SqlTables(new SqlTablesOptions { FileRoots = [_folder.Path] }).OpenSourceAsync(
            new SqlConnectionSettings { Server = "sqlite:.", Database = name }, query, Cancellation);
        return await source.ReadAllAsync(Cancellation);
    }

    private static (CompiledExperiment? Experiment, ImmutableArray<Diagnostic> Diagnostics) Compile(string name)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        var definition = ExperimentLoader.Load(ExperimentTemplate.Find(name)!.Read("Some name"), name, found);
        var compilation = ExperimentCompiler.Compile(definition!, ModuleCatalog.CreateDefault());
        found.AddRange(compilation.Diagnostics);
        return (compilation.Experiment, found.ToImmutable());
    }
}
