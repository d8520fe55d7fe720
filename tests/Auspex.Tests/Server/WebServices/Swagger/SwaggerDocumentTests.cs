using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices.Swagger;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Swagger;

public sealed class SwaggerDocumentTests
{
    private static readonly ServiceSignature Signature = new(
        [
            new ServicePort(
                "input1",
                PortType.Dataset,
                new TableSchema(
                [
                    new TableField { Name = "age", Type = ColumnType.Int32 },
                    new TableField { Name = "job", Type = ColumnType.String, Categories = new CategoryDomain(["a", "b"]) },
                    new TableField { Name = "wage", Type = ColumnType.Double },
                    new TableField { Name = "ok", Type = ColumnType.Boolean },
                    new TableField { Name = "born", Type = ColumnType.DateTime },
                ]),
                ["39", "b", "12.5", "True", null]),
        ],
        [
            new ServicePort("output1", PortType.Dataset, new TableSchema([new TableField { Name = "Scored Labels", Type = ColumnType.String }]), null),
            new ServicePort("model", PortType.ILearner, null, null),
        ],
        [
            new ServiceParameter("Trees", ParameterKind.Integer, true, 100, [], 1, 500, "How many <b>trees</b>"),
            new ServiceParameter("Query", ParameterKind.Script, false, null, [], null, null, ""),
            new ServiceParameter("Rate", ParameterKind.Float, true, 1.0, [], 0, null, ""),
        ]);

    [Fact]
    public void Write_Layout_IsTheOriginals()
    {
        var document = Write(Signature);

        Assert.Equal(
            ["swagger", "info", "host", "basePath", "schemes", "consumes", "produces", "paths", "definitions", "securityDefinitions"],
            document.Select(member => member.Key));
        Assert.Equal(
            ["ExecutionRequest", "ExecutionResults", "ExecutionInputs", "ExecutionOutputs", "input1Item", "output1Item", "BatchExecutionRequest", "BatchInputs", "BatchOutputs", "AzureBlobDataReference", "BatchExecutionStatus", "GlobalParameters"],
            document["definitions"]!.AsObject().Select(member => member.Key));
        Assert.Equal("No description provided for this web service.", (string?)document["info"]!["description"]);
        Assert.Equal("post", document["paths"]!.AsObject().ElementAt(1).Value!.AsObject().First().Key);
        Assert.Equal(["model", "output1"], document["definitions"]!["BatchOutputs"]!["properties"]!.AsObject().Select(member => member.Key).Order());
        Assert.Equal(["output1"], document["definitions"]!["ExecutionOutputs"]!["properties"]!.AsObject().Select(member => member.Key));
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            Assert.All(operations!.AsObject(), operation => Assert.Equal(path != "/swagger.json", operation.Value!["security"] is not null));
        }
    }

    [Fact]
    public void Write_Columns_HaveTheirTypes()
    {
        var item = Write(Signature)["definitions"]!["input1Item"]!;

        Assert.Equal("""["age","job","wage","ok","born"]""", item["required"]!.ToJsonString());
        Assert.Equal(
            """{"age":{"type":"integer","format":"int32"},"job":{"type":"string","enum":["a","b"]},"wage":{"type":"number","format":"double"},"ok":{"type":"boolean"},"born":{"type":"string","format":"date-time"}}""",
            item["properties"]!.ToJsonString());
    }

    [Fact]
    public void Write_Parameters_CarryRulesAndDefaults()
    {
        var parameters = Write(Signature)["definitions"]!["GlobalParameters"]!;

        Assert.Equal(
            """{"Trees":{"type":"integer","format":"int32","minimum":1,"maximum":500,"default":100,"description":"How many (b)trees(/b)"},"Query":{"type":"string","description":""},"Rate":{"type":"number","format":"double","minimum":0,"default":1,"description":""}}""",
            parameters["properties"]!.ToJsonString());
        Assert.Equal("""["Query"]""", parameters["required"]!.ToJsonString());
    }

    [Theory]
    [InlineData(true, """{"Inputs":{"input1":[{"age":39,"job":"b","wage":12.5,"ok":true,"born":""}]},"GlobalParameters":{"Trees":100,"Query":"","Rate":1.0}}""")]
    [InlineData(false, """{"Inputs":{"input1":[{"age":1,"job":"a","wage":1,"ok":false,"born":""}]},"GlobalParameters":{"Trees":100,"Query":"","Rate":1.0}}""")]
    public void Write_Example_IsTyped(bool showSamples, string expected) =>
        Assert.Equal(expected, Write(Signature, showSamples)["definitions"]!["ExecutionRequest"]!["example"]!.ToJsonString());

    [Fact]
    public void Write_NoInputs_HasNoProperties()
    {
        var document = Write(Signature with { Inputs = [] });

        Assert.Equal("""{"type":"object"}""", document["definitions"]!["ExecutionInputs"]!.ToJsonString());
    }

    private static JsonObject Write(ServiceSignature signature, bool showSamples = true)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            SwaggerDocument.Write(
                writer, signature, new SwaggerFrame("s", null, "default", null, "h:443", "https", "/workspaces/w/services/e", showSamples));
        }

        return JsonNode.Parse(stream.ToArray())!.AsObject();
    }
}
