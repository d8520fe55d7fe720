using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Core.Definitions.Loading;

public sealed class ExperimentLoaderTests
{
    private const string Income = """
        {
          "name": "Income training",
          "description": "Who earns more",
          "parameters": { "Trees": { "type": "Int", "default": 100, "links": [ "learner.Number of trees constructed" ], "description": "How many" },
                          "Query": { "links": [ "data.Database query" ] } },
          "nodes": {
            "data": { "module": "Import Data", "parameters": { "Data source": "SQL", "Use cached results": true, "Nothing": null } },
            "split": { "module": "Split Data", "inputs": { "Dataset": "data" }, "parameters": { "Fraction": 0.75, "Random seed": 1 }, "position": [1, 2] },
            "learner": { "module": "Two-Class Boosted Decision Tree" },
            "model": { "trainedModel": "Income [trained model]" },
            "clean": { "transform": "Cleaning" },
            "table": { "dataset": "Adult. Census" },
            "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "split.Results dataset1" } },
            "odd": { "module": "Odd", "inputs": { "Port v1.2": "split.Out v1.2" } }
          },
          "webServiceInputs": { "input1": "data" },
          "webServiceOutputs": { "output1": "split.Results dataset2", "output2": "train" },
          "layout": { "zoom": 2 }
        }
        """;

    [Fact]
    public void Load_WholeExperiment_ReadsEveryMember()
    {
        var (experiment, diagnostics) = Load(Income);

        Assert.NotNull(experiment);
        Assert.Equal("Income training", experiment.Name);
        Assert.Equal("Who earns more", experiment.Description);
        Assert.Equal(["data", "split", "learner", "model", "clean", "table", "train", "odd"], experiment.Nodes.Select(node => node.Id));
        Assert.Equal(new ExperimentEdge("Dataset", "split", "Results dataset1"), experiment.Nodes[6].Inputs[1]);
        Assert.Equal(new ExperimentEdge("Port v1.2", "split", "Out v1.2"), experiment.Nodes[7].Inputs[0]);
        Assert.Equal(new AssetReference(AssetKind.TrainedModel, "Income [trained model]"), experiment.Nodes[3].Asset);
        Assert.Equal(new AssetReference(AssetKind.Dataset, "Adult. Census"), experiment.Nodes[5].Asset);
        Assert.Equal(0.75, experiment.Nodes[1].Parameters["Fraction"]!.GetValue<double>());
        Assert.Equal([new ExperimentPort("output1", "split", "Results dataset2"), new ExperimentPort("output2", "train", null)], experiment.WebServiceOutputs);
        var trees = experiment.Parameters[0];
        Assert.Equal(("Trees", "Int", true, "How many"), (trees.Name, trees.Type, trees.HasDefault, trees.Description));
        Assert.Equal([new ParameterLink("learner", "Number of trees constructed")], trees.Links);
        Assert.Equal(("", false), (experiment.Parameters[1].Type, experiment.Parameters[1].HasDefault));
        Assert.All(diagnostics, diagnostic => Assert.Equal(DiagnosticSeverity.Warning, diagnostic.Severity));
        Assert.Equal(["$.layout", "$.nodes.split.position"], diagnostics.Select(diagnostic => diagnostic.JsonPath));
    }

