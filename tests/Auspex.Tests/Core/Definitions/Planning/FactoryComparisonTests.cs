using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Planning;
using Auspex.Engine.Triggers;
using Auspex.Errors;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Core.Definitions.Planning;

public sealed class FactoryComparisonTests
{
    private const string Pipeline =
        """
        {"name": "P", "properties": {
          "parameters": {"day": {"type": "String", "defaultValue": "monday"}},
          "activities": [
            {"name": "Look", "type": "Lookup", "typeProperties": {"source": {"type": "AzureSqlSource", "sqlReaderQuery": "@concat('select ', pipeline().parameters.day)"},
              "dataset": {"referenceName": "D", "type": "DatasetReference"}}},
            {"name": "Each", "type": "ForEach", "dependsOn": [{"activity": "Look", "dependencyConditions": ["Succeeded"]}],
              "typeProperties": {"items": {"type": "Expression", "value": "@createArray(1)"}, "activities": [
                {"name": "Call", "type": "WebActivity", "policy": {"retry": 2}, "typeProperties": {"method": "GET", "url": "https://a.example", "headers": {"x-api-key": "OLDSECRET"}}}]}}]}}
        """;

    private const string Trigger =
        """
        {"name": "T", "properties": {"type": "ScheduleTrigger", "runtimeState": "Started",
          "pipelines": [{"pipelineReference": {"referenceName": "P", "type": "PipelineReference"}, "parameters": {"day": "friday"}}],
          "typeProperties": {"recurrence": {"frequency": "Hour", "interval": 1, "startTime": "2024-01-01T00:00:00Z", "timeZone": "UTC"}}}}
        """;

    private const string Dataset =
        """
        {"name": "D", "properties": {"type": "DelimitedText", "linkedServiceName": {"referenceName": "L", "type": "LinkedServiceReference"},
          "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "container": "in"}}}}
        """;

    private const string LinkedService =
        """
        {"name": "L", "properties": {"type": "AzureBlobStorage", "typeProperties": {"connectionString": "AccountName=a;AccountKey=OLDSECRET"}}}
        """;

    private static readonly (string Path, string Text)[] Files =
        [("pipeline/P.json", Pipeline), ("trigger/T.json", Trigger), ("dataset/D.json", Dataset), ("linkedService/L.json", LinkedService)];

    [Fact]
    public void Compare_OfTheSameFactory_IsEmpty() => Assert.Empty(Plan(Files).Changes);

    [Theory]
    [InlineData(0, "\"retry\": 2", "\"retry\": \"2\", \"timeout\": \"12:00:00\", \"secureInput\": false, \"retryIntervalInSeconds\": 30")]
    [InlineData(0, "\"name\": \"Each\"", "\"userProperties\": [], \"state\": \"Active\", \"name\": \"Each\"")]
    [InlineData(0, "[\"Succeeded\"]", "[ \"succeeded\" ]")]
    [InlineData(0, "{\"activity\": \"Look\"", "{\"activity\": \"LOOK\"")]
    [InlineData(0, "@concat('select ', pipeline().parameters.day)", "@CONCAT( 'select ',pipeline()['parameters'].day )")]
    [InlineData(0, "{\"type\": \"Expression\", \"value\": \"@createArray(1)\"}", "\"@createArray(1)\"")]
    [InlineData(0, "\"typeProperties\": {\"items\"", "\"typeProperties\": {\"isSequential\": false, \"batchCount\": 20, \"items\"")]
    [InlineData(0, "\"sqlReaderQuery\"", "\"partitionOption\": \"None\", \"queryTimeout\": \"02:00:00\", \"sqlReaderQuery\"")]
    [InlineData(0, "\"dataset\": {", "\"firstRowOnly\": true, \"dataset\": {")]
    [InlineData(0, "{\"name\": \"P\",", "{\"etag\": \"x\", \"type\": \"Microsoft.DataFactory/factories/pipelines\", \"name\": \"P\",")]
    [InlineData(0, "\"properties\": {\n  \"parameters\"", "\"properties\": {\"variables\": {}, \"annotations\": [], \"lastPublishTime\": \"2024-01-01T00:00:00Z\",\n  \"parameters\"")]
    [InlineData(1, ", \"timeZone\": \"UTC\"", "")]
    [InlineData(1, "\"pipelines\": [", "\"annotations\": [], \"pipelines\": [")]
    [InlineData(2, "\"typeProperties\": {\"location\"", "\"schema\": [], \"typeProperties\": {\"columnDelimiter\": \",\", \"firstRowAsHeader\": false, \"quoteChar\": \"\\\"\", \"location\"")]
    [InlineData(3, "\"typeProperties\"", "\"connectVia\": {\"referenceName\": \"AutoResolveIntegrationRuntime\", \"type\": \"IntegrationRuntimeReference\"}, \"typeProperties\"")]
    public void Compare_OfWhatMeansTheSame_IsEmpty(int file, string old, string now) => Assert.Empty(Sentences(Changed(file, old, now)));

