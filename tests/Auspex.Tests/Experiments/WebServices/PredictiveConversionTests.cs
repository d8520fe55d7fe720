using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

public sealed class PredictiveConversionTests
{
    private const string Training = """
        { "name": "Income",
          "parameters": {
            "Amount": { "links": [ "plus.Amount" ], "default": 5 },
            "Weight": { "links": [ "learner.Weight" ], "default": 1 } },
          "nodes": {
            "data": { "module": "Numbers", "position": [1, 2] },
            "plus": { "module": "add", "inputs": { "Dataset": "data" }, "parameters": { "Amount": 5 } },
            "shift": { "module": "Shift", "inputs": { "Dataset": "plus" } },
            "split": { "module": "Split Data", "inputs": { "Dataset": "shift.Transformed dataset" } },
            "learner": { "module": "Fake Learner" },
            "train": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "split.Results dataset1" } },
            "score": { "module": "Fake Scorer", "inputs": { "Trained model": "train", "Dataset": "split.Results dataset2" } },
            "metrics": { "module": "Fake Evaluator", "inputs": { "Scored dataset": "score" } } } }
        """;

    private readonly ExperimentHarness _harness = new(FakeModules.Catalog(Split()));

    [Fact]
    public async Task Convert_TrainingExperiment_KeepsOnlyWhatScoringNeeds()
    {
        var result = await ConvertAsync(Training);

        var experiment = result.Experiment!;
        Assert.Equal("Income [Predictive Exp.]", experiment.Name);
        Assert.Equal(["data", "plus", "shift", "train", "score", "shift transform"], experiment.Nodes.Select(node => node.Id));
        Assert.Equal(["Numbers", "Add", "Apply Transformation", "", "Fake Scorer", ""], experiment.Nodes.Select(node => node.Module));
        Assert.Equal(new AssetReference(AssetKind.TrainedModel, "Income [trained model]"), experiment.Nodes[3].Asset);
        Assert.Equal(new AssetReference(AssetKind.Transform, "Income [shift transform]"), experiment.Nodes[5].Asset);
        Assert.Equal([new ExperimentEdge("Trained model", "train", null), new ExperimentEdge("Dataset", "shift", null)], experiment.Nodes[4].Inputs);
        Assert.Equal([new ExperimentPort("input1", "data", null)], experiment.WebServiceInputs);
        Assert.Equal([new ExperimentPort("output1", "score", null)], experiment.WebServiceOutputs);
        Assert.Equal(["Amount"], experiment.Parameters.Select(parameter => parameter.Name));
        Assert.Equal("[1,2]", experiment.Source["nodes"]!["data"]!["position"]!.ToJsonString());
        Assert.Empty(result.Diagnostics);
        _harness.Compile(experiment);
    }

    [Fact]
    public async Task Convert_Assets_AreWhatTheRunGave()
    {
        var result = await ConvertAsync(Training);

        Assert.Equal(["Income [shift transform]", "Income [trained model]"], result.Assets.Select(asset => asset.Asset.Name).Order(StringComparer.Ordinal));
        Assert.Equal(7, Assert.IsType<ShiftTransform>(Assert.IsType<TransformValue>(result.Assets.Single(asset => asset.Node == "shift").Value).Transform).Mean);
        Assert.IsType<ModelValue>(result.Assets.Single(asset => asset.Node == "train").Value);
    }

    [Fact]
    public async Task Convert_Predictive_ScoresAsTrainingDid()
    {
        var run = await _harness.RunAsync(Training);
        var result = PredictiveConversion.Convert(run, _harness.Catalog, new ConversionOptions());

        var again = await ExperimentHarness.RunAsync(
            _harness.Compile(result.Experiment!), request => request with { Assets = new ConvertedAssets(result.Assets) });

        // The fake split gives every row to both sides, so both score the same rows.
        Assert.Equal(
            SmallTables.Print(ExperimentHarness.TableAt(run, "score", "Scored dataset")),
            SmallTables.Print(ExperimentHarness.TableAt(again, "score", "Scored dataset")));
    }

    [Fact]
    public async Task Convert_KeepPreparation_LeavesFittingModules()
    {
        var result = await ConvertAsync(Training, new ConversionOptions { KeepPreparation = true });

        Assert.Equal(["data", "plus", "shift", "train", "score"], result.Experiment!.Nodes.Select(node => node.Id));
        Assert.Equal("Shift", result.Experiment.Nodes[2].Module);
        Assert.Equal(new ExperimentEdge("Dataset", "shift", "Transformed dataset"), result.Experiment.Nodes[4].Inputs[1]);
    }

