using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Validation;
using Auspex.Errors;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Core.Definitions;

/// <summary>Definitions that other people wrote load, round-trip, and get no diagnostic that is not true.</summary>
public sealed class SharedFactoriesTests
{
    private const string Absent = "The folder 'shared' with other people's factories does not lie beside the checkout.";

    private static readonly string? Folder = SharedFolder.Find("factories");

    // Read one by one and found true: what each folder gets besides unknown references, clear secrets and information,
    // which a fragment of somebody's factory cannot but have.
    private static readonly Dictionary<string, string[]> TrueFindings = new(StringComparer.Ordinal)
    {
        ["adftools-small/adhoc/issue-223"] = ["AUX1023", "AUX1024"],
        ["adftools-small/adhoc/issue-226"] = ["AUX1320"],
        ["adftools-small/adhoc/issue-240"] = ["AUX1023", "AUX1100"],
        ["adftools-small/test/adf1"] = ["AUX1342"],
        ["adftools-small/test/adf2"] = ["AUX1320", "AUX1342"],
        ["gallery-arm/SamplesV2/DataIntegrationInABox"] = ["AUX1040", "AUX1041", "AUX1301"],
        ["gallery-arm/templates/Bulk Copy from Files to Database"] = ["AUX1040", "AUX1242"],
        ["gallery-arm/templates/Delta copy from Database"] = ["AUX1040", "AUX1100"],
        ["gallery-arm/templates/Refresh Semantic Model after Dataflow"] = ["AUX1102"],
        ["gallery-arm/templates/Schedule Azure-SSIS Integration Runtime to execute SSIS packages"] = ["AUX1040", "AUX1100"],
        ["gallery-arm/templates/Schedule refreshes"] = ["AUX1102"],
        ["mdw-small/azuredatafactory/adf_cicd_auto_publish"] = ["AUX1320"],
        ["mdw-small/azuredatafactory/adf_data_pre_processing_with_azure_batch"] = ["AUX1022", "AUX1242"],
        ["mdw-small/archive/single_tech_samples"] = ["AUX1024", "AUX1241"],
        ["ml-docs/sdk-v1-jsonsamples"] = ["AUX1006", "AUX1023", "AUX1029", "AUX1301"],
        ["ml-docs/v1-batch-execution"] = ["AUX1003", "AUX1023", "AUX1028", "AUX1029"],
        ["ml-docs/v2-ml-pipelines"] = ["AUX1028"],
        ["ml-docs/v2-transform-data"] = ["AUX1023", "AUX1028", "AUX1362"],
        ["ml-docs/v2-update-models"] = ["AUX1007", "AUX1242", "AUX1362"],
        ["procfwk-adf"] = ["AUX1301"],
        ["procfwk-adf/ARM Templates/Data Factory"] = ["AUX1023", "AUX1040"],
    };

    private static readonly string[] ToldAnyway = ["AUX1200", "AUX1201", "AUX1202", "AUX1203", "AUX1340"];

