using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

public sealed class WebServiceRuntimeTests
{
    private readonly ServiceHarness _services = new();

    [Fact]
    public async Task Runtime_RowwiseAndExecutor_GiveTheSameBits()
    {
        var runtime = await _services.LoadAsync(await _services.PackageAsync(ServiceHarness.Predictive));
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
        var runtime = await _services.LoadAsync(await _services.PackageAsync(ServiceHarness.Predictive));
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
        var runtime = await _services.LoadAsync(await _services.PackageAsync(ServiceHarness.Predictive));

        var outputs = await runtime.ExecuteAsync(
            new Dictionary<string, TableBatch>(), new Dictionary<string, string>(), ExperimentHarness.Services, CancellationToken.None);

        Assert.Equal("x|Scored Labels\n0|100\n1|101\n2|102", SmallTables.Print(((TableValue)outputs["scored"]).Table));
    }

    [Fact]
    public async Task Runtime_InputDoesNotFit_SaysWhichColumn()
    {
        var runtime = await _services.LoadAsync(await _services.PackageAsync(ServiceHarness.Joining.Replace("\"output2\": \"total\"", "\"output2\": \"pair.Count\"", StringComparison.Ordinal)));
        var texts = SmallTables.Of([("x", ColumnType.String)], ["a"]);

        var exception = await Assert.ThrowsAsync<ModuleException>(() => runtime.ExecuteAsync(
            new Dictionary<string, TableBatch> { ["input1"] = texts }, new Dictionary<string, string>(), ExperimentHarness.Services, CancellationToken.None));

        Assert.Equal(17, exception.Number);
        Assert.Contains("Column 'x' of web-service input 'input1' is String; expected Double.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runtime_IntegersForDoubles_AreWidened()
    {
        var runtime = await _services.LoadAsync(await _services.PackageAsync(ServiceHarness.Predictive));
        var rows = SmallTables.Of([("extra", ColumnType.String), ("x", ColumnType.Int32)], ["e", 5L]);

        var scored = runtime.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows);

        Assert.Equal("x|extra|Scored Labels\n4|e|104", SmallTables.Print(scored));
    }

    [Fact]
    public async Task Runtime_LabelLeftOut_ComesAsMissing()
    {
        // In this graph the model's label is the only column, so that an empty input has none.
        var runtime = await _services.LoadAsync(await _services.PackageAsync(ServiceHarness.Predictive));
        var rows = SmallTables.Of([("other", ColumnType.String)], ["a"]);

        var scored = runtime.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows);

        Assert.Equal("x|other|Scored Labels\n~|a|~", SmallTables.Print(scored));
    }

    [Fact]
    public async Task Runtime_TwoInputsAndTwoOutputs_JoinsThem()
    {
        var runtime = await _services.LoadAsync(await _services.PackageAsync(ServiceHarness.Joining.Replace("\"input1\": \"people\"", "\"input1\": \"people\", \"input2\": \"lookup\"", StringComparison.Ordinal)));

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
    public async Task Runtime_RetrainingService_GivesAModel()
    {
        var runtime = await _services.LoadAsync(await _services.PackageAsync("""
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
        var runtime = await _services.LoadAsync(await _services.PackageAsync(ServiceHarness.Joining));
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
        var package = await _services.PackageAsync(ServiceHarness.Predictive);
        _services.Experiments.Artifacts.Clear();

        Assert.Equal(ErrorCode.PackageInvalid, (await Assert.ThrowsAsync<PackagingException>(() => _services.LoadAsync(package))).Code);
    }

    private static string Bits(TableBatch table) => string.Join(
        '\n',
        table.Columns.Select(column => string.Join(' ', ((DoubleColumn)column).Values.ToArray().Select(BitConverter.DoubleToInt64Bits))));
}
