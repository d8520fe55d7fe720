using Auspex.Experiments.Compilation;
using Auspex.Experiments.Modules;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.Compilation;

public sealed class ExperimentCompilerTests
{
    private readonly ExperimentHarness _harness = new();

    [Fact]
    public void Compile_Graph_OrdersNodesAfterWhatTheyNeed()
    {
        var experiment = _harness.Compile("""
            { "name": "n", "nodes": {
              "pair": { "module": "Pair", "inputs": { "Right": "plus", "Left": "one" } },
              "plus": { "module": "add", "inputs": { "Dataset": "one" }, "parameters": { "Amount": 2 } },
              "one": { "module": "Numbers" } } }
            """);

        Assert.Equal(["one", "plus", "pair"], experiment.Nodes.Select(node => node.Id));
        Assert.Equal(["Left", "Right"], experiment["pair"].Inputs.Select(edge => edge.Port.Name));
        Assert.Equal(new PortKey("plus", "Results dataset"), experiment["pair"].Input("Right")?.Source);
        Assert.Equal("2", experiment["plus"].Parameters["Amount"]);
        Assert.Equal("Add", experiment["plus"].DisplayName);
    }

    [Theory]
    [InlineData("""{ "a": { "module": "Numbrs" } }""", "AUX4101", "$.nodes.a.module", "Did you mean 'Numbers'?")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Datset": "b" } }, "b": { "module": "Numbers" } }""", "AUX4102", "$.nodes.a.inputs.Datset", "Did you mean 'Dataset'?")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Dataset": "b.dataste" } }, "b": { "module": "Numbers" } }""", "AUX4102", "$.nodes.a.inputs.Dataset", "Did you mean 'dataset'?")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Dataset": "p" } }, "b": { "module": "Numbers" }, "p": { "module": "Pair", "inputs": { "Left": "b" } } }""", "AUX4102", "$.nodes.a.inputs.Dataset", "'Results dataset' or 'Count'")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Dataset": "l" } }, "l": { "module": "Fake Learner" } }""", "AUX4103", "$.nodes.a.inputs.Dataset", "takes a dataset; 'l.Untrained model' gives a model")]
    [InlineData("""{ "s": { "module": "Fake Scorer", "inputs": { "Trained model": "l", "Dataset": "b" } }, "l": { "module": "Fake Learner" }, "b": { "module": "Numbers" } }""", "AUX4103", "$.nodes.s.inputs['Trained model']", "0012")]
    [InlineData("""{ "a": { "module": "Add" } }""", "AUX4104", "$.nodes.a.inputs.Dataset", "is not connected; connect a dataset")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Dataset": "b" } }, "b": { "module": "Add", "inputs": { "Dataset": "c" } }, "c": { "module": "Add", "inputs": { "Dataset": "a" } } }""", "AUX4105", "$.nodes.c.inputs.Dataset", "a -> c -> b -> a")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Dataset": "a" } } }""", "AUX4105", "$.nodes.a.inputs.Dataset", "a -> a")]
    [InlineData("""{ "a": { "module": "Numbers", "parameters": { "values": "1" } } }""", "AUX4106", "$.nodes.a.parameters.values", "Did you mean 'Values'?")]
    [InlineData("""{ "a": { "module": "Numbers", "parameters": { "Values": "" } } }""", "AUX4107", "$.nodes.a.parameters.Values", "is empty")]
    [InlineData("""{ "a": { "module": "Numbers", "parameters": { "Values": [1] } } }""", "AUX4107", "$.nodes.a.parameters.Values", "object or array")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Dataset": "b" }, "parameters": { "Amount": 101 } }, "b": { "module": "Numbers" } }""", "AUX4107", "$.nodes.a.parameters.Amount", "at least -100 and at most 100")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Dataset": "b" }, "parameters": { "Amount": 1.5 } }, "b": { "module": "Numbers" } }""", "AUX4107", "$.nodes.a.parameters.Amount", "a whole number")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Dataset": "b" }, "parameters": { "Mode": "Thrice" } }, "b": { "module": "Numbers" } }""", "AUX4107", "$.nodes.a.parameters.Mode", "one of Plain, Twice")]
    [InlineData("""{ "a": { "module": "Add", "inputs": { "Dataset": "b" }, "parameters": { "Mode": "twice", "Factor": 0 } }, "b": { "module": "Numbers" } }""", "AUX4107", "$.nodes.a.parameters.Factor", "greater than 0")]
    [InlineData("""{ "a": { "dataset": "D" }, "b": { "module": "Fake Scorer", "inputs": { "Dataset": "a", "Trained model": "a" } } }""", "AUX4103", "$.nodes.b.inputs['Trained model']", "takes a model")]
    public void Compile_Mistake_SaysWhatAndWhere(string nodes, string code, string path, string text)
    {
        var result = _harness.TryCompile($$"""{ "name": "n", "nodes": {{nodes}} }""");

        Assert.Null(result.Experiment);
        var error = Assert.Single(result.Diagnostics);
        Assert.Equal((code, path), (error.Code.Value, error.JsonPath));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_ParameterThatIsHidden_IsNotChecked() =>
        _harness.Compile("""{ "name": "n", "nodes": { "a": { "module": "Add", "inputs": { "Dataset": "b" }, "parameters": { "Factor": -5 } }, "b": { "module": "Numbers" } } }""");

    [Fact]
    public void Compile_SeveralMistakes_ReportsAll()
    {
        var result = _harness.TryCompile("""
            { "name": "n", "nodes": {
              "a": { "module": "Add", "parameters": { "Amount": "x", "Amout": 1 } },
              "b": { "module": "None" },
              "c": { "module": "Add", "inputs": { "Dataset": "b" } } } }
            """);

        Assert.Equal(
            ["AUX4101", "AUX4104", "AUX4106", "AUX4107"],
            result.Diagnostics.Select(diagnostic => diagnostic.Code.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Compile_DeclaredAndExplicitServiceEnds_FindsBoth()
    {
        var experiment = _harness.Compile("""
            { "name": "n", "nodes": {
              "data": { "module": "Numbers" },
              "in": { "module": "Web Service Input", "inputs": { "Dataset": "data" }, "parameters": { "Name": "rows" } },
              "plus": { "module": "Add", "inputs": { "Dataset": "in" } },
              "learner": { "module": "Fake Learner" },
              "train": { "module": "Fake Trainer", "inputs": { "Untrained model": "learner", "Dataset": "plus" } },
              "out": { "module": "Web Service Output", "inputs": { "Dataset": "train" } } },
              "webServiceOutputs": { "table": "plus" } }
            """);

        Assert.Equal([new CompiledServicePort("rows", new PortKey("in", experiment["in"].Outputs[0].Name), PortType.Dataset)], experiment.ServiceInputs);
        Assert.Equal(
            [
                new CompiledServicePort("table", new PortKey("plus", "Results dataset"), PortType.Dataset),
                new CompiledServicePort("output1", new PortKey("train", "Trained model"), PortType.ILearner),
            ],
            experiment.ServiceOutputs);
    }

    [Theory]
    [InlineData(""" "webServiceInputs": { "i": "learner" } """, "AUX4108", "callers can send datasets only")]
    [InlineData(""" "webServiceInputs": { "i": "data", "j": "data.dataset" } """, "AUX4108", "another input is already")]
    [InlineData(""" "webServiceOutputs": { "o": "data.nothing" } """, "AUX4102", "no output port 'nothing'")]
    [InlineData(""" "parameters": { "p": { "links": [ "plus.Amont" ] } } """, "AUX4109", "Did you mean 'Amount'?")]
    [InlineData(""" "parameters": { "p": { "type": "Boolean", "links": [ "plus.Amount" ] } } """, "AUX4109", "of type Boolean")]
    [InlineData(""" "parameters": { "p": { "links": [ "plus.Amount" ] }, "q": { "links": [ "plus.Amount" ] } } """, "AUX4109", "set by 'p' and by 'q'")]
    [InlineData(""" "parameters": { "p": { "default": 1000, "links": [ "plus.Amount" ] } } """, "AUX4107", "default of web-service parameter 'p'")]
    public void Compile_ServiceMistake_SaysWhat(string member, string code, string text)
    {
        var result = _harness.TryCompile($$"""
            { "name": "n", "nodes": {
              "data": { "module": "Numbers" },
              "learner": { "module": "Fake Learner" },
              "plus": { "module": "Add", "inputs": { "Dataset": "data" } } },
              {{member}} }
            """);

        Assert.Null(result.Experiment);
        Assert.Contains(
            result.Diagnostics,
            error => error.Code.Value == code && error.Message.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void Compile_LongChain_DoesNotOverflowTheStack()
    {
        var nodes = string.Join(',', Enumerable.Range(1, 20_000).Select(i => $$""" "n{{i}}": { "module": "Add", "inputs": { "Dataset": "n{{i - 1}}" } } """));

        var experiment = _harness.Compile($$"""{ "name": "n", "nodes": { {{nodes}}, "n0": { "module": "Numbers" } } }""");

        Assert.Equal("n0", experiment.Nodes[0].Id);
    }
}
