using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Stores;
using Auspex.TestKit.Experiments;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

public sealed class WebServiceTests
{
    private const string Predictive = """
        { "name": "p",
          "parameters": { "Amount": { "type": "Int", "links": [ "plus.Amount" ], "default": 1 },
                          "Key": { "type": "Credential", "links": [ "data.Password" ], "default": "hush" } },
          "nodes": {
            "data": { "module": "Numbers", "parameters": { "Password": "psst" } },
            "in": { "module": "Web Service Input", "inputs": { "Dataset": "data" }, "parameters": { "Name": "rows" } },
            "plus": { "module": "Add", "inputs": { "Dataset": "in" } },
            "fit": { "transform": "The shift" },
            "apply": { "module": "Apply Transformation", "inputs": { "Transformation": "fit", "Dataset": "plus" } },
            "model": { "trainedModel": "The model" },
            "score": { "module": "Fake Scorer", "inputs": { "Trained model": "model", "Dataset": "apply" } } },
          "webServiceOutputs": { "scored": "score" } }
        """;

    private const string Joining = """
        { "name": "j",
          "nodes": {
            "people": { "module": "Numbers", "parameters": { "Values": "1;2;3" } },
            "lookup": { "module": "Numbers", "parameters": { "Values": "10" } },
            "twice": { "module": "Add", "inputs": { "Dataset": "lookup" }, "parameters": { "Amount": 10 } },
            "pair": { "module": "Pair", "inputs": { "Left": "people", "Right": "twice" } },
            "model": { "trainedModel": "The model" },
            "score": { "module": "Fake Scorer", "inputs": { "Trained model": "model", "Dataset": "pair.Results dataset" } },
            "total": { "module": "Sum", "inputs": { "Dataset": "score" } } },
          "webServiceInputs": { "input1": "people"INPUT2 },
          "webServiceOutputs": { "output1": "score", "output2": "total" } }
        """;

    private readonly ExperimentHarness _harness = new();
    private readonly KnownAssets _assets = new(
        (new AssetReference(AssetKind.Transform, "The shift"), new TransformValue(new ShiftTransform(2, false))),
        (new AssetReference(AssetKind.TrainedModel, "The model"), new ModelValue(FakeModels.Create("x", "x", 100))));