    [Fact]
    public void Write_LoadedExperiment_GivesTheSameJson()
    {
        var experiment = Load(Income).Experiment!;

        var written = ExperimentWriter.Write(experiment);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Income), written), written.ToJsonString());
        Assert.Equal([.. JsonNode.Parse(Income)!.AsObject().Select(member => member.Key)], written.Select(member => member.Key));
    }

    [Fact]
    public void Load_SampleExperiments_FindsNothingWrong()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "samples", "income", "experiment");
        var files = Directory.GetFiles(folder, "*.json");

        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var json = File.ReadAllText(file);
            var (experiment, diagnostics) = Load(json);
            Assert.Empty(diagnostics);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), ExperimentWriter.Write(experiment!)), file);
        }
    }

    [Theory]
    [InlineData("""{ "name": " ", "nodes": {} }""", "AUX1401", "$")]
    [InlineData("""{ "name": "n" }""", "AUX1401", "$.nodes")]
    [InlineData("""{ "name": "n", "nodes": [] }""", "AUX1401", "$.nodes")]
    [InlineData("""{ "name": "n", "nodes": { "a.b": { "module": "M" } } }""", "AUX1402", "$.nodes['a.b']")]
    [InlineData("""{ "name": "n", "nodes": { "": { "module": "M" } } }""", "AUX1402", "$.nodes.")]
    [InlineData("""{ "name": "n", "nodes": { "a": 5 } }""", "AUX1401", "$.nodes.a")]
    [InlineData("""{ "name": "n", "nodes": { "a": { } } }""", "AUX1401", "$.nodes.a")]
    [InlineData("""{ "name": "n", "nodes": { "a": { "module": "M", "dataset": "D" } } }""", "AUX1401", "$.nodes.a")]
    [InlineData("""{ "name": "n", "nodes": { "a": { "module": "" } } }""", "AUX1401", "$.nodes.a.module")]
    [InlineData("""{ "name": "n", "nodes": { "a": { "module": "M", "inputs": { "In": 1 } } } }""", "AUX1401", "$.nodes.a.inputs.In")]
    [InlineData("""{ "name": "n", "nodes": { "a": { "module": "M", "inputs": { "In": "b.Out" } } } }""", "AUX1403", "$.nodes.a.inputs.In")]
    [InlineData("""{ "name": "n", "nodes": { "a": { "module": "M", "parameters": [] } } }""", "AUX1401", "$.nodes.a.parameters")]
    [InlineData("""{ "name": "n", "nodes": { "a": { "module": "M" }, "a": { "module": "M" } } }""", "AUX1404", "$.nodes.a")]
    [InlineData("""{ "name": "n", "nodes": {}, "webServiceInputs": { "i": "x" } }""", "AUX1403", "$.webServiceInputs.i")]
    [InlineData("""{ "name": "n", "nodes": {}, "webServiceOutputs": { "o": null } }""", "AUX1401", "$.webServiceOutputs.o")]
    [InlineData("""{ "name": "n", "nodes": {}, "parameters": { "p": { "type": "Int" } } }""", "AUX1401", "$.parameters.p.links")]
    [InlineData("""{ "name": "n", "nodes": {}, "parameters": { "p": { "links": [ "a" ] } } }""", "AUX1401", "$.parameters.p.links[0]")]
    [InlineData("""{ "name": "n", "nodes": {}, "parameters": { "p": { "links": [ "a.P" ] } } }""", "AUX1403", "$.parameters.p.links[0]")]
    [InlineData("""{ "name": "n", "nodes": { "a": { "module": "M" } }, "parameters": { "p": { "type": "Itn", "links": [ "a.P" ] } } }""", "AUX1401", "$.parameters.p.type")]
    public void Load_Mistake_SaysWhatAndWhere(string json, string code, string path)
    {
        var (_, diagnostics) = Load(json);

        var error = Assert.Single(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal((code, path, "experiment/income.json"), (error.Code.Value, error.JsonPath, error.File));
    }

    [Fact]
    public void Load_NoNameInTheJson_TakesTheFiles() =>
        Assert.Equal("income", Load("""{ "nodes": {} }""", "experiment/income.json").Experiment?.Name);

    [Fact]
    public void Load_MisspeltMember_SuggestsTheRightOne()
    {
        var (_, diagnostics) = Load("""{ "name": "n", "nodes": {}, "webServiceInput": {} }""");

        Assert.Contains("Did you mean 'webServiceInputs'?", Assert.Single(diagnostics).Message, StringComparison.Ordinal);
    }

    private static (ExperimentDefinition? Experiment, ImmutableArray<Diagnostic> Diagnostics) Load(string json, string file = "experiment/income.json")
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var experiment = ExperimentLoader.Load(JsonNode.Parse(json)!.AsObject(), file, diagnostics);
        return (experiment, diagnostics.ToImmutable());
    }
}