    public static TheoryData<string> Factories => Folder is null
        ? [string.Empty]
        :
        [
            "adftools-small/adhoc/issue-138", "adftools-small/adhoc/issue-183", "adftools-small/adhoc/issue-217", "adftools-small/adhoc/issue-223",
            "adftools-small/adhoc/issue-226", "adftools-small/adhoc/issue-240", "adftools-small/adhoc/issue-240-v2", "adftools-small/adhoc/issue-245",
            "adftools-small/adhoc/issue-260", "adftools-small/adhoc/issue-298", "adftools-small/adhoc/issue-387", "adftools-small/test/adf1",
            "adftools-small/test/adf2", "adftools-small/test/adf3", "adftools-small/test/emptyFactory", "file-checker-adf",
            "mdw-small/archive/e2e_samples", "mdw-small/archive/single_tech_samples", "mdw-small/azuredatafactory/adf_cicd_auto_publish",
            "mdw-small/azuredatafactory/adf_data_pre_processing_with_azure_batch", "procfwk-adf", "procfwk-adf/ARM Templates/Data Factory", "web-services",
            "gallery-arm/SamplesV2/DataIntegrationInABox", "gallery-arm/SamplesV2/DataIntegrationInABox/TwitterHashtagSandbox",
            .. Directory.GetDirectories(Path.Combine(Folder, "ml-docs")).Select(folder => "ml-docs/" + Path.GetFileName(folder)).Order(StringComparer.Ordinal),
            .. Directory.GetDirectories(Path.Combine(Folder, "gallery-arm", "templates"))
                .Select(folder => "gallery-arm/templates/" + Path.GetFileName(folder)).Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Factories))]
    public void Factory_LoadedAndValidated_GetsOnlyTrueDiagnostics(string name)
    {
        Assert.SkipUnless(Folder is not null, Absent);

        var factory = Load(name);
        var diagnostics = factory.Diagnostics.AddRange(DefinitionValidator.Validate(factory));

        var found = diagnostics
            .Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Information && !ToldAnyway.Contains(diagnostic.Code.Value))
            .ToLookup(diagnostic => diagnostic.Code.Value, DiagnosticText.Format);
        var expected = TrueFindings.GetValueOrDefault(name) ?? OpenTemplate(name);
        Assert.True(
            found.Select(group => group.Key).Order(StringComparer.Ordinal).SequenceEqual(expected.Intersect(found.Select(group => group.Key)).Order(StringComparer.Ordinal)),
            string.Join('\n', found.Where(group => !expected.Contains(group.Key)).SelectMany(group => group)));
        Assert.All(TrueFindings.GetValueOrDefault(name) ?? [], code => Assert.True(found.Contains(code), code));
        Assert.True(factory.Pipelines.Count + factory.LinkedServices.Count + factory.Datasets.Count + factory.Triggers.Count + factory.Others.Length > 0);
    }

    // Each of them was looked at and is true; one more, or one fewer, has to be looked at as well.
    [Fact]
    public void AllFactories_LoadedAndValidated_GiveThisManyDiagnostics()
    {
        Assert.SkipUnless(Folder is not null, Absent);

        var counts = Factories.Select(row => row.Data)
            .Select(Load)
            .SelectMany(factory => factory.Diagnostics.AddRange(DefinitionValidator.Validate(factory)))
            .Where(found => found.Code.Value is not ("AUX1005" or "AUX1040" or "AUX1041"))
            .GroupBy(found => found.Code.Value)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} {group.Count()}");

        var file = Path.Combine(RepositoryRoot.Path, "tests", "baselines", "factory-diagnostics.txt");
        var received = string.Join('\n', counts) + "\n";
        if (!File.Exists(file) || File.ReadAllText(file) != received)
        {
            File.WriteAllText(file + ".received", received);
        }

        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : string.Empty, received);
    }

    [Fact]
    public void EveryFile_LoadedAndWritten_IsTheSameJson()
    {
        Assert.SkipUnless(Folder is not null, Absent);

        var compared = 0;
        foreach (var file in Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories))
        {
            if (Strict(File.ReadAllBytes(file)) is { } strict)
            {
                var read = LenientJson.Parse(File.ReadAllBytes(file), file, ImmutableArray.CreateBuilder<Diagnostic>());
                Assert.True(read.Root!.ToJsonString() == strict.ToJsonString(), file);
                compared++;
            }
        }

        Assert.True(compared > 100);
    }

    [Fact]
    public void EveryDefinition_LoadedAndLoadedAgainFromItsSource_IsTheSame()
    {
        Assert.SkipUnless(Folder is not null, Absent);

        foreach (var pipeline in DefinitionFolder.Read(Folder).Select(file => FactoryDefinitionLoader.Load([file])).SelectMany(factory => factory.Pipelines.Values))
        {
            var written = JsonNode.Parse(pipeline.Source.ToJsonString())!.AsObject();
            var again = PipelineLoader.Load(written, null, ImmutableArray.CreateBuilder<Diagnostic>());

            Assert.Equal(Outline(pipeline.Activities), Outline(again!.Activities));
            Assert.Equal(pipeline.Parameters.Select(parameter => parameter.Name), again.Parameters.Select(parameter => parameter.Name));
        }
    }

    [Theory]
    [InlineData("ml-docs/v1-batch-execution/pipeline-MLWithSqlReaderSqlWriter.json", "AUX1003", 27)]
    [InlineData("ml-docs/v2-update-models/linkedservice-AzureMLLinkedService-arm.json", "AUX1007", 7)]
    [InlineData("gallery-arm/SamplesV2/DataIntegrationInABox/template.json", "AUX1005", 532)]
    public void FileThatIsNoStrictJson_Read_IsReportedWithItsLine(string name, string code, int line)
    {
        Assert.SkipUnless(Folder is not null, Absent);
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();

        LenientJson.Parse(File.ReadAllBytes(Path.Combine(Folder, name)), name, diagnostics);

        Assert.Contains(diagnostics, diagnostic => diagnostic.Code.Value == code && diagnostic.Line == line);
    }

    [Fact]
    public void MissionBlocks_InTheCorpus_AreTheDocumentsByteForByte()
    {
        var mission = SharedFolder.Find("mission");
        Assert.SkipUnless(mission is not null, "The mission document does not lie beside the checkout.");
        var corpus = Path.Combine(RepositoryRoot.Path, "tests", "corpus", "definitions", "valid");

        var document = File.ReadAllText(Directory.GetFiles(mission).Single());
        var blocks = document.Split("```JSON\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]).ToArray();

        Assert.Equal(4, blocks.Length);
        Assert.Equal(blocks[0], File.ReadAllText(Path.Combine(corpus, "mission-linked-service", "linked-service.json")));
        Assert.Equal(blocks[1], File.ReadAllText(Path.Combine(corpus, "mission-activity", "activity.json")));
        Assert.Equal(blocks[2], File.ReadAllText(Path.Combine(corpus, "mission-scenario-1", "scenario-1.json")));
        Assert.Equal(blocks[3], File.ReadAllText(Path.Combine(corpus, "mission-scenario-2", "scenario-2.json")));
    }

    // A gallery template leaves its connections and sizes to whoever deploys it.
    private static string[] OpenTemplate(string name) =>
        name.StartsWith("gallery-arm/templates/", StringComparison.Ordinal) ? ["AUX1040"] : [];

    private static FactoryDefinition Load(string name)
    {
        var folder = Path.Combine(Folder!, name);
        return FactoryDefinitionLoader.Load(DefinitionFolder.Read(folder), folder);
    }

    private static JsonNode? Strict(byte[] bytes)
    {
        try
        {
            var text = bytes.AsSpan() is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Outline(ImmutableArray<ActivityDefinition> activities) =>
        activities.SelectMany(activity => (IEnumerable<string>)
        [
            $"{activity.Name} {activity.Type} {string.Join(',', activity.DependsOn.Select(dependency => dependency.Activity))} {activity.TypeProperties.ToJsonString()}",
            .. activity.Branches.SelectMany(branch => Outline(branch.Activities)),
        ]);
}