    [Fact]
    public async Task Convert_CleaningThatDropsRows_IsLeftOutWithAWarning()
    {
        var json = Training.Replace("\"Dataset\": \"plus\" }", "\"Dataset\": \"plus\" }, \"parameters\": { \"Drops rows\": true }", StringComparison.Ordinal);

        var result = await ConvertAsync(json);
        var kept = await ConvertAsync(json, new ConversionOptions { KeepRowRemoval = true });

        Assert.Equal(["data", "plus", "train", "score"], result.Experiment!.Nodes.Select(node => node.Id));
        Assert.Equal(DiagnosticSeverity.Warning, Assert.Single(result.Diagnostics).Severity);
        Assert.Contains(kept.Experiment!.Nodes, node => node.Id == "shift");
    }

    [Fact]
    public async Task Convert_TransformAppliedToTheTestBranch_UsesTheSavedOne()
    {
        var result = await ConvertAsync("""
            { "name": "n", "nodes": {
                "data": { "module": "Numbers" },
                "split": { "module": "Split Data", "inputs": { "Dataset": "data" } },
                "shift": { "module": "Shift", "inputs": { "Dataset": "split.Results dataset1" } },
                "apply": { "module": "Apply Transformation", "inputs": { "Transformation": "shift.Transformation", "Dataset": "split.Results dataset2" } },
                "learner": { "module": "Fake Learner" },
                "train": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "shift.Transformed dataset" } },
                "score": { "module": "Fake Scorer", "inputs": { "Trained model": "train", "Dataset": "apply" } } } }
            """);

        Assert.Equal(["data", "apply", "train", "score", "shift transform"], result.Experiment!.Nodes.Select(node => node.Id));
        Assert.Equal(
            [new ExperimentEdge("Transformation", "shift transform", null), new ExperimentEdge("Dataset", "data", null)],
            result.Experiment.Nodes[1].Inputs);
    }

