using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Auspex.Tests.Experiments.Contracts;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

/// <summary>The whole way with the product's own modules: train, convert, package, load, score, retrain, update.</summary>
public sealed class IncomeEndToEndTests
{
    private const string Trees = """
        "learner": { "module": "Two-Class Boosted Decision Tree", "parameters": { "Number of trees constructed": 30 } }
        """;

    private const string Logistic = """
        "learner": { "module": "Two-Class Logistic Regression" }
        """;

    private const string Forest = """
        "learner": { "module": "Two-Class Decision Forest" }
        """;

    private const string Network = """
        "learner": { "module": "Two-Class Neural Network", "parameters": { "Number of learning iterations": 5 } }
        """;

    private readonly ExperimentHarness _harness = new(ModuleCatalog.CreateDefault());

    public static TheoryData<string, string> Learners => new()
    {
        { Trees, "numbers" },
        { Logistic, "scaled" },
        { Forest, "numbers" },
        { Network, "scaled" },
    };

    [Theory]
    [MemberData(nameof(Learners))]
    public async Task Publish_TrainedExperiment_ScoresBitForBitAsTrainingDid(string learner, string last)
    {
        var people = People(4000, seed: 1);
        var run = await TrainAsync(learner, last, people);
        var package = await PackageAsync(run);
        var json = new WebServicePackageJson();

        var runtime = await LoadAsync(json.Read(json.Write(package)));

        Assert.True(runtime.IsRowwise);
        Assert.True(Metric(run, "AUC") > 0.8, $"AUC is {Metric(run, "AUC")}");
        var trained = Probabilities(ExperimentHarness.TableAt(run, "score", "Scored dataset"));
        var plan = runtime.BindRowwise(people.Schema, new Dictionary<string, string>())!;
        var batches = Enumerable.Range(0, (people.RowCount + 699) / 700)
            .Select(i => plan.Apply(people.Slice(i * 700, Math.Min(700, people.RowCount - (i * 700)))));
        var served = Probabilities(TableBatches.Concatenate([.. batches]));
        var executed = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = people },
            new Dictionary<string, string>(),
            ExperimentHarness.Services,
            TestContext.Current.CancellationToken);

        Assert.Equal(4000, served.Count);
        Assert.Equal(1000, trained.Count);
        Assert.All(trained, entry => Assert.Equal(entry.Value, served[entry.Key]));
        Assert.Equal(served, Probabilities(((TableValue)executed["output1"]).Table));
    }

    // What cleaning fills or scaling computes is not in the file as the model sees it.
    [Theory]
    [InlineData(Trees, "numbers", "hours education region", "hours region")]
    [InlineData(Logistic, "scaled", "", "")]
    public async Task Contract_OfAService_AsksForContentsOfUnchangedColumnsOnly(
        string learner, string last, string known, string expected)
    {
        var people = People(500, seed: 4);
        var runtime = await LoadAsync(await PackageAsync(await TrainAsync(learner, last, people)));

        var contract = runtime.ContractOf("input1", new Dictionary<string, string>());
        var report = await Census.CheckAsync(
            "person,age,hours,education,region\n1,40,30,Master,N\n2,9999,9999,Master,X\n3,,30,Master,S\n", contract: contract);

        Assert.Equal(known, string.Join(' ', contract.Columns.Where(column => column.Feature is not null).Select(column => column.Name)));
        Assert.Equal(["person", "age", "hours", "education", "region"], contract.Columns.Where(column => column.IsRequired).Select(column => column.Name));
        Assert.Equal(expected, string.Join(' ', report.Differences.Select(difference => difference.Column)));
    }

    [Fact]
    public async Task Serve_LabelLeftOutAndRowsShuffled_ScoresTheSame()
    {
        var people = People(500, seed: 2);
        var runtime = await LoadAsync(await PackageAsync(await TrainAsync(Trees, "numbers", people)));
        var label = people.Schema.IndexOf("income");
        var unlabeled = new TableBatch(
            new TableSchema(people.Schema.Fields.RemoveAt(label)), people.Columns.RemoveAt(label), people.RowCount);
        int[] backwards = [.. Enumerable.Range(0, people.RowCount).Reverse()];

        var with = runtime.BindRowwise(people.Schema, new Dictionary<string, string>())!.Apply(people);
        var without = runtime.BindRowwise(unlabeled.Schema, new Dictionary<string, string>())!.Apply(unlabeled.Take(backwards));

        Assert.Equal(Probabilities(with), Probabilities(without));
        Assert.Equal(
            with.Schema.Fields.Select(field => field.Name).Where(name => name != "income"), without.Schema.Fields.Select(field => field.Name));
    }

    [Fact]
    public async Task Retrain_NewPeople_UpdatesModelAndTransformsInPlace()
    {
        var package = await PackageAsync(await TrainAsync(Logistic, "scaled", People(1000, seed: 3)));
        var before = await LoadAsync(package);
        var retraining = RetrainingConversion.Convert(_harness.Compile(Training(Logistic, "scaled"))).Experiment!;
        var trainingRun = await RunAsync(retraining, People(1000, seed: 3));
        var trainer = await LoadAsync(await new WebServicePackager(_harness.Values).PackageAsync(
            trainingRun, exposeSample: false, TestContext.Current.CancellationToken));
        var newPeople = People(2000, seed: 4);

        var outputs = await trainer.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = newPeople },
            new Dictionary<string, string>(),
            ExperimentHarness.Services,
            TestContext.Current.CancellationToken);
        var update = new WebServiceUpdate(_harness.Catalog, _harness.Values);
        var updated = package;
        foreach (var output in retraining.WebServiceOutputs.Where(output => outputs[output.Name] is not TableValue))
        {
            var name = output.Node == "train" ? "Income [trained model]" : $"Income [{output.Node} transform]";
            updated = await update.WithAssetAsync(
                updated, name, await _harness.Values.SaveAsync(outputs[output.Name], TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        }

        var after = await LoadAsync(updated);
        var expected = Probabilities(ExperimentHarness.TableAt(
            await RunAsync(ExperimentHarness.Load(Training(Logistic, "scaled")), newPeople), "score", "Scored dataset"));
        var served = Probabilities(after.BindRowwise(newPeople.Schema, new Dictionary<string, string>())!.Apply(newPeople));
        var old = Probabilities(before.BindRowwise(newPeople.Schema, new Dictionary<string, string>())!.Apply(newPeople));

        Assert.Equal(["output1", "output2", "output3", "output4", "output5", "output6"], outputs.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, entry => Assert.Equal(entry.Value, served[entry.Key]));
        Assert.NotEqual(served, old);
    }

    [Fact]
    public async Task Serve_TwoInputsJoinedAndTwoOutputs_KeepsRowsInOrderAndSummarises()
    {
        var people = People(300, seed: 5);
        var training = await PackageAsync(await TrainAsync(Trees, "numbers", people));
        var model = await _harness.Values.LoadAsync(
            AssetKind.TrainedModel, training.Assets.Single(asset => asset.Asset.Kind == AssetKind.TrainedModel).Artifact, TestContext.Current.CancellationToken);
        var regions = SmallTables.Of([("region", ColumnType.String), ("region name", ColumnType.String)], ["N", "North"], ["S", "South"]);
        var run = await ExperimentHarness.RunAsync(
            _harness.Compile("""
                { "name": "Scoring", "nodes": {
                    "people": { "dataset": "People" },
                    "regions": { "dataset": "Regions" },
                    "join": { "module": "Join Data", "inputs": { "Dataset1": "people", "Dataset2": "regions" },
                      "parameters": { "Join key columns for L": "region", "Join key columns for R": "region", "Join type": "Left Outer Join", "Keep right key columns in joined table": false } },
                    "model": { "trainedModel": "Model" },
                    "score": { "module": "Score Model", "inputs": { "Trained model": "model", "Dataset": "join" } },
                    "summary": { "module": "Apply SQL Transformation", "inputs": { "Table1": "score" },
                      "parameters": { "SQL Query Script": "select [region name], count(*) as people from t1 group by [region name] order by [region name];" } } },
                  "webServiceInputs": { "input1": "people", "input2": "regions" },
                  "webServiceOutputs": { "outputName1": "score", "outputName2": "summary" } }
                """),
            request => request with { Assets = new Known(("People", new TableValue(people)), ("Regions", new TableValue(regions)), ("Model", model)) });
        var runtime = await LoadAsync(await new WebServicePackager(_harness.Values).PackageAsync(run, true, TestContext.Current.CancellationToken));
        var callers = People(1000, seed: 6);
        var callersRegions = SmallTables.Of([("region", ColumnType.String), ("region name", ColumnType.String)], ["S", "Süd"], ["N", "Nord"]);

        var outputs = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = callers, ["input2"] = callersRegions },
            new Dictionary<string, string>(),
            ExperimentHarness.Services,
            TestContext.Current.CancellationToken);

        var scored = ((TableValue)outputs["outputName1"]).Table;
        var ids = ((Int64Column)scored.Columns[scored.Schema.IndexOf("person")]).Values.ToArray();
        Assert.Equal(Enumerable.Range(0, 1000).Select(id => (long)id), ids);
        var summary = ((TableValue)outputs["outputName2"]).Table;
        Assert.Equal(["Nord", "Süd"], Enumerable.Range(0, 2).Select(row => ColumnText.Text(summary.Columns[0], row, CellFormat.File)));
        Assert.Null(runtime.BindRowwise(callers.Schema, new Dictionary<string, string>()));
    }

    [Fact]
    public async Task Serve_CategoriesComeFromRows_RunsOnTheExecutor()
    {
        var people = People(50, seed: 8);
        var run = await RunAsync(
            ExperimentHarness.Load("""
                { "name": "n", "nodes": {
                    "data": { "dataset": "People" },
                    "levels": { "module": "Edit Metadata", "inputs": { "Dataset": "data" }, "parameters": { "Column": "region", "Categorical": "Make categorical" } },
                    "dummies": { "module": "Convert to Indicator Values", "inputs": { "Dataset": "levels" }, "parameters": { "Categorical columns to convert": "region" } } },
                  "webServiceInputs": { "input1": "data" }, "webServiceOutputs": { "output1": "dummies.Results dataset" } }
                """),
            people);
        var runtime = await LoadAsync(await new WebServicePackager(_harness.Values).PackageAsync(run, true, TestContext.Current.CancellationToken));

        var outputs = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = people },
            new Dictionary<string, string>(),
            ExperimentHarness.Services,
            TestContext.Current.CancellationToken);

        Assert.False(runtime.IsRowwise);
        Assert.Null(runtime.BindRowwise(people.Schema, new Dictionary<string, string>()));
        Assert.Contains("region-N", ((TableValue)outputs["output1"]).Table.Schema.Fields.Select(field => field.Name));
    }

    private static string Training(string learner, string last) => $$"""
        { "name": "Income", "nodes": {
            "data": { "dataset": "People" },
            "ids": { "module": "Edit Metadata", "inputs": { "Dataset": "data" }, "parameters": { "Column": "person", "Fields": "ClearFeatures" } },
            "numbers": { "module": "Clean Missing Data", "inputs": { "Dataset": "ids" }, "parameters": { "Columns to be cleaned": "age", "Cleaning mode": "Replace with mean" } },
            "words": { "module": "Clean Missing Data", "inputs": { "Dataset": "numbers.Cleaned dataset" },
              "parameters": { "Columns to be cleaned": "education", "Cleaning mode": "Custom substitution value", "Replacement value": "Unknown" } },
            "levels": { "module": "Edit Metadata", "inputs": { "Dataset": "words.Cleaned dataset" }, "parameters": { "Column": "education, region", "Categorical": "Make categorical" } },
            "dummies": { "module": "Convert to Indicator Values", "inputs": { "Dataset": "levels" }, "parameters": { "Categorical columns to convert": "education, region", "Overwrite categorical columns": true } },
            "scaled": { "module": "Normalize Data", "inputs": { "Dataset": "dummies.Results dataset" }, "parameters": { "Columns to transform": "age, hours" } },
            "split": { "module": "Split Data", "inputs": { "Dataset": "{{(last == "scaled" ? "scaled.Transformed dataset" : "numbers.Cleaned dataset")}}" },
              "parameters": { "Fraction of rows in the first output dataset": 0.75, "Random seed": 7 } },
            {{learner}},
            "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "split.Results dataset1" }, "parameters": { "Label column": "income" } },
            "score": { "module": "Score Model", "inputs": { "Trained model": "train", "Dataset": "split.Results dataset2" } },
            "metrics": { "module": "Evaluate Model", "inputs": { "Scored dataset": "score" } } } }
        """;

    private static TableBatch People(int rows, int seed)
    {
        var random = new Random(seed);
        string?[] educations = ["Primary", "Secondary", "Bachelor", "Master", null];
        var people = new object?[rows][];
        for (var i = 0; i < rows; i++)
        {
            var education = random.Next(educations.Length);
            var age = random.Next(18, 80);
            var hours = random.Next(10, 60);
            var odds = (education * 1.2) + (age * 0.05) + (hours * 0.06) - 7 + (random.NextDouble() * 2);
            people[i] =
            [
                (long)i,
                random.Next(12) == 0 ? null : age + random.NextDouble(),
                (long)hours,
                educations[education],
                random.Next(2) == 0 ? "N" : "S",
                odds > 0 ? ">50K" : "<=50K",
            ];
        }

        return SmallTables.Of(
            [
                ("person", ColumnType.Int32), ("age", ColumnType.Double), ("hours", ColumnType.Int32), ("education", ColumnType.String),
                ("region", ColumnType.String), ("income", ColumnType.String),
            ],
            people);
    }

    private static SortedDictionary<long, double> Probabilities(TableBatch scored)
    {
        var ids = (Int64Column)scored.Columns[scored.Schema.IndexOf("person")];
        var values = (DoubleColumn)scored.Columns[scored.Schema.IndexOf("Scored Probabilities")];
        return new SortedDictionary<long, double>(
            Enumerable.Range(0, scored.RowCount).ToDictionary(row => ids.Values[row], row => values.Values[row]));
    }

    private static double Metric(ExperimentRunResult run, string name)
    {
        var metrics = ExperimentHarness.TableAt(run, "metrics", "Evaluation results");
        return ((DoubleColumn)metrics.Columns[metrics.Schema.IndexOf(name)]).Values[0];
    }

    private Task<ExperimentRunResult> TrainAsync(string learner, string last, TableBatch people) =>
        RunAsync(ExperimentHarness.Load(Training(learner, last)), people);

    private Task<ExperimentRunResult> RunAsync(ExperimentDefinition experiment, TableBatch people) => ExperimentHarness.RunAsync(
        _harness.Compile(experiment), request => request with { Assets = new Known(("People", new TableValue(people))) });

    private async Task<WebServicePackage> PackageAsync(ExperimentRunResult training)
    {
        Assert.Empty(training.Errors);
        var conversion = PredictiveConversion.Convert(training, _harness.Catalog, new ConversionOptions());
        var people = training.Find(new Auspex.Experiments.Compilation.PortKey("data", "dataset"))!;
        var run = await ExperimentHarness.RunAsync(
            _harness.Compile(conversion.Experiment!),
            request => request with { Assets = new ConvertedAssets(conversion.Assets, new Known(("People", people))) });
        return await new WebServicePackager(_harness.Values).PackageAsync(run, exposeSample: true, TestContext.Current.CancellationToken);
    }

    private Task<WebServiceRuntime> LoadAsync(WebServicePackage package) =>
        WebServiceRuntime.LoadAsync(package, _harness.Catalog, _harness.Values, TestContext.Current.CancellationToken);

    private sealed class Known(params ImmutableArray<(string Name, PortValue Value)> assets) : IAssetSource
    {
        public Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken) => Task.FromResult(
            assets.Where(known => known.Name == asset.Name).Select(known => new LoadedAsset(known.Value, known.Name)).FirstOrDefault());
    }
}