    [Theory]
    [InlineData(0, "\"defaultValue\": \"monday\"", "\"defaultValue\": \"friday\"", "parameter 'day' changes its default from 'monday' to 'friday'")]
    [InlineData(0, "\"parameters\": {\"day\"", "\"parameters\": {\"more\": {\"type\": \"Int\"}, \"day\"", "parameter 'more' (Int) is added, without a default")]
    [InlineData(0, "\"parameters\": {", "\"concurrency\": 2, \"parameters\": {", "runs at once: any number before, 2 now")]
    [InlineData(0, "[\"Succeeded\"]", "[\"Succeeded\", \"Failed\"]", "ForEach 'Each': it runs when 'Look' ended Succeeded or Failed")]
    [InlineData(0, "\"retry\": 2", "\"retry\": 5", "WebActivity 'Call': 'policy.retry' changes from 2 to 5")]
    [InlineData(0, "\"policy\": {\"retry\": 2}, ", "", "WebActivity 'Call': 'policy' is removed")]
    [InlineData(0, "https://a.example", "https://b.example", "'typeProperties.url' changes from 'https://a.example' to 'https://b.example'")]
    [InlineData(0, "\"Each\"", "\"Loop\"", "ForEach 'Each' is renamed to 'Loop'")]
    [InlineData(0, "{\"name\": \"Look\", \"type\": \"Lookup\",", "{\"name\": \"New\", \"type\": \"Wait\", \"typeProperties\": {\"waitTimeInSeconds\": 1}}, {\"name\": \"Look\", \"type\": \"Lookup\",", "Wait 'New' is added, and starts at once")]
    [InlineData(0, "\"name\": \"Call\",", "\"name\": \"Call\", \"state\": \"Inactive\",", "WebActivity 'Call': it becomes inactive")]
    [InlineData(0, "\"dependsOn\": [{\"activity\": \"Look\", \"dependencyConditions\": [\"Succeeded\"]}],", "", "it no longer waits for 'Look' (Succeeded)")]
    [InlineData(0, "\"name\": \"P\", \"properties\": {", "\"name\": \"P\", \"properties\": {\"description\": \"d\",", "its 'description' changes, which does nothing to runs")]
    [InlineData(1, "\"Started\"", "\"Stopped\"", "it is stopped")]
    [InlineData(1, "\"frequency\": \"Hour\", \"interval\": 1", "\"frequency\": \"Minute\", \"interval\": 15", "it starts every 15 minutes from 2024-01-01 00:00 on and started every hour from 2024-01-01 00:00 on")]
    [InlineData(1, "\"frequency\": \"Hour\", \"interval\": 1", "\"frequency\": \"Minute\", \"interval\": 15", "It next starts something at 2026-01-01 12:15:00Z.")]
    [InlineData(1, "\"friday\"", "\"sunday\"", "what it gives to the pipeline 'P': 'day' changes from 'friday' to 'sunday'")]
    [InlineData(2, "\"container\": \"in\"", "\"container\": \"out\"", "It points elsewhere.")]
    [InlineData(2, "\"container\": \"in\"", "\"container\": \"out\"", "It is used by pipeline 'P'; activities that start from then on use the new one.")]
    [InlineData(3, "OLDSECRET", "NEWSECRET", "the secret 'typeProperties.connectionString' changes (not shown)")]
    [InlineData(0, "OLDSECRET", "NEWSECRET", "WebActivity 'Call'")]
    public void Compare_OfWhatMeansSomethingElse_SaysSo(int file, string old, string now, string expected)
    {
        var said = Sentences(Changed(file, old, now));

        Assert.Contains(said, sentence => sentence.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(said, sentence => sentence.Contains("SECRET", StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_OfAddedAndRemovedResources_NamesWhoIsTouched()
    {
        var plan = Plan(("pipeline/Q.json", Pipeline.Replace("\"P\"", "\"Q\"", StringComparison.Ordinal)), Files[1], Files[3]);

        Assert.Equal(["+ pipeline Q", "- dataset D", "- pipeline P"], plan.Changes.Select(Title).Order(StringComparer.Ordinal));
        Assert.Contains("It is still referred to by trigger 'T', which fails then.", plan.Changes.Single(change => change.Name == "P").Effects);
    }

    [Fact]
    public void Compare_OfWindowsThatMove_SaysThatTheyCannot()
    {
        const string Window =
            """
            {"name": "W", "properties": {"type": "TumblingWindowTrigger", "runtimeState": "Started", "pipeline": {"pipelineReference": {"referenceName": "P", "type": "PipelineReference"}},
              "typeProperties": {"frequency": "Hour", "interval": 1, "startTime": "2025-12-31T12:00:00Z", "maxConcurrency": 5}}}
            """;
        var (old, now) = (DefinitionFolder.Load([.. Files, ("trigger/W.json", Window)]), DefinitionFolder.Load([.. Files, ("trigger/W.json", Window.Replace("\"interval\": 1", "\"interval\": 2", StringComparison.Ordinal))]));

        var change = Assert.Single(Compare(old, now).Changes);

        Assert.Contains(change.Effects, effect => effect.Contains("Data Factory refuses to change them", StringComparison.Ordinal));
        Assert.Contains(change.Effects, effect => effect.StartsWith("12 of its windows have ended already", StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_OfOverlays_SaysWhereSecretsComeFrom()
    {
        var old = DefinitionFolder.Load([.. Files, ("auspex.json", """{"secrets": {"L.connectionString": {"env": "A"}}}""")]);
        var now = DefinitionFolder.Load([.. Files, ("auspex.json", """{"secrets": {"L.connectionString": {"value": "OLDSECRET"}}}""")]);

        var change = Assert.Single(Compare(old, now).Changes);

        Assert.Equal(["the secret 'L.connectionString' comes from the overlay itself (not shown) instead of the environment variable A"], change.Details);
    }

    [Fact]
    public void Compare_OfSharedFactories_WithThemselvesReordered_IsEmpty()
    {
        var root = SharedFolder.Find("factories");
        Assert.SkipUnless(root is not null, "The folder 'shared' with other people's factories does not lie beside the checkout.");
        foreach (var folder in (string[])["procfwk-adf", "adftools-small/test/adf2", "mdw-small/archive/e2e_samples"])
        {
            var files = DefinitionFolder.Read(Path.Combine(root, folder));
            var old = FactoryDefinitionLoader.Load(files);
            var now = FactoryDefinitionLoader.Load([.. files.Select(Reordered)]);

            Assert.Empty(Sentences(Compare(old, now)));
        }
    }

    // Every object's members the other way round.
    private static DefinitionFile Reordered(DefinitionFile file)
    {
        var root = LenientJson.Parse(file.Content.Span, file.Path, ImmutableArray.CreateBuilder<Diagnostic>()).Root;
        return new(file.Path, Encoding.UTF8.GetBytes(Turn(root)!.ToJsonString()));

        static JsonNode? Turn(JsonNode? node) => node switch
        {
            JsonObject json => new JsonObject(
                json.Reverse().Select(member => KeyValuePair.Create(member.Key, Turn(member.Value)))),
            JsonArray array => new JsonArray([.. array.Select(Turn)]),
            _ => node?.DeepClone(),
        };
    }

    private static FactoryPlan Changed(int file, string old, string now)
    {
        var (path, text) = Files[file];
        Assert.Contains(old, text, StringComparison.Ordinal);
        return Plan([.. Files.Where((_, index) => index != file), (path, text.Replace(old, now, StringComparison.Ordinal))]);
    }

    private static FactoryPlan Plan(params (string Path, string Text)[] files) => Compare(DefinitionFolder.Load(Files), DefinitionFolder.Load(files));

    private static FactoryPlan Compare(FactoryDefinition old, FactoryDefinition now) =>
        FactoryComparison.Compare(old, now, new PlanTime(new DateTimeOffset(2026, 1, 1, 12, 5, 0, TimeSpan.Zero), ScheduleTimes.NextStart));

    private static string[] Sentences(FactoryPlan plan) => [.. plan.Changes.SelectMany(change => change.Details.Concat(change.Effects))];

    private static string Title(PlanChange change) => $"{change.Action switch { PlanAction.Added => "+", PlanAction.Removed => "-", _ => "~" }} {change.Kind} {change.Name}";
}
