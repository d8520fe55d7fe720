using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Scenarios.Experiments;

/// <summary>Real people: the adult census, trained, published and scored.</summary>
public sealed class CensusEndToEndTests
{
    private const string Trees = """
        { "name": "Census", "nodes": {
            "data": { "dataset": "Adult census" },
            "split": { "module": "Split Data", "inputs": { "Dataset": "data" }, "parameters": { "Fraction of rows in the first output dataset": 0.75, "Random seed": 1 } },
            "learner": { "module": "Two-Class Boosted Decision Tree",
              "parameters": { "Number of trees constructed": 100, "Maximum number of leaves per tree": 20, "Learning rate": 0.2 } },
            "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "split.Results dataset1" }, "parameters": { "Label column": "income" } },
            "score": { "module": "Score Model", "inputs": { "Trained model": "train", "Dataset": "split.Results dataset2" } },
            "metrics": { "module": "Evaluate Model", "inputs": { "Scored dataset": "score" } } } }
        """;

    private const string Logistic = """
        { "name": "Census", "nodes": {
            "data": { "dataset": "Adult census" },
            "clean": { "module": "Clean Missing Data", "inputs": { "Dataset": "data" },
              "parameters": { "Columns to be cleaned": "workclass, occupation, native-country", "Cleaning mode": "Custom substitution value", "Replacement value": "Unknown" } },
            "levels": { "module": "Edit Metadata", "inputs": { "Dataset": "clean.Cleaned dataset" },
              "parameters": { "Column": "workclass, education, marital-status, occupation, relationship, race, sex, native-country", "Categorical": "Make categorical" } },
            "dummies": { "module": "Convert to Indicator Values", "inputs": { "Dataset": "levels" },
              "parameters": { "Categorical columns to convert": "workclass, education, marital-status, occupation, relationship, race, sex, native-country", "Overwrite categorical columns": true } },
            "scaled": { "module": "Normalize Data", "inputs": { "Dataset": "dummies.Results dataset" },
              "parameters": { "Columns to transform": "age, fnlwgt, education-num, capital-gain, capital-loss, hours-per-week", "Transformation method": "MinMax" } },
            "split": { "module": "Split Data", "inputs": { "Dataset": "scaled.Transformed dataset" }, "parameters": { "Fraction of rows in the first output dataset": 0.75, "Random seed": 1 } },
            "learner": { "module": "Two-Class Logistic Regression" },
            "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "split.Results dataset1" }, "parameters": { "Label column": "income" } },
            "score": { "module": "Score Model", "inputs": { "Trained model": "train", "Dataset": "split.Results dataset2" } },
            "metrics": { "module": "Evaluate Model", "inputs": { "Scored dataset": "score" } } } }
        """;

    private readonly ExperimentHarness _harness = new(ModuleCatalog.CreateDefault());

    public static TheoryData<string, double> Experiments => new()
    {
        { Trees, 0.925 },
        { Logistic, 0.90 },
    };

    [Theory]
    [MemberData(nameof(Experiments))]
    public async Task Publish_Census_ServesEveryRowAsGoodAsPromised(string json, double leastAuc)
    {
        var file = FindCensus();
        Assert.SkipUnless(File.Exists(file), $"The census is not there: {file}.");
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var reader = await DelimitedTextReader.OpenAsync(
            File.OpenRead(file), DelimitedTextOptions.Csv with { MissingMarkers = ["?"] }, cancellationToken);
        var census = await reader.ReadAllAsync(cancellationToken);

        var training = await ExperimentHarness.RunAsync(_harness.Compile(json), request => request with { Assets = new Census(census) });
        Assert.Empty(training.Errors);
        var conversion = PredictiveConversion.Convert(training, _harness.Catalog, new ConversionOptions());
        var run = await ExperimentHarness.RunAsync(
            _harness.Compile(conversion.Experiment!),
            request => request with { Assets = new ConvertedAssets(conversion.Assets, new Census(census)) });
        var package = await new WebServicePackager(_harness.Values).PackageAsync(run, exposeSample: false, cancellationToken);
        var runtime = await WebServiceRuntime.LoadAsync(package, _harness.Catalog, _harness.Values, cancellationToken);
        var plan = runtime.BindRowwise(runtime.Signature.Inputs[0].Schema!, new Dictionary<string, string>())!;

        var auc = ((DoubleColumn)ExperimentHarness.TableAt(training, "metrics", "Evaluation results").Columns[4]).Values[0];
        Assert.True(auc >= leastAuc, $"AUC is {auc}; expected at least {leastAuc}.");
        var served = plan.Apply(census);
        Assert.Equal(census.RowCount, served.RowCount);
        Assert.Equal(
            Bits(((TableValue)run.Find(new PortKey("score", "Scored dataset"))!).Table),
            Bits(served));
    }

    private static IEnumerable<long> Bits(TableBatch scored) =>
        ((DoubleColumn)scored.Columns[scored.Schema.IndexOf("Scored Probabilities")]).Values.ToArray().Select(BitConverter.DoubleToInt64Bits);

    private static string FindCensus()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Auspex.slnx")))
        {
            root = root.Parent;
        }

        var beside = Path.Combine(root?.FullName ?? ".", "..", "shared");
        var shared = Directory.Exists(beside) ? beside : Environment.GetEnvironmentVariable("AUSPEX_SHARED") ?? beside;
        return Path.Combine(shared, "data", "adult-census-income.csv");
    }

    private sealed class Census(TableBatch table) : IAssetSource
    {
        public Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken) => Task.FromResult(
            asset.Kind == AssetKind.Dataset ? new LoadedAsset(new TableValue(table), "census") : null);
    }
}