    [Fact]
    public async Task Convert_TwoTrainers_AsksWhichOne()
    {
        const string Json = """
            { "name": "n", "nodes": {
                "data": { "module": "Numbers" },
                "learner": { "module": "Fake Learner" },
                "one": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "data" } },
                "two": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "data" } },
                "scoreOne": { "module": "Fake Scorer", "inputs": { "Trained model": "one", "Dataset": "data" } },
                "scoreTwo": { "module": "Fake Scorer", "inputs": { "Trained model": "two", "Dataset": "data" } } } }
            """;

        var undecided = await ConvertAsync(Json);
        var decided = await ConvertAsync(Json, new ConversionOptions { Trainer = "two" });
        var wrong = await ConvertAsync(Json, new ConversionOptions { Trainer = "twoo" });

        Assert.Null(undecided.Experiment);
        Assert.Contains("2 trainers: 'one', 'two'", Assert.Single(undecided.Diagnostics).Message, StringComparison.Ordinal);
        Assert.Equal(["data", "two", "scoreTwo"], decided.Experiment!.Nodes.Select(node => node.Id));
        Assert.Contains("Did you mean 'two'?", Assert.Single(wrong.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_DeclaredEndsBehindTheScorer_StayWithTheirNames()
    {
        var result = await ConvertAsync("""
            { "name": "n", "nodes": {
                "data": { "module": "Numbers" },
                "lookup": { "module": "Numbers" },
                "pair": { "module": "Pair", "inputs": { "Left": "data", "Right": "lookup" } },
                "learner": { "module": "Fake Learner" },
                "train": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "pair.Results dataset" } },
                "score": { "module": "Fake Scorer", "inputs": { "Trained model": "train", "Dataset": "pair.Results dataset" } },
                "total": { "module": "Sum", "inputs": { "Dataset": "score" } },
                "metrics": { "module": "Fake Evaluator", "inputs": { "Scored dataset": "score" } } },
              "webServiceInputs": { "people": "data", "table": "lookup" },
              "webServiceOutputs": { "summary": "total", "scored": "score", "model": "train", "metrics": "metrics" } }
            """);

        Assert.Equal([new ExperimentPort("people", "data", null), new ExperimentPort("table", "lookup", null)], result.Experiment!.WebServiceInputs);
        Assert.Equal([new ExperimentPort("summary", "total", null), new ExperimentPort("scored", "score", null)], result.Experiment.WebServiceOutputs);
        Assert.DoesNotContain(result.Experiment.Nodes, node => node.Id == "metrics");
    }

    [Fact]
    public async Task Convert_EndsChosen_GoesByTheChoice()
    {
        var result = await ConvertAsync(Training, new ConversionOptions { Inputs = ["plus"], Outputs = ["score", "shift"], Name = "Mine" });

        Assert.Equal("Mine", result.Experiment!.Name);
        Assert.Equal([new ExperimentPort("input1", "plus", null)], result.Experiment.WebServiceInputs);
        Assert.Equal([new ExperimentPort("output1", "score", null), new ExperimentPort("output2", "shift", null)], result.Experiment.WebServiceOutputs);
    }

    [Theory]
    [InlineData("nothing", null, "no output port")]
    [InlineData("learner", null, "no output port")]
    [InlineData(null, "metrics.x", "no output port")]
    public async Task Convert_ChosenEndIsWrong_SaysSo(string? input, string? output, string text)
    {
        var result = await ConvertAsync(Training, new ConversionOptions { Inputs = input is null ? [] : [input], Outputs = output is null ? [] : [output] });

        Assert.Contains(text, Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_SourceAndExportSteeredByTheCaller_NeedNoEnds()
    {
        var export = new LambdaModule(
            new Auspex.Experiments.Modules.ModuleDescriptor
            {
                Name = "Export",
                Category = "Data Input and Output",
                Inputs = [new Auspex.Experiments.Modules.ModulePort("Dataset", Auspex.Experiments.Modules.PortType.Dataset)],
                Parameters = [new Auspex.Experiments.Modules.ModuleParameter { Name = "To", Kind = Auspex.Experiments.Modules.ParameterKind.String, IsOptional = true }],
                IsDeterministic = false,
            },
            (_, _) => Task.CompletedTask);
        var harness = new ExperimentHarness(FakeModules.Catalog(export));
        var run = await harness.RunAsync("""
            { "name": "n",
              "parameters": { "From": { "links": [ "data.Values" ] }, "To": { "links": [ "save.To" ] } },
              "nodes": {
                "data": { "module": "Numbers" },
                "learner": { "module": "Fake Learner" },
                "train": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "data" } },
                "score": { "module": "Fake Scorer", "inputs": { "Trained model": "train", "Dataset": "data" } },
                "save": { "module": "Export", "inputs": { "Dataset": "score" } } } }
            """);

        var result = PredictiveConversion.Convert(run, harness.Catalog, new ConversionOptions());

        Assert.Equal(["data", "train", "score", "save"], result.Experiment!.Nodes.Select(node => node.Id));
        Assert.Empty(result.Experiment.WebServiceInputs);
        Assert.Empty(result.Experiment.WebServiceOutputs);
        Assert.Equal(["From", "To"], result.Experiment.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public async Task Convert_NoModelAtAll_KeepsTheGraph()
    {
        var result = await ConvertAsync("""
            { "name": "n", "nodes": { "data": { "module": "Numbers" }, "plus": { "module": "Add", "inputs": { "Dataset": "data" } },
              "total": { "module": "Sum", "inputs": { "Dataset": "plus" } } } }
            """);

        Assert.Equal(["data", "plus", "total"], result.Experiment!.Nodes.Select(node => node.Id));
        Assert.Equal([new ExperimentPort("input1", "data", null)], result.Experiment.WebServiceInputs);
        Assert.Equal([new ExperimentPort("output1", "total", null)], result.Experiment.WebServiceOutputs);
    }

    [Fact]
    public async Task Convert_RunThatFailed_SaysToRunFirst()
    {
        var run = await _harness.RunAsync(Training, request => request with { Targets = ["data"] });

        var result = PredictiveConversion.Convert(run, _harness.Catalog, new ConversionOptions());

        Assert.Contains("run the experiment to its end first", Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Retraining_PlacesEndsOnDataModelMetricsAndTransforms()
    {
        var result = RetrainingConversion.Convert(_harness.Compile(Training));

        Assert.Equal([new ExperimentPort("input1", "data", null)], result.Experiment!.WebServiceInputs);
        Assert.Equal(
            [
                new ExperimentPort("output1", "train", null),
                new ExperimentPort("output2", "metrics", null),
                new ExperimentPort("output3", "shift", "Transformation"),
            ],
            result.Experiment.WebServiceOutputs);
    }

    [Fact]
    public void Retraining_EndsDeclared_StayAsTheyAre()
    {
        var json = Training[..Training.LastIndexOf('}')]
            + """ , "webServiceInputs": { "rows": "plus" }, "webServiceOutputs": { "model": "train" } }""";

        var result = RetrainingConversion.Convert(_harness.Compile(json));

        Assert.Equal([new ExperimentPort("rows", "plus", null)], result.Experiment!.WebServiceInputs);
        Assert.Equal([new ExperimentPort("model", "train", null)], result.Experiment.WebServiceOutputs);
    }

    private static LambdaModule Split() => new(
        new Auspex.Experiments.Modules.ModuleDescriptor
        {
            Name = "Split Data",
            Category = "Data Transformation/Sample and Split",
            Inputs = [new Auspex.Experiments.Modules.ModulePort("Dataset", Auspex.Experiments.Modules.PortType.Dataset)],
            Outputs =
            [
                new Auspex.Experiments.Modules.ModulePort("Results dataset1", Auspex.Experiments.Modules.PortType.Dataset),
                new Auspex.Experiments.Modules.ModulePort("Results dataset2", Auspex.Experiments.Modules.PortType.Dataset),
            ],
        },
        (context, _) =>
        {
            context.Set("Results dataset1", context.Table("Dataset"));
            context.Set("Results dataset2", context.Table("Dataset"));
            return Task.CompletedTask;
        });

    private async Task<ConversionResult> ConvertAsync(string json, ConversionOptions? options = null) =>
        PredictiveConversion.Convert(await _harness.RunAsync(json), _harness.Catalog, options ?? new ConversionOptions());
}
