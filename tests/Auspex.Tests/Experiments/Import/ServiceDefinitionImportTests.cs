using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Import;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Experiments.Import;

public sealed class ServiceDefinitionImportTests
{
    private const string Score = "aml://module/506153734175476c4f62416c57734963.401b4f92e7244d5abe81d5b0ff9bdb33.v1-default-1745";

    [Theory]
    [InlineData("camel", "Sum", "\"True\"")]
    [InlineData("Pascal", "Sum", "{\"Value\": \"True\", \"CertificateThumbprint\": \"\"}")]
    public void Read_EitherVersion_AnyCasing_GivesTheSameExperiment(string casing, string title, string value)
    {
        var text = Definition(title, Score, value);
        var imported = ServiceDefinitionImport.Read(Parse(casing == "camel" ? text : Capitalize(text)), null, ModuleCatalog.CreateDefault());

        Assert.Empty(imported.Unknown);
        Assert.Equal("Sum", imported.Definition.Name);
        var resource = Assert.Single(imported.Resources);
        Assert.Equal(
            (new AssetReference(AssetKind.TrainedModel, "M [trained model]"), "https://a.blob.core.windows.net/c/m.ilearner", "?sig=x"),
            (resource.Asset, resource.Uri, resource.Credentials));
        var parameter = Assert.Single(imported.Definition.Parameters);
        Assert.Equal(("Append", "False", "node3"), (parameter.Name, (string?)parameter.DefaultValue, parameter.Links[0].Node));
        var compilation = ExperimentCompiler.Compile(imported.Definition, ModuleCatalog.CreateDefault());
        Assert.DoesNotContain(compilation.Diagnostics, found => found.Severity == DiagnosticSeverity.Error);
        Assert.Equal("input1", Assert.Single(compilation.Experiment!.ServiceInputs).Name);
        Assert.Equal("output1", Assert.Single(compilation.Experiment.ServiceOutputs).Name);
    }

    [Fact]
    public void Read_UnknownModule_IsReportedByNameAndNode_AndTheRestIsThere()
    {
        var imported = ServiceDefinitionImport.Read(
            Parse(Definition("t", "aml://module/506153734175476c4f62416c57734963.00000000000000000000000000000000.v1", "\"True\"")
                .Replace("\"Score Model\"", "\"Mystery\"", StringComparison.Ordinal)),
            null,
            ModuleCatalog.CreateDefault());

        var unknown = Assert.Single(imported.Unknown);
        Assert.Equal(("node3", "Mystery"), (unknown.Node, unknown.Name));
        Assert.Equal(["node2", "node3", "node1", "node1-sample"], imported.Definition.Nodes.Select(node => node.Id));
    }

    [Fact]
    public void Read_ParameterEncryptedForACertificate_IsLeftOutAndNoted()
    {
        var imported = ServiceDefinitionImport.Read(
            Parse(Definition("t", Score, """{"value": "x", "certificateThumbprint": "AB"}""")), null, ModuleCatalog.CreateDefault());

        Assert.Contains(imported.Notes, note => note.Contains("encrypted", StringComparison.Ordinal) && note.Contains("node3", StringComparison.Ordinal));
        Assert.Empty(imported.Definition.Nodes.Single(node => node.Id == "node3").Parameters);
    }