    [Fact]
    public async Task Package_Predictive_DescribesItsEnds()
    {
        var package = await PackageAsync(Predictive);

        var input = Assert.Single(package.Signature.Inputs);
        Assert.Equal(("rows", PortType.Dataset), (input.Name, input.Type));
        Assert.Equal("x", Assert.Single(input.Schema!.Fields).Name);
        Assert.True(input.Schema.Fields[0].IsNullable);
        Assert.Equal(["1"], input.Sample!.Value);
        var output = Assert.Single(package.Signature.Outputs);
        Assert.Equal(["x", "Scored Labels"], output.Schema!.Fields.Select(field => field.Name));
        Assert.Equal(["0", "100"], output.Sample!.Value);
        var parameter = package.Signature.Parameters[0];
        Assert.Equal(("Amount", ParameterKind.Integer, true, -100.0, 100.0), (parameter.Name, parameter.Kind, parameter.HasDefault, parameter.Minimum, parameter.Maximum));
        Assert.Equal(1, parameter.DefaultValue!.GetValue<int>());
        Assert.Equal((true, null), (package.Signature.Parameters[1].HasDefault, package.Signature.Parameters[1].DefaultValue));
        Assert.Equal(["The model", "The shift"], package.Assets.Select(asset => asset.Asset.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Package_NoSample_ShowsNoRow()
    {
        var run = await RunAsync(Predictive);

        var package = await new WebServicePackager(_harness.Values).PackageAsync(run, exposeSample: false, CancellationToken.None);

        Assert.Null(package.Signature.Inputs[0].Sample);
        Assert.Null(package.Signature.Outputs[0].Sample);
    }

    [Fact]
    public async Task Package_RunFailed_SaysWhichNode()
    {
        var run = await _harness.RunAsync(Predictive);

        var exception = await Assert.ThrowsAsync<PackagingException>(
            () => new WebServicePackager(_harness.Values).PackageAsync(run, true, CancellationToken.None));

        Assert.Equal(ErrorCode.PackagingFailed, exception.Code);
        Assert.Contains("no saved", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_NoEnds_SaysSo()
    {
        var run = await _harness.RunAsync("""{ "name": "n", "nodes": { "a": { "module": "Numbers" } } }""");

        var exception = await Assert.ThrowsAsync<PackagingException>(
            () => new WebServicePackager(_harness.Values).PackageAsync(run, true, CancellationToken.None));

        Assert.Contains("no web-service output", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_Package_ComesBackWhole()
    {
        var package = await PackageAsync(Joining.Replace("INPUT2", "", StringComparison.Ordinal));
        var json = new WebServicePackageJson();

        var read = json.Read(json.Write(package));

        Assert.Equal(json.Write(package), json.Write(read));
        Assert.Equal(package.Assets, read.Assets);
        Assert.Equal(package.DesignTables, read.DesignTables);
        Assert.Equal(package.Signature.Inputs[0].Schema!.Fields, read.Signature.Inputs[0].Schema!.Fields);
        Assert.Equal(package.Signature.Inputs[0].Sample!.Value, read.Signature.Inputs[0].Sample!.Value);
    }

    [Fact]
    public async Task Json_Credentials_AreHiddenAndComeBack()
    {
        var package = await PackageAsync(Predictive);
        var json = new WebServicePackageJson(new PackageSecrets(
            _harness.Catalog,
            text => new string([.. text.Reverse()]) + "!",
            hidden => new string([.. hidden.TrimEnd('!').Reverse()])));

        var bytes = json.Write(package);

        var text = System.Text.Encoding.UTF8.GetString(bytes);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.DoesNotContain("psst", text, StringComparison.Ordinal);
        var read = json.Read(bytes);
        Assert.Equal("hush", read.Experiment.Parameters[1].DefaultValue!.GetValue<string>());
        Assert.Equal("psst", read.Experiment.Nodes[0].Parameters["Password"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":7,"experiment":{},"assets":[],"inputs":[],"outputs":[],"parameters":[],"designTables":{}}""")]
    [InlineData("""{"version":1,"experiment":{},"assets":[],"inputs":[],"outputs":[],"parameters":[],"designTables":{}}""")]
    public void Json_Damaged_SaysSo(string json) => Assert.Equal(
        ErrorCode.PackageInvalid,
        Assert.Throws<PackagingException>(() => new WebServicePackageJson().Read(System.Text.Encoding.UTF8.GetBytes(json))).Code);

    [Fact]
    public async Task Runtime_RowwiseAndExecutor_GiveTheSameBits()
    {
        var runtime = await LoadAsync(await PackageAsync(Predictive));
        Assert.True(runtime.IsRowwise);

        await Gen.Select(Gen.Double.Array[0, 50], Gen.Int[-100, 100]).SampleAsync(
            async (values, amount) =>
            {
                var rows = SmallTables.Numbers("x", [.. values.Select(value => (double?)value)]);
                var parameters = new Dictionary<string, string> { ["Amount"] = amount.ToString(System.Globalization.CultureInfo.InvariantCulture) };

                var planned = runtime.BindRowwise(rows.Schema, parameters)!.Apply(rows);
                var executed = await runtime.ExecuteAsync(
                    new Dictionary<string, TableBatch> { ["rows"] = rows }, parameters, ExperimentHarness.Services, CancellationToken.None);

                Assert.Equal(Bits(((TableValue)executed["scored"]).Table), Bits(planned));
                Assert.Equal(((TableValue)executed["scored"]).Table.Schema.Fields, planned.Schema.Fields);
            },
            iter: 100);
    }

    [Fact]
    public async Task Runtime_SameSchemaAndParameters_BindsOnce()
    {
        var runtime = await LoadAsync(await PackageAsync(Predictive));
        var one = SmallTables.Numbers("x", 1).Schema;
        var two = SmallTables.Numbers("x", 1).Schema;

        Assert.Same(runtime.BindRowwise(one, new Dictionary<string, string>()), runtime.BindRowwise(two, new Dictionary<string, string>()));
        Assert.NotSame(
            runtime.BindRowwise(one, new Dictionary<string, string>()),
            runtime.BindRowwise(one, new Dictionary<string, string> { ["Amount"] = "2" }));
    }

    [Fact]
    public async Task Runtime_InputLeftOut_UsesDesignTimeData()
    {
        var runtime = await LoadAsync(await PackageAsync(Predictive));

        var outputs = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch>(), new Dictionary<string, string>(), ExperimentHarness.Services, CancellationToken.None);

        Assert.Equal("x|Scored Labels\n0|100\n1|101\n2|102", SmallTables.Print(((TableValue)outputs["scored"]).Table));
    }

    [Fact]
    public async Task Runtime_InputDoesNotFit_SaysWhichColumn()
    {
        var runtime = await LoadAsync(await PackageAsync(Joining.Replace("INPUT2", "", StringComparison.Ordinal).Replace("\"output2\": \"total\"", "\"output2\": \"pair.Count\"", StringComparison.Ordinal)));
        var texts = SmallTables.Of([("x", ColumnType.String)], ["a"]);

        var exception = await Assert.ThrowsAsync<ModuleException>(() => runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = texts }, new Dictionary<string, string>(), ExperimentHarness.Services, CancellationToken.None));

        Assert.Equal(17, exception.Number);
        Assert.Contains("Column 'x' of web-service input 'input1' is String; expected Double.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runtime_IntegersForDoubles_AreWidened()
    {
        var runtime = await LoadAsync(await PackageAsync(Predictive));
        var rows = SmallTables.Of([("extra", ColumnType.String), ("x", ColumnType.Int32)], ["e", 5L]);

        var scored = runtime.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows);

        Assert.Equal("x|extra|Scored Labels\n4|e|104", SmallTables.Print(scored));
    }

    [Fact]
    public async Task Runtime_LabelLeftOut_ComesAsMissing()
    {
        // In this graph the model's label is the only column, so that an empty input has none.
        var runtime = await LoadAsync(await PackageAsync(Predictive));
        var rows = SmallTables.Of([("other", ColumnType.String)], ["a"]);

        var scored = runtime.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows);

        Assert.Equal("x|other|Scored Labels\n~|a|~", SmallTables.Print(scored));
    }

    [Fact]
    public async Task Runtime_TwoInputsAndTwoOutputs_JoinsThem()
    {
        var runtime = await LoadAsync(await PackageAsync(Joining.Replace("INPUT2", ", \"input2\": \"lookup\"", StringComparison.Ordinal)));

        var outputs = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = SmallTables.Numbers("x", 7, 5), ["input2"] = SmallTables.Numbers("x", 1000) },
            new Dictionary<string, string>(),
            ExperimentHarness.Services,
            CancellationToken.None);

        Assert.Null(runtime.BindRowwise(SmallTables.Numbers("x", 1).Schema, new Dictionary<string, string>()));
        Assert.Equal("x|Scored Labels\n1017|1117\n1015|1115", SmallTables.Print(((TableValue)outputs["output1"]).Table));
        Assert.Equal("sum\n2032", SmallTables.Print(((TableValue)outputs["output2"]).Table));
    }

    [Fact]
    public async Task Package_LookupSideOfAJoin_StaysInsideAsItIsAfterPreparation()
    {
        var package = await PackageAsync(Joining.Replace("INPUT2", "", StringComparison.Ordinal));

        Assert.Equal(["people", "twice"], package.DesignTables.Keys.Order(StringComparer.Ordinal));
        var table = await _harness.Values.LoadAsync(AssetKind.Dataset, package.DesignTables["twice"], CancellationToken.None);
        Assert.Equal("x\n20", SmallTables.Print(((TableValue)table).Table));
    }

    [Fact]
    public async Task Runtime_RetrainingService_GivesAModel()
    {
        var runtime = await LoadAsync(await PackageAsync("""
            { "name": "t", "nodes": {
                "data": { "module": "Numbers" }, "learner": { "module": "Fake Learner" },
                "train": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "data" } } },
              "webServiceInputs": { "input1": "data" }, "webServiceOutputs": { "output1": "train" } }
            """));

        var outputs = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = SmallTables.Numbers("x", 40, 2) },
            new Dictionary<string, string>(),
            ExperimentHarness.Services,
            CancellationToken.None);

        Assert.Equal(PortType.ILearner, runtime.Signature.Outputs[0].Type);
        Assert.Equal(42, Assert.IsType<LinearModel>(Assert.IsType<ModelValue>(outputs["output1"]).Model).Bias);
    }

    [Fact]
    public async Task Runtime_Cancelled_Throws()
    {
        var runtime = await LoadAsync(await PackageAsync(Joining.Replace("INPUT2", "", StringComparison.Ordinal)));
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => runtime.ExecuteAsync(
            new Dictionary<string, TableBatch>(), new Dictionary<string, string>(), ExperimentHarness.Services, source.Token));
    }

