using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

/// <summary>The sample factory's experiments, on other people than those that stand in them.</summary>
public sealed class IncomeSampleTests
{
    private readonly ExperimentHarness _harness = new(ModuleCatalog.CreateDefault());

    [Fact]
    public async Task Samples_TrainConvertScore_FitTogetherByName()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var people = People(2000, withIncome: true);
        var training = await RunAsync("Income training", new Dictionary<string, TableBatch> { ["input1"] = people });
        var conversion = PredictiveConversion.Convert(training, _harness.Catalog, new ConversionOptions());

        Assert.Equal(
            ["Income training [numbers transform]", "Income training [trained model]", "Income training [words transform]"],
            conversion.Assets.Select(asset => asset.Asset.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["input1"], conversion.Experiment!.WebServiceInputs.Select(input => input.Name));

        var scoring = await RunAsync("Income scoring", [], new ConvertedAssets(conversion.Assets));
        var package = await new WebServicePackager(_harness.Values).PackageAsync(scoring, exposeSample: true, cancellationToken);
        var runtime = await WebServiceRuntime.LoadAsync(package, _harness.Catalog, _harness.Values, cancellationToken);
        var outputs = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = People(1000, withIncome: false) },
            new Dictionary<string, string>(),
            ExperimentHarness.Services,
            cancellationToken);

        Assert.Equal(["input1", "input2"], runtime.Signature.Inputs.Select(input => input.Name));
        var scored = ((TableValue)outputs["outputName1"]).Table;
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(id => (long)id),
            ((Int64Column)scored.Columns[scored.Schema.IndexOf("person")]).Values.ToArray());
        Assert.Equal(0, scored.Columns[scored.Schema.IndexOf("Scored Probabilities")].CountNulls());
        Assert.Equal(4, ((TableValue)outputs["outputName2"]).Table.RowCount);
        var update = new WebServiceUpdate(_harness.Catalog, _harness.Values);
        var model = await _harness.Values.SaveAsync(
            conversion.Assets.Single(asset => asset.Asset.Kind == AssetKind.TrainedModel).Value, cancellationToken);
        Assert.Equal(package.Assets, (await update.WithAssetAsync(package, "Income training [trained model]", model, cancellationToken)).Assets);
    }

    [Fact]
    public async Task Samples_RetrainingService_TrainsOnTheCallersPeople()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var run = await RunAsync("Income training", new Dictionary<string, TableBatch> { ["input1"] = People(2000, withIncome: true) });
        var package = await new WebServicePackager(_harness.Values).PackageAsync(run, exposeSample: false, cancellationToken);
        var runtime = await WebServiceRuntime.LoadAsync(package, _harness.Catalog, _harness.Values, cancellationToken);

        var outputs = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = People(3000, withIncome: true) },
            new Dictionary<string, string> { ["Trees"] = "7" },
            ExperimentHarness.Services,
            cancellationToken);

        var model = Assert.IsType<TreeModel>(Assert.IsType<ModelValue>(outputs["output1"]).Model);
        Assert.Equal("7", model.Description.Parameters["Number of trees constructed"]);
        Assert.Contains("AUC", ((TableValue)outputs["output2"]).Table.Schema.Fields.Select(field => field.Name));
    }

    private async Task<ExperimentRunResult> RunAsync(
        string name, Dictionary<string, TableBatch> inputs, IAssetSource? assets = null)
    {
        var file = Path.Combine(RepositoryRoot.Path, "samples", "income", "experiment", $"{name}.json");
        var run = await _harness.RunAsync(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            request => request with { Inputs = inputs, Assets = assets });
        Assert.Empty(run.Errors);
        return run;
    }

    private static TableBatch People(int rows, bool withIncome)
    {
        var random = new Random(rows);
        string[] educations = ["Secondary", "Bachelor", "Master", "Doctorate"];
        var fields = ImmutableArray.Create<(string, ColumnType)>(
            ("person", ColumnType.Int32), ("age", ColumnType.Int32), ("education", ColumnType.String), ("occupation", ColumnType.String),
            ("hours_per_week", ColumnType.Int32), ("capital_gain", ColumnType.Double), ("married", ColumnType.Boolean), ("region", ColumnType.String));
        if (withIncome)
        {
            fields = fields.Add(("income", ColumnType.String));
        }

        var people = new object?[rows][];
        for (var i = 0; i < rows; i++)
        {
            var education = random.Next(4);
            long age = random.Next(18, 80);
            var isRich = (education * 10) + age + random.Next(20) > 75;
            object?[] person =
            [
                (long)i, random.Next(10) == 0 ? null : age, educations[education], random.Next(10) == 0 ? null : "Clerk",
                (long)random.Next(60), random.NextDouble() * 1000, random.Next(2) == 0, "NESW"[random.Next(4)].ToString(),
            ];
            people[i] = withIncome ? [.. person, isRich ? ">50K" : "<=50K"] : person;
        }

        return SmallTables.Of([.. fields], people);
    }
}
