using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Core.Definitions.Loading;

public sealed class OverlayLoaderTests
{
    private const string Store =
        """{"name": "Store", "properties": {"type": "AzureBlobStorage", "typeProperties": {"connectionString": "x", "accountKind": "StorageV2"}, "connectVia": {"referenceName": "Own", "type": "IntegrationRuntimeReference"}}}""";

    [Fact]
    public void Load_WithAReplacementOfTheSameType_MergesTheProperties()
    {
        var factory = Load("""{"linkedServices": {"STORE": {"typeProperties": {"ConnectionString": "UseDevelopmentStorage=true"}}}}""");

        var store = factory.LinkedServices["Store"];
        Assert.Equal("AzureBlobStorage", store.Type);
        Assert.Equal("""{"connectionString":"UseDevelopmentStorage=true","accountKind":"StorageV2"}""", store.TypeProperties.ToJsonString());
        Assert.Equal("Own", store.ConnectVia);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Store), store.Source));
    }

    [Fact]
    public void Load_WithPoliciesForBadRows_KeepsThemByActivity()
    {
        var factory = Load("""{"badRows": {"Score": {"policy": "Quarantine", "limit": "0.5%"}, "*": {"policy": "skip", "limit": 1000, "maxRecordBytes": 67108864}}}""");

        Assert.Equal(new BadRowsOverlay("quarantine", "0.5%"), factory.Overlay.BadRows["score"]);
        Assert.Equal(new BadRowsOverlay("skip", "1000", 64 << 20), factory.Overlay.BadRows["*"]);
    }

    [Theory]
    [InlineData("""{"badRows": {"Score": "skip"}}""")]
    [InlineData("""{"badRows": {"Score": {"policy": "drop"}}}""")]
    [InlineData("""{"badRows": {"Score": {"limit": "5"}}}""")]
    [InlineData("""{"badRows": {"Score": {"policy": "skip", "limit": "many"}}}""")]
    [InlineData("""{"badRows": {"Score": {"policy": "skip", "limit": "101%"}}}""")]
    [InlineData("""{"badRows": {"Score": {"policy": "skip", "maxRecordBytes": "64 MiB"}}}""")]
    [InlineData("""{"badRows": {"Score": {"policy": "skip", "maxRecordBytes": 0}}}""")]
    public void Load_WithAPolicyThatIsNone_SaysWhatIsExpected(string overlay)
    {
        var factory = Load(overlay);

        Assert.Empty(factory.Overlay.BadRows);
        Assert.Contains(factory.Diagnostics, diagnostic => diagnostic.Code == ErrorCode.InvalidOverlay && diagnostic.Message.Contains("quarantine", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_WithModelGates_KeepsThemByActivity()
    {
        var factory = Load("""{"modelGates": {"Update": {"metric": "AUC", "margin": 0.01}, "*": {"metric": "Root Mean Squared Error"}}}""");

        Assert.Equal(new ModelGateOverlay("AUC", 0.01), factory.Overlay.ModelGates["update"]);
        Assert.Equal(new ModelGateOverlay("Root Mean Squared Error", 0), factory.Overlay.ModelGates["*"]);
    }

    [Theory]
    [InlineData("""{"modelGates": {"Update": "AUC"}}""")]
    [InlineData("""{"modelGates": {"Update": {"margin": 1}}}""")]
    [InlineData("""{"modelGates": {"Update": {"metric": "AUC", "margin": "1"}}}""")]
    [InlineData("""{"modelGates": {"Update": {"metric": "AUC", "margin": -1}}}""")]
    [InlineData("""{"modelGates": {"Update": {"metric": "AUC", "margn": 1}}}""")]
    public void Load_WithAGateThatIsNone_SaysWhatIsExpected(string overlay)
    {
        var factory = Load(overlay);

        Assert.Empty(factory.Overlay.ModelGates);
        Assert.Contains(factory.Diagnostics, diagnostic => diagnostic.Code == ErrorCode.InvalidOverlay && diagnostic.Message.Contains("margin", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_WithReportsOfDriftAndChallengers_KeepsThemByActivity()
    {
        var factory = Load("""{"driftReports": {"Score": true, "*": false}, "challengers": {"Score": [3, 2, 3], "*": []}}""");

        Assert.Empty(factory.Diagnostics);
        Assert.Equal((true, false), (factory.Overlay.DriftReports["score"], factory.Overlay.DriftReports["*"]));
        Assert.Equal([3, 2], factory.Overlay.Challengers["score"]);
        Assert.Empty(factory.Overlay.Challengers["*"]);
    }

    [Theory]
    [InlineData("""{"driftReports": {"Score": "yes"}}""", "true or false")]
    [InlineData("""{"driftReports": {"Score": null}}""", "true or false")]
    [InlineData("""{"driftReports": true}""", "an object")]
    [InlineData("""{"challengers": {"Score": 3}}""", "[3]")]
    [InlineData("""{"challengers": {"Score": ["3"]}}""", "[3]")]
    [InlineData("""{"challengers": {"Score": [0]}}""", "[3]")]
    [InlineData("""{"challengers": {"Score": [1.5]}}""", "[3]")]
    [InlineData("""{"challengers": {"Score": [1, 2, 3, 4, 5, 6, 7, 8, 9]}}""", "at most 8")]
    public void Load_WithReportsThatAreNone_SaysWhatIsExpected(string overlay, string expected)
    {
        var factory = Load(overlay);

        Assert.Empty(factory.Overlay.DriftReports);
        Assert.Empty(factory.Overlay.Challengers);
        Assert.Contains(factory.Diagnostics, diagnostic => diagnostic.Code == ErrorCode.InvalidOverlay && diagnostic.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_WithAReplacementOfAnotherType_TakesItsPropertiesAlone()
    {
        var factory = Load("""{"linkedServices": {"Store": {"type": "FileServer", "typeProperties": {"host": "./data"}, "connectVia": null}}}""");

        var store = factory.LinkedServices["Store"];
        Assert.Equal("FileServer", store.Type);
        Assert.Equal("""{"host":"./data"}""", store.TypeProperties.ToJsonString());
        Assert.Null(store.ConnectVia);
    }

    [Fact]
    public void Load_WithAnUnknownLinkedService_AddsItAndAsksWhetherAnotherWasMeant()
    {
        var factory = Load("""{"linkedServices": {"Stone": {"type": "FileServer", "typeProperties": {"host": "./data"}}}}""");

        Assert.Equal("FileServer", factory.LinkedServices["stone"].Type);
        Assert.Contains("'Store'", Assert.Single(factory.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithAllMembers_ReadsThemRelativeToItsFolder()
    {
        var overlay = Load("""
            {
              "endpoints": { "https://ussouthcentral.services.azureml.net": "self", "https://b.example": "http://127.0.0.1:1" },
              "secrets": { "Store.accountKey": { "env": "KEY" }, "Store.sasToken": { "file": "secrets/sas.txt" }, "Store.x": { "value": "v" } },
              "globalParameters": { "limit": 5, "typed": { "type": "Int", "value": 6 } },
              "fileRoots": [ "./data", "/abs" ]
            }
            """).Overlay;

        var folder = Path.Combine(Path.GetTempPath(), "factory");
        Assert.Equal([new EndpointOverride("https://ussouthcentral.services.azureml.net", "self"), new EndpointOverride("https://b.example", "http://127.0.0.1:1")], overlay.Endpoints);
        Assert.Equal(new SecretSource("KEY", null, null), overlay.Secrets["store.ACCOUNTKEY"]);
        Assert.Equal(new SecretSource(null, Path.Combine(folder, "secrets", "sas.txt"), null), overlay.Secrets["Store.sasToken"]);
        Assert.Equal([Path.Combine(folder, "data"), "/abs"], overlay.FileRoots);
        Assert.Equal("""{"limit":5,"typed":6}""", overlay.GlobalParameters.ToJsonString());
    }

    [Fact]
    public void Load_WithAnEnvironment_LaysItsOverlayOverTheOther()
    {
        var factory = DefinitionFolder.LoadFor(
            "test",
            ("linkedService/Store.json", Store),
            ("factory/F.json", """{"name": "F", "properties": {"globalParameters": {"a": {"type": "String", "value": "factory"}, "b": {"type": "Int", "value": 1}}}}"""),
            ("auspex.json", """{"linkedServices": {"Store": {"type": "FileServer", "typeProperties": {"host": "./data", "userId": "u"}}}, "fileRoots": ["./data"], "globalParameters": {"A": "base"}}"""),
            ("auspex.test.json", """{"linkedServices": {"store": {"typeProperties": {"host": "./test"}}}, "fileRoots": ["./test"], "globalParameters": {"a": "test"}}"""),
            ("auspex.other.json", """{"globalParameters": {"a": "other"}}"""));

        Assert.Empty(factory.Diagnostics);
        Assert.Equal("""{"host":"./test","userId":"u"}""", factory.LinkedServices["Store"].TypeProperties.ToJsonString());
        Assert.Equal([Path.Combine(Path.GetTempPath(), "factory", "test")], factory.Overlay.FileRoots);
        Assert.Equal("""{"a":"test","b":1}""", factory.GlobalParameters.ToJsonString());
    }

    [Fact]
    public void Load_OfAnEnvironmentThatIsNotThere_IsAnError()
    {
        var factory = DefinitionFolder.LoadFor("prod", ("linkedService/Store.json", Store), ("auspex.test.json", "{}"));

        var diagnostic = Assert.Single(factory.Diagnostics);
        Assert.Equal(ErrorCode.OverlayMissing, diagnostic.Code);
        Assert.Contains("auspex.test.json", diagnostic.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"linkedService": {}}""", "AUX1060", "'linkedServices'")]
    [InlineData("""{"linkedServices": {"Store": {"typeProperty": {}}}}""", "AUX1060", "'typeProperties'")]
    [InlineData("""{"linkedServices": []}""", "AUX1061", "an object")]
    [InlineData("""{"linkedServices": {"Store": "FileServer"}}""", "AUX1061", "FileServer")]
    [InlineData("""{"linkedServices": {"New": {"typeProperties": {}}}}""", "AUX1061", "'type'")]
    [InlineData("""{"endpoints": {"ussouthcentral": "self"}}""", "AUX1061", "address")]
    [InlineData("""{"endpoints": {"https://a.example": "selv"}}""", "AUX1061", "self")]
    [InlineData("""{"secrets": {"Store.key": "hunter2"}}""", "AUX1061", "exactly one of")]
    [InlineData("""{"secrets": {"Store.key": {"env": "A", "value": "hunter2"}}}""", "AUX1061", "exactly one of")]
    [InlineData("""{"secrets": {"Store": {"env": "A"}}}""", "AUX1061", "LinkedService.property")]
    [InlineData("""{"fileRoots": [5]}""", "AUX1061", "folders")]
    [InlineData("""[]""", "AUX1061", "an object")]
    public void Load_OfAMistake_ReportsItWithoutItsSecret(string json, string code, string says)
    {
        var factory = Load(json);

        var diagnostic = Assert.Single(factory.Diagnostics, diagnostic => diagnostic.Code.Value == code);
        Assert.Contains(says, diagnostic.Message, StringComparison.Ordinal);
        Assert.Equal("auspex.json", diagnostic.File);
        Assert.DoesNotContain(factory.Diagnostics, found => found.Message.Contains("hunter2", StringComparison.Ordinal));
    }

    private static FactoryDefinition Load(string overlay) =>
        DefinitionFolder.Load(("linkedService/Store.json", Store), ("auspex.json", overlay));
}