    [Fact]
    public async Task Runtime_ModuleFails_NamesNodeAndModule()
    {
        var fails = false;
        var module = LambdaModule.Of("May fail", (context, _) =>
        {
            context.Set("Results dataset", fails ? throw new ModuleException(21, "Too few rows.") : context.Table("Dataset"));
            return Task.CompletedTask;
        });
        var harness = new ExperimentHarness(FakeModules.Catalog(module));
        var run = await harness.RunAsync("""
            { "name": "n", "nodes": { "data": { "module": "Numbers" }, "may": { "module": "May fail", "inputs": { "Dataset": "data" } } },
              "webServiceInputs": { "i": "data" }, "webServiceOutputs": { "o": "may" } }
            """);
        var package = await new WebServicePackager(harness.Values).PackageAsync(run, true, CancellationToken.None);
        var runtime = await WebServiceRuntime.LoadAsync(package, harness.Catalog, harness.Values, CancellationToken.None);
        fails = true;

        var exception = await Assert.ThrowsAsync<ModuleException>(() => runtime.ExecuteAsync(
            new Dictionary<string, TableBatch>(), new Dictionary<string, string>(), ExperimentHarness.Services, CancellationToken.None));

        Assert.Equal((21, "may", "May fail"), (exception.Number, exception.Node, exception.Module));
    }

