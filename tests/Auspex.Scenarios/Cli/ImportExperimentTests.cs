using System.Text.Json.Nodes;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>What people exported from Studio, brought in, run and published with the program alone.</summary>
public sealed class ImportExperimentTests : IDisposable
{
    private const string Modules = "aml://module/506153734175476c4f62416c57734963.";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2016-05-01-preview", false)]
    [InlineData("2017-01-01", true)]
    public async Task Import_OfANewWebService_RunsTheSame_InEitherVersionAndAnyCasing(string version, bool isLater)
    {
        await WriteAsync("service.json", Template(version, isLater));

        var imported = await RunAsync(0, "import", "service.json", "--output", "mine");
        var again = await RunAsync(0, "import", "service.json", "--output", "mine");
        await RunAsync(0, "validate", "mine", "--offline");
        await RunAsync(0, "experiment", "run", "mine/experiment/Sums of rows.json", "--output", "output1=out.csv", "--set", "Rows=7");

        Assert.Contains("4 nodes, 0 unknown modules", imported.Transcript, StringComparison.Ordinal);
        Assert.Contains("unchanged", again.Transcript, StringComparison.Ordinal);
        Assert.Equal("x\n2\n", (await File.ReadAllTextAsync(_folder.File("out.csv"), Cancellation)).ReplaceLineEndings("\n"));

        await File.WriteAllTextAsync(_folder.File("mine/experiment/Sums of rows.json"), "{}", Cancellation);
        var refused = await RunAsync(2, "import", "service.json", "--output", "mine");
        Assert.Contains("--overwrite", refused.Transcript, StringComparison.Ordinal);
        Assert.Equal("{}", await File.ReadAllTextAsync(_folder.File("mine/experiment/Sums of rows.json"), Cancellation));
        await RunAsync(0, "import", "service.json", "--output", "mine", "--overwrite");
    }

    [Fact]
    public async Task Import_OfAGraphOfStudio_NamesWhatItDoesNotKnowAndBringsTheRest()
    {
        await WriteAsync("graph.json", """
            { "Description": "Half known", "Graph": {
                "ModuleNodes": [
                  { "Id": "guid-1", "ModuleId": "506153734175476c4f62416c57734963.4fbef0ab2c8e4a25b5c47be76eac33d6.v1-default-1705",
                    "ModuleParameters": [ { "Name": "DataFormat", "Value": "CSV" }, { "Name": "HasHeader", "Value": "True" }, { "Name": "Data", "Value": "x\r\n1" } ] },
                  { "Id": "guid-2", "ModuleId": "506153734175476c4f62416c57734963.0123456789abcdef0123456789abcdef.v1", "ModuleParameters": [] },
                  { "Id": "guid-3", "ModuleId": "506153734175476c4f62416c57734963.02016f47e4c34a069ae516c747389e34.v1", "ModuleParameters": [],
                    "InputPortsInternal": [ { "Name": "Dataset", "NodeId": "guid-3", "DataSourceId": "ws.saved.1" } ] } ],
                "EdgesInternal": [ { "SourceOutputPortId": "guid-1:dataset", "DestinationInputPortId": "guid-2:Dataset" } ] } }
            """);

        var imported = await RunAsync(0, "import", "graph.json", "--output", "half.json");
        var json = await RunAsync(0, "import", "graph.json", "--output", "half.json", "--json");
        var run = await RunAsync(2, "experiment", "run", "half.json");

        Assert.Contains("Node 'guid-2' uses module '506153734175476c4f62416c57734963.0123456789abcdef0123456789abcdef.v1'", imported.Transcript, StringComparison.Ordinal);
        Assert.Contains("auspex experiment upload FILE --name \"ws.saved.1\"", imported.Transcript, StringComparison.Ordinal);
        Assert.Equal("guid-2", (string?)JsonNode.Parse(json.Output[^1])![0]!["unknownModules"]![0]!["node"]);
        var nodes = JsonNode.Parse(await File.ReadAllTextAsync(_folder.File("half.json"), Cancellation))!["nodes"]!.AsObject();
        Assert.Equal(["guid-1", "guid-2", "guid-3", "ws-saved-1"], nodes.Select(node => node.Key));
        Assert.Contains("half.json(", run.Transcript, StringComparison.Ordinal);
        Assert.Contains("guid-2", run.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OfARetrainingService_TrainsTheModelThatItPromises()
    {
        await WriteAsync("retraining.json", $$"""
            { "properties": { "packageType": "Graph", "title": "Retraining",
              "input": { "properties": { "training": { "type": "object", "properties": {
                "x": { "type": "Number", "format": "Double" }, "y": { "type": "Number", "format": "Double" } } } } },
              "exampleRequest": { "inputs": { "training": [ [ 1.5, 3 ], [ 2.5, 5 ], [ 3.5, 7 ], [ 4.5, 9 ] ] } },
              "assets": {
                "a1": { "name": "Linear Regression", "type": "Module", "locationInfo": { "uri": "{{Modules}}31960a6f789b4cf788d62e1152c0bd1a.v1" } },
                "a2": { "name": "Train Model", "type": "Module", "locationInfo": { "uri": "{{Modules}}5cc7053eaa30450d96c0dae4be720977.v1" } } },
              "package": {
                "nodes": {
                  "node1": { "inputId": "training" }, "node2": { "assetId": "a1" },
                  "node3": { "assetId": "a2", "parameters": { "Label column": { "value": "y" } } }, "node4": { "outputId": "model" } },
                "edges": [
                  { "sourceNodeId": "node2", "sourcePortId": "Untrained model", "targetNodeId": "node3", "targetPortId": "Untrained model" },
                  { "sourceNodeId": "node1", "targetNodeId": "node3", "targetPortId": "Dataset" },
                  { "sourceNodeId": "node3", "sourcePortId": "Trained model", "targetNodeId": "node4" } ] } } }
            """);
        await WriteAsync("rows.csv", "x\n10\n");
        await WriteAsync("more.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}.5,{(3 * i) + 1.5}\n")));

        await RunAsync(0, "import", "retraining.json", "--output", "retraining-experiment.json");
        await RunAsync(0, "experiment", "run", "retraining-experiment.json", "--output", "model=first.ilearner");
        await RunAsync(0, "experiment", "run", "retraining-experiment.json", "--input", "training=more.csv", "--output", "model=second.ilearner");
        await RunAsync(0, "score", "--model", "second.ilearner", "--input", "rows.csv", "--output", "out.csv");

        Assert.NotEqual(await File.ReadAllBytesAsync(_folder.File("first.ilearner"), Cancellation), await File.ReadAllBytesAsync(_folder.File("second.ilearner"), Cancellation));
        Assert.Equal(30, double.Parse((await File.ReadAllLinesAsync(_folder.File("out.csv"), Cancellation))[1].Split(',')[^1], System.Globalization.CultureInfo.InvariantCulture), 0.5);
    }

