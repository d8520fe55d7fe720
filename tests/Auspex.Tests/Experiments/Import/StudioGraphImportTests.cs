using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Import;
using Xunit;

namespace Auspex.Tests.Experiments.Import;

public sealed class StudioGraphImportTests
{
    private const string Experiment = """
        { "ExperimentId": "ws.f-id.1", "Description": "Scoring", "Summary": "",
          "Graph": {
            "ModuleNodes": [
              { "Id": "guid-1", "ModuleId": "506153734175476c4f62416c57734963.4fbef0ab2c8e4a25b5c47be76eac33d6.v1-default-1705",
                "ModuleParameters": [ { "Name": "DataFormat", "Value": "CSV" }, { "Name": "HasHeader", "Value": "True" }, { "Name": "Data", "Value": "x\r\n1" } ],
                "InputPortsInternal": [], "OutputPortsInternal": [ { "Name": "dataset", "NodeId": "guid-1" } ] },
              { "Id": "guid-2", "ModuleId": "506153734175476c4f62416c57734963.401b4f92e7244d5abe81d5b0ff9bdb33.v1-default-1745",
                "ModuleParameters": [ { "Name": "Append score columns to output", "Value": "True", "ValueType": "Literal", "LinkedGlobalParameter": "Append" } ],
                "InputPortsInternal": [ { "Name": "Trained model", "NodeId": "guid-2", "TrainedModelId": "ws.fam.v1-default-1", "DataSourceId": null },
                                        { "Name": "Dataset", "NodeId": "guid-2", "TrainedModelId": null, "DataSourceId": null } ] },
              { "Id": "guid-3", "ModuleId": "506153734175476c4f62416c57734963.cdb56f957f4c404dbde75bb972e6f232.v1-default-1735", "ModuleParameters": [], "InputPortsInternal": [] } ],
            "EdgesInternal": [ { "SourceOutputPortId": "guid-1:dataset", "DestinationInputPortId": "guid-2:Dataset" } ],
            "SerializedClientData": "<?xml version='1.0'?>" },
          "WebService": {
            "Inputs": [ { "Id": "guid-8", "PortId": "guid-2:Dataset", "Name": "input1" } ],
            "Outputs": [ { "Id": "guid-9", "PortId": "guid-2:Scored dataset", "Name": "output1" } ],
            "Parameters": [ { "Name": "Append", "Value": "True", "ParameterDefinition": { "ParameterType": "Boolean", "HasDefaultValue": true, "DefaultValue": "True" } } ] } }
        """;

    [Fact]
    public void Read_KnownModules_BecomeAnExperimentThatCompiles_AndTheUnknownOneIsReported()
    {
        var catalog = new ModuleCatalog();
        foreach (var module in ModuleCatalog.CreateDefault().Modules.Where(module => module.Descriptor.Name != "Execute Python Script"))
        {
            catalog.Add(module);
        }

        var imported = StudioGraphImport.Read(Parse(Experiment), null, catalog, id => id == "ws.fam.v1-default-1" ? "M [trained model]" : null);

        var unknown = Assert.Single(imported.Unknown);
        Assert.Equal(("guid-3", "Execute Python Script"), (unknown.Node, unknown.Name));
        Assert.Equal(new AssetReference(AssetKind.TrainedModel, "M [trained model]"), Assert.Single(imported.Resources).Asset);
        var known = imported.Definition with { Nodes = [.. imported.Definition.Nodes.Where(node => node.Id != "guid-3")] };
        var compilation = ExperimentCompiler.Compile(known, catalog);
        Assert.DoesNotContain(compilation.Diagnostics, found => found.Severity == DiagnosticSeverity.Error);
        Assert.Equal("Append", Assert.Single(compilation.Experiment!.Parameters).Definition.Name);
        Assert.Equal("guid-8", Assert.Single(compilation.Experiment.ServiceInputs).Source.Node);
    }

    [Theory]
    [InlineData("""{"Graph": {"ModuleNodes": [null, 1, {"Id": null}], "EdgesInternal": [{"SourceOutputPortId": "a:b"}]}, "WebService": {"Inputs": [{}], "Outputs": [{}], "Parameters": [{}]}}""")]
    [InlineData("""{"ModuleNodes": []}""")]
    public void Read_MalformedParts_AreLeftOut(string json) =>
        Assert.NotNull(StudioGraphImport.Read(Parse(json), null, ModuleCatalog.CreateDefault()).Definition);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