    [Fact]
    public async Task Load_ArtifactGone_SaysSo()
    {
        var package = await PackageAsync(Predictive);
        _harness.Artifacts.Clear();

        Assert.Equal(ErrorCode.PackageInvalid, (await Assert.ThrowsAsync<PackagingException>(() => LoadAsync(package))).Code);
    }

    [Fact]
    public async Task Update_FittingModel_ScoresWithIt()
    {
        var package = await PackageAsync(Predictive);
        var before = await LoadAsync(package);
        var artifact = await SaveAsync(new ModelValue(FakeModels.Create("x", "x", 1000)));

        var after = await LoadAsync(await UpdateAsync(package, "the MODEL", artifact));

        var rows = SmallTables.Numbers("x", 1);
        Assert.Equal("x|Scored Labels\n0|1000", SmallTables.Print(after.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows)));
        Assert.Equal("x|Scored Labels\n0|100", SmallTables.Print(before.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows)));
    }

    [Fact]
    public async Task Update_FittingTransform_AppliesIt()
    {
        var package = await PackageAsync(Predictive);

        var after = await LoadAsync(await UpdateAsync(package, "The shift", await SaveAsync(new TransformValue(new ShiftTransform(0, false)))));

        var rows = SmallTables.Numbers("x", 1);
        Assert.Equal("x|Scored Labels\n2|102", SmallTables.Print(after.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows)));
    }

    [Fact]
    public async Task Update_ModelThatDoesNotFit_IsRefused()
    {
        var package = await PackageAsync(Predictive);

        Assert.Contains("trained for Binary; expected Regression", await RefusalAsync(package, "The model", new ModelValue(FakeModels.Create("x", "x", 1, ModelTask.Binary))), StringComparison.Ordinal);
        Assert.Contains("other", await RefusalAsync(package, "The model", new ModelValue(FakeModels.Create("other", "x", 1))), StringComparison.Ordinal);
        Assert.Contains("cannot be read", await RefusalAsync(package, "The model", new TableValue(SmallTables.Numbers("x", 1))), StringComparison.Ordinal);
        Assert.Contains("drops rows", await RefusalAsync(package, "The shift", new TransformValue(new ShiftTransform(0, true))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_UnknownAsset_ListsThoseThatExist()
    {
        var package = await PackageAsync(Predictive);

        var exception = await Assert.ThrowsAsync<PackagingException>(() => UpdateAsync(package, "The modle", new ArtifactId("x")));

        Assert.Equal(ErrorCode.AssetNotFound, exception.Code);
        Assert.Contains("Did you mean 'The model'?", exception.Message, StringComparison.Ordinal);
    }

    private static string Bits(TableBatch table) => string.Join(
        '\n',
        table.Columns.Select(column => string.Join(' ', ((DoubleColumn)column).Values.ToArray().Select(BitConverter.DoubleToInt64Bits))));

    private Task<ArtifactId> SaveAsync(PortValue value) => _harness.Values.SaveAsync(value, CancellationToken.None);

    private async Task<string> RefusalAsync(WebServicePackage package, string name, PortValue value)
    {
        var artifact = await SaveAsync(value);
        var exception = await Assert.ThrowsAsync<PackagingException>(() => UpdateAsync(package, name, artifact));
        Assert.Equal(ErrorCode.ModelIncompatible, exception.Code);
        return exception.Message;
    }

    private Task<WebServicePackage> UpdateAsync(WebServicePackage package, string name, ArtifactId artifact) =>
        new WebServiceUpdate(_harness.Catalog, _harness.Values).WithAssetAsync(package, name, artifact, CancellationToken.None);

    private Task<ExperimentRunResult> RunAsync(string json) => _harness.RunAsync(json, request => request with { Assets = _assets });

    private async Task<WebServicePackage> PackageAsync(string json) =>
        await new WebServicePackager(_harness.Values).PackageAsync(await RunAsync(json), exposeSample: true, CancellationToken.None);

    private Task<WebServiceRuntime> LoadAsync(WebServicePackage package) =>
        WebServiceRuntime.LoadAsync(package, _harness.Catalog, _harness.Values, CancellationToken.None);

    private sealed class KnownAssets(params (AssetReference Asset, PortValue Value)[] assets) : IAssetSource
    {
        public Task<LoadedAsset?> FindAsync(AssetReference asset, CancellationToken cancellationToken) => Task.FromResult(
            assets.Where(known => known.Asset == asset).Select(known => new LoadedAsset(known.Value, known.Asset.Name)).FirstOrDefault());
    }
}