    [Fact]
    public void Read_InputBesideAnOrdinaryEdge_TakesItsTableAsTheSample()
    {
        var imported = ServiceDefinitionImport.Read(
            Parse("""
                { "properties": { "package": {
                  "nodes": { "a": { "assetId": "data" }, "b": { "assetId": "clean" }, "in": { "inputId": "input1" } },
                  "edges": [ { "sourceNodeId": "a", "sourcePortId": "dataset", "targetNodeId": "b", "targetPortId": "Dataset" },
                             { "sourceNodeId": "in", "targetNodeId": "b", "targetPortId": "Dataset" } ] },
                  "assets": { "data": { "name": "Enter Data Manually", "type": "Module", "locationInfo": { "uri": "" } },
                              "clean": { "name": "Remove Duplicate Rows", "type": "Module", "locationInfo": { "uri": "" } } } } }
                """),
            "x",
            ModuleCatalog.CreateDefault());

        Assert.Equal(["a", "b", "in"], imported.Definition.Nodes.Select(node => node.Id));
        Assert.Equal("a", Assert.Single(imported.Definition.Nodes[2].Inputs).SourceNode);
        Assert.Equal("in", Assert.Single(imported.Definition.Nodes[1].Inputs).SourceNode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"properties": {"package": {}}}""")]
    [InlineData("""{"properties": {"package": {"nodes": []}}}""")]
    public void Read_NoPackage_SaysWhatIsExpected(string json) =>
        Assert.Throws<ExperimentImportException>(() => ServiceDefinitionImport.Read(Parse(json), null, ModuleCatalog.CreateDefault()));

    [Theory]
    [InlineData("\"text\"", "text")]
    [InlineData("{\"value\": true}", "True")]
    [InlineData("{\"0\": \"a\", \"1\": \"b\"}", "ab")]
    [InlineData("7", "7")]
    public void TextOf_EachForm_IsTheText(string json, string expected) =>
        Assert.Equal(expected, ServiceDefinition.TextOf(JsonNode.Parse(json)));

    [Fact]
    public void Read_PublishedDefinition_FindsItsModules()
    {
        var folder = SharedFolder.Find("factories");
        Assert.SkipUnless(folder is not null, "The folder 'shared' with other people's definitions does not lie beside the checkout.");
        var file = Path.Combine(folder, "web-services", "azure-powershell.GraphWebServiceDefinition_Prod.json");

        var imported = ServiceDefinitionImport.Read(Parse(File.ReadAllText(file)), null, ModuleCatalog.CreateDefault());

        Assert.Empty(imported.Unknown);
        Assert.Equal(["Import Data", "Join Data"], imported.Definition.Nodes.Select(node => node.Module).Take(2));
    }

    [Fact]
    public void Read_PublishedDefinitionWithPortsOfAnotherModule_Compiles()
    {
        var folder = SharedFolder.Find("factories");
        Assert.SkipUnless(folder is not null, "The folder 'shared' with other people's definitions does not lie beside the checkout.");
        var file = Path.Combine(folder, "web-services", "price-analytics.PEBuild.webservice.json");

        var imported = ServiceDefinitionImport.Read(Parse(File.ReadAllText(file)), null, ModuleCatalog.CreateDefault(), "unnamed");

        Assert.Equal("unnamed", imported.Definition.Name);
        Assert.Empty(ExperimentCompiler.Compile(imported.Definition, ModuleCatalog.CreateDefault()).Diagnostics);
    }

    [Theory]
    [InlineData("Result Dataset", "Results dataset")]
    [InlineData("R Device", "Python device")]
    [InlineData("python DEVICE", "Python device")]
    [InlineData("Elsewhere", "Elsewhere")]
    public void Read_PortInAnotherSpelling_IsTheModulesOwnWhereOnlyOneFits(string port, string expected)
    {
        var imported = ServiceDefinitionImport.Read(
            Parse($$"""
                { "properties": { "package": {
                  "nodes": { "a": { "assetId": "script" }, "out": { "outputId": "output1" } },
                  "edges": [ { "sourceNodeId": "a", "sourcePortId": "{{port}}", "targetNodeId": "out" } ] },
                  "assets": { "script": { "name": "Execute Python Script", "type": "Module", "locationInfo": { "uri": "" } } } } }
                """),
            "x",
            ModuleCatalog.CreateDefault());

        Assert.Equal(expected, Assert.Single(imported.Definition.WebServiceOutputs).Port);
    }

    private static string Definition(string title, string module, string value) => $$$"""
        { "properties": { "packageType": "Graph", "title": "{{{title}}}",
          "input": { "type": "object", "properties": { "input1": { "type": "object", "properties": { "x": { "type": "Number", "format": "Double" } } } } },
          "assets": {
            "asset1": { "name": "Score Model", "type": "Module", "locationInfo": { "uri": "{{{module}}}", "credentials": "" } },
            "asset2": { "name": "M [trained model]", "type": "Resource", "locationInfo": { "uri": "https://a.blob.core.windows.net/c/m.ilearner", "credentials": "?sig=x" } } },
          "parameters": { "Append": "False" },
          "package": {
            "nodes": {
              "node1": { "inputId": "input1" }, "node2": { "assetId": "asset2" },
              "node3": { "assetId": "asset1", "parameters": { "Append score columns to output": {{{value}}} } }, "node4": { "outputId": "output1" } },
            "edges": [
              { "sourceNodeId": "node1", "targetNodeId": "node3", "targetPortId": "Dataset" },
              { "sourceNodeId": "node2", "sourcePortId": "Results dataset", "targetNodeId": "node3", "targetPortId": "Trained model" },
              { "sourceNodeId": "node3", "sourcePortId": "Scored dataset", "targetNodeId": "node4" } ],
            "graphParameters": { "Append": { "type": "Boolean", "links": [ { "nodeId": "node3", "parameterKey": "Append score columns to output" } ] } } } } }
        """;

    private static string Capitalize(string text)
    {
        foreach (var name in (string[])["properties", "packageType", "title", "input", "assets", "name", "type", "locationInfo", "uri", "credentials", "package", "nodes", "inputId", "outputId", "assetId", "edges", "sourceNodeId", "sourcePortId", "targetNodeId", "targetPortId", "graphParameters", "links", "nodeId", "parameterKey", "parameters"])
        {
            text = text.Replace($"\"{name}\":", $"\"{char.ToUpperInvariant(name[0])}{name[1..]}\":", StringComparison.Ordinal);
        }

        return text;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