    // A deployment's template, whose name and row come from its variables and parameters. The sample has two rows that are equal.
    private static string Template(string version, bool isLater)
    {
        var data = isLater ? """{ "VALUE": "[parameters('rows')]" }""" : "\"[parameters('rows')]\"";
        var text = $$"""
            { "$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
              "parameters": { "rows": { "type": "string", "defaultValue": "x\n2\n2\n" } },
              "variables": { "title": "Sums of rows" },
              "resources": [ { "type": "microsoft.machinelearning/WEBSERVICES", "apiVersion": "{{version}}", "name": "n", "location": "x", "properties": {
                "packageType": "Graph", "title": "[variables('title')]",
                "assets": {
                  "a1": { "name": "Enter Data Manually", "type": "Module", "locationInfo": { "uri": "{{Modules}}4fbef0ab2c8e4a25b5c47be76eac33d6.v1" } },
                  "a2": { "name": "Partition and Sample", "type": "Module", "locationInfo": { "uri": "{{Modules}}a8726e341b3e4515b59a3e4a475654b8.v1" } },
                  "a3": { "name": "Remove Duplicate Rows", "type": "Module", "locationInfo": { "uri": "{{Modules}}02016f47e4c34a069ae516c747389e34.v1" } } },
                "parameters": { "Rows": {{(isLater ? """{ "value": "1" }""" : "\"1\"")}} },
                "package": {
                  "nodes": {
                    "node1": { "assetId": "a1", "parameters": { "DataFormat": "CSV", "HasHeader": "True", "Data": {{data}} } },
                    "node2": { "assetId": "a2", "parameters": { "Partition or sample mode": "Head", "Number of rows to select": "10" } },
                    "node3": { "assetId": "a3", "parameters": { "Key column selection filter expression": "x" } },
                    "node4": { "outputId": "output1" }, "node5": { "inputId": "input1" } },
                  "edges": [
                    { "sourceNodeId": "node1", "sourcePortId": "dataset", "targetNodeId": "node2", "targetPortId": "Dataset" },
                    { "sourceNodeId": "node5", "targetNodeId": "node2", "targetPortId": "Dataset" },
                    { "sourceNodeId": "node2", "sourcePortId": "oDataset", "targetNodeId": "node3", "targetPortId": "Dataset" },
                    { "sourceNodeId": "node3", "sourcePortId": "Results dataset", "targetNodeId": "node4" } ],
                  "graphParameters": { "Rows": { "type": "Int", "links": [ { "nodeId": "node2", "parameterKey": "Number of rows to select" } ] } } } } } ] }
            """;
        return isLater ? text.Replace("\"assets\"", "\"Assets\"", StringComparison.Ordinal).Replace("\"package\"", "\"PACKAGE\"", StringComparison.Ordinal).Replace("\"nodes\"", "\"Nodes\"", StringComparison.Ordinal).Replace("\"assetId\"", "\"AssetID\"", StringComparison.Ordinal)
            : text;
    }

    private Task WriteAsync(string file, string text) => File.WriteAllTextAsync(_folder.File(file), text, Cancellation);

    private async Task<AuspexProcess> RunAsync(int expectedExitCode, params string[] arguments)
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, arguments);
        await process.DisposeAsync();
        Assert.True(exitCode == expectedExitCode, process.Transcript);
        return process;
    }
}
