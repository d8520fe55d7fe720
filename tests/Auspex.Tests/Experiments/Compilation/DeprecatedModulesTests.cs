using System.Text.Json.Nodes;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Import;
using Auspex.TestKit.Experiments;
using Auspex.Tests.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Compilation;

/// <summary>Modules that Studio had deprecated: successors take their places.</summary>
public sealed class DeprecatedModulesTests
{
    private const string Data = """
        "data": { "module": "Enter Data Manually", "parameters": { "Data": "x,y,c\n0,1,a\n0.5,,a\n9,8,b\n9.5,8,b\n0.2,1.2,a\n9.1,7.7,b\n" } }
        """;

    private readonly ExperimentHarness _harness = new(ModuleCatalog.CreateDefault());

    [Theory]
    [InlineData("Missing Values Scrubber", """ "old": { "module": "NAME", "inputs": { "Dataset": "data" }, "parameters": { "For missing values": "Remove entire row" } } """, "old.Cleaned dataset", 5)]
    [InlineData("Quantize", """ "old": { "module": "NAME", "inputs": { "Dataset": "data" }, "parameters": { "Number of bins": 3 } } """, "old.Quantized dataset", 6)]
    [InlineData("Quantize", """
        "bins": { "module": "NAME", "inputs": { "Dataset": "data" } },
        "old": { "module": "Apply Quantization Function (deprecated)", "inputs": { "Dataset": "data", "Binning function": "bins.Binning function" } }
        """, "old.Transformed dataset", 6)]
    [InlineData("Linear Discriminant Analysis", """ "old": { "module": "NAME", "inputs": { "Dataset": "data" }, "parameters": { "Class labels column": "c" } } """, "old.Transformed features", 6)]
    [InlineData("Assign to Clusters", """
        "k": { "module": "K-Means Clustering" },
        "train": { "module": "Train Clustering Model", "inputs": { "Untrained model": "k", "Dataset": "data" }, "parameters": { "Column Set": "x" } },
        "old": { "module": "NAME", "inputs": { "Trained model": "train.Trained model", "Dataset": "data" } }
        """, "old.Results dataset", 6)]
    [InlineData("Build Count Table", """
        "count": { "module": "NAME", "inputs": { "Input data": "data" }, "parameters": { "Label column index or name": "c", "Select columns to count": "x" } },
        "old": { "module": "Count Featurizer (deprecated)", "inputs": { "Count metadata": "count.Count metadata", "Count table": "count.Count table", "Input dataset": "data" } }
        """, "old.Transformed dataset", 6)]
    public async Task Compile_ADeprecatedModule_RunsItsSuccessorWithAWarning(string name, string nodes, string output, int rows)
    {
        foreach (var spelling in new[] { name, name + " (deprecated)" })
        {
            // What takes the result refers to the old port, or to none where the old module had one.
            var json = $$"""
                { "name": "old", "nodes": { {{Data}}, {{nodes.Replace("NAME", spelling, StringComparison.Ordinal)}},
                  "after": { "module": "Select Columns in Dataset", "inputs": { "Dataset": "{{(name is "Linear Discriminant Analysis" ? output : name is "Quantize" && !nodes.Contains("Apply", StringComparison.Ordinal) ? "old.Quantized dataset" : "old")}}" },
                    "parameters": { "Select columns": "AllColumns" } } } }
                """;
            var compilation = _harness.TryCompile(json);
            Assert.Contains(compilation.Diagnostics, found => found.Code == ErrorCode.ModuleDeprecated
                && found.Severity == DiagnosticSeverity.Warning && found.Message.Contains(spelling, StringComparison.Ordinal));
            Assert.DoesNotContain(compilation.Diagnostics, found => found.Severity == DiagnosticSeverity.Error);

            var run = await ExperimentHarness.RunAsync(compilation.Experiment!);

            var (node, port) = (output.Split('.')[0], output.Split('.')[1]);
            Assert.Equal(rows, ExperimentHarness.TableAt(run, node, port).RowCount);
            ModuleRuns.AssertSame(ExperimentHarness.TableAt(run, node, port), ExperimentHarness.TableAt(run, "after", "Results dataset"));
        }
    }

    [Theory]
    [InlineData("Linear Discriminant Analysis (deprecated)", "Dataset", "Feature extractors", 40)]
    [InlineData("Build Count Table (deprecated)", null, "Count table", 41)]
    public async Task Compile_WhatNoSuccessorGives_LoadsAndFailsByNameWhenRun(string module, string? input, string port, int number)
    {
        var inputs = input is null ? "{}" : $$"""{ "{{input}}": "data" }""";
        var json = $$"""
            { "name": "old", "nodes": { {{Data}}, "old": { "module": "{{module}}", "inputs": {{inputs}} },
              "after": { "module": "Summarize Data", "inputs": { "Dataset": "old.{{port}}" } } } }
            """;

        var run = await _harness.RunAsync(json);

        var failed = Assert.Single(run.Nodes, node => node.Status == NodeStatus.Failed);
        Assert.Equal(("old", number), (failed.Node, failed.Error!.Number));
        Assert.Contains(module, failed.Error.Message, StringComparison.Ordinal);
        Assert.Contains(_harness.TryCompile(json).Diagnostics, found => found.Code == ErrorCode.ModuleDeprecated);
    }

    [Fact]
    public void Compile_ParametersWithoutCounterpart_AreNamed()
    {
        var json = $$"""
            { "name": "old", "nodes": { {{Data}},
              "old": { "module": "Quantize", "inputs": { "Dataset": "data" }, "parameters": { "Who knows": 3 } } } }
            """;

        Assert.Contains(
            _harness.TryCompile(json).Diagnostics,
            found => found.Code == ErrorCode.ModuleDeprecated && found.Message.Contains("'Who knows'", StringComparison.Ordinal));
    }

    [Fact]
    public void Import_ADefinitionWithADeprecatedModule_NamesTheSuccessor()
    {
        const string Definition = """
            { "name": "s", "properties": { "packageType": "Graph",
              "assets": { "asset1": { "name": "Enter Data Manually", "type": "Module", "locationInfo": { "uri": "aml://module/w.4fbef0ab2c8e4a25b5c47be76eac33d6.v1-default-1" } },
                          "asset2": { "name": "Missing Values Scrubber", "type": "Module", "locationInfo": { "uri": "aml://module/w.00000000000000000000000000000001.v1-default-1" } } },
              "package": { "nodes": { "node1": { "assetId": "asset1", "parameters": { "Data": "x\n1" } },
                                      "node2": { "assetId": "asset2", "parameters": { "For missing values": "Replace with mean" } },
                                      "node3": { "outputId": "output1" } },
                "edges": [ { "sourceNodeId": "node1", "sourcePortId": "dataset", "targetNodeId": "node2", "targetPortId": "dataset" },
                           { "sourceNodeId": "node2", "sourcePortId": "Results dataset", "targetNodeId": "node3" } ] } } }
            """;

        var imported = ServiceDefinitionImport.Read(JsonNode.Parse(Definition)!.AsObject(), null, ModuleCatalog.CreateDefault());

        Assert.Empty(imported.Unknown);
        Assert.Contains(imported.Notes, note => note.Contains("Clean Missing Data", StringComparison.Ordinal));
        var node = imported.Definition.Nodes.Single(node => node.Id == "node2");
        Assert.Equal(("Clean Missing Data", "Replace with mean"), (node.Module, node.Parameters["Cleaning mode"]!.GetValue<string>()));
        Assert.Equal("Cleaned dataset", Assert.Single(imported.Definition.WebServiceOutputs).Port);
        Assert.Contains("Clean Missing Data", imported.Definition.Source.ToJsonString(), StringComparison.Ordinal);
    }
}
