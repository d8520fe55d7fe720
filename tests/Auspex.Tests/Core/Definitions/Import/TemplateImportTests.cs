using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Import;
using Auspex.Definitions.Loading;
using Auspex.Storage.Definitions;
using Auspex.TestKit;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Core.Definitions.Import;

public sealed class TemplateImportTests
{
    private const string Template =
        """
        {
          "$schema": "http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
          "parameters": {
            "factoryName": {"type": "string"},
            "Blob_connectionString": {"type": "secureString"},
            "Web_properties_typeProperties_url": {"type": "string"},
            "Daily_properties_P_parameters_day": {"type": "string", "defaultValue": "monday"},
            "default_properties_limit_value": {"type": "int", "defaultValue": 5},
            "Store": {"type": "string"}
          },
          "variables": {"factoryId": "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]"},
          "resources": [
            {"name": "[parameters('factoryName')]", "type": "Microsoft.DataFactory/factories", "apiVersion": "2018-06-01", "location": "[resourceGroup().location]",
             "properties": {"globalParameters": {"limit": {"type": "Int", "value": "[parameters('default_properties_limit_value')]"}}}},
            {"name": "[concat(parameters('factoryName'), '/Blob')]", "type": "Microsoft.DataFactory/factories/linkedServices", "apiVersion": "2018-06-01",
             "properties": {"type": "AzureBlobStorage", "typeProperties": {"connectionString": "[parameters('Blob_connectionString')]"}}, "dependsOn": []},
            {"name": "[concat(parameters('factoryName'), '/Web')]", "type": "Microsoft.DataFactory/factories/linkedServices", "apiVersion": "2018-06-01",
             "properties": {"type": "HttpServer", "typeProperties": {"url": "[parameters('Web_properties_typeProperties_url')]", "authenticationType": "Anonymous"}}},
            {"name": "[concat(parameters('factoryName'), '/Table')]", "type": "Microsoft.DataFactory/factories/datasets", "apiVersion": "2018-06-01",
             "properties": {"type": "AzureSqlTable", "linkedServiceName": {"referenceName": "[parameters('Store')]", "type": "LinkedServiceReference"},
                            "typeProperties": {"tableName": "[[dbo].[T]"}}},
            {"name": "[concat(parameters('factoryName'), '/P')]", "type": "Microsoft.DataFactory/factories/pipelines", "apiVersion": "2018-06-01",
             "properties": {"activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1.0}}], "parameters": {"day": {"type": "String"}}},
             "dependsOn": ["[concat(variables('factoryId'), '/datasets/Table')]"]},
            {"name": "[concat(parameters('factoryName'), '/Daily')]", "type": "Microsoft.DataFactory/factories/triggers", "apiVersion": "2018-06-01",
             "properties": {"type": "ScheduleTrigger", "runtimeState": "Started",
                            "pipelines": [{"pipelineReference": {"referenceName": "P", "type": "PipelineReference"}, "parameters": {"day": "[parameters('Daily_properties_P_parameters_day')]"}}],
                            "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1, "startTime": "2024-01-01T00:00:00Z"}}}},
            {"name": "st", "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2021-01-01", "properties": {}}
          ]
        }
        """;

    private const string Values =
        """
        {"$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentParameters.json#", "contentVersion": "1.0.0.0",
         "parameters": {"factoryName": {"value": "adf1"}, "Blob_connectionString": {"value": "AccountName=a;AccountKey=TOPSECRET=="},
                        "Web_properties_typeProperties_url": {"value": "https://one.example"}}}
        """;

    [Fact]
    public void Read_OfAnExport_MakesAFileForEachResourceAndAnOverlayOfItsParameters()
    {
        var imported = Import();

        Assert.Equal("adf1", imported.Name);
        Assert.Equal(
            ["dataset/Table.json", "factory/adf1.json", "linkedService/Blob.json", "linkedService/Web.json", "pipeline/P.json", "trigger/Daily.json"],
            imported.Files.Select(file => file.Path));
        Assert.Equal("[dbo].[T]", (string?)Content(imported, "dataset/Table.json")["properties"]!["typeProperties"]!["tableName"]);
        Assert.Equal(
            """{"name":"P","properties":{"activities":[{"name":"W","type":"Wait","typeProperties":{"waitTimeInSeconds":1.0}}],"parameters":{"day":{"type":"String"}}},"type":"Microsoft.DataFactory/factories/pipelines"}""",
            Content(imported, "pipeline/P.json").ToJsonString());
        Assert.Equal(
            """{"globalParameters":{"limit":5},"secrets":{"Blob.connectionString":{"env":"BLOB_CONNECTIONSTRING"}},"linkedServices":{"Web":{"type":"HttpServer","typeProperties":{"url":"https://one.example"}}}}""",
            imported.Overlay.ToJsonString());
    }

    [Fact]
    public void Read_OfAnExport_SaysByNameWhatItCouldNotBring()
    {
        var imported = Import();

        Assert.Equal(
            ["NotBrought Microsoft.Storage/storageAccounts", "SecretLeftOut Blob_connectionString", "ValueMissing Store", "ValueWritten Daily_properties_P_parameters_day"],
            imported.Notes.Where(note => note.Name != "factoryName").Select(note => $"{note.Kind} {note.Name}").Order(StringComparer.Ordinal));
        Assert.Contains("BLOB_CONNECTIONSTRING", imported.Notes.Single(note => note.Kind == ImportNoteKind.SecretLeftOut).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAnExport_WritesNoSecretAnywhere()
    {
        var imported = Import();

        var everything = string.Join('\n', imported.Files.Select(file => file.Content.ToJsonString()).Append(imported.Overlay.ToJsonString()).Concat(imported.Notes.Select(note => note.Text)));
        Assert.DoesNotContain("TOPSECRET", everything, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfASynapseTemplate_TakesTheWorkspacesResources()
    {
        var template = Template.Replace("Microsoft.DataFactory/factories/", "Microsoft.Synapse/workspaces/", StringComparison.Ordinal)
            .Replace("factoryName", "workspaceName", StringComparison.Ordinal);

        var imported = TemplateImport.Read([File("TemplateForWorkspace.json", template)], null, File("p.json", Values.Replace("factoryName", "workspaceName", StringComparison.Ordinal)), out _)!;

        Assert.Equal("adf1", imported.Name);
        Assert.Contains(imported.Files, file => file.Path == "pipeline/P.json");
    }

    [Fact]
    public void Read_OfLinkedTemplates_FollowsThoseThatLieBesideTheMaster()
    {
        const string Master =
            """
            {"contentVersion": "1.0.0.0", "parameters": {"factoryName": {"type": "string"}}, "resources": [
              {"name": "a", "type": "Microsoft.Resources/deployments", "properties": {"templateLink": {"uri": "[concat(parameters('containerUri'), '/ArmTemplate_0.json')]"}}},
              {"name": "b", "type": "Microsoft.Resources/deployments", "properties": {"templateLink": {"uri": "[concat(parameters('containerUri'), '/ArmTemplate_1.json')]"}}}]}
            """;

        var imported = TemplateImport.Read(
            [File("linkedTemplates/ArmTemplate_master.json", Master), File("linkedTemplates/ArmTemplate_0.json", Template), File("ARMTemplateParametersForFactory.json", Values)],
            null,
            null,
            out _)!;

        Assert.Contains(imported.Files, file => file.Path == "pipeline/P.json");
        Assert.Contains(imported.Notes, note => note.Kind == ImportNoteKind.NotBrought && note.Name == "ArmTemplate_1.json");
    }

    [Fact]
    public void Read_OfAFolderWithoutTemplate_SaysSo()
    {
        Assert.Null(TemplateImport.Read([File("a.json", "{}")], null, null, out var problem));
        Assert.Contains("no ARM template", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Twice_ChangesNothingTheSecondTime()
    {
        using var folder = new TemporaryFolder();
        FactoryImportWriter.Write(folder.Path, Import(), null, overwrite: false);

        var again = FactoryImportWriter.Write(folder.Path, Import(), null, overwrite: false);

        Assert.All(again.Files, file => Assert.Equal(ImportedFileState.Unchanged, file.State));
        Assert.Empty(again.KeptSettings);
    }

    [Fact]
    public void Write_OverSomethingElse_WritesNothingUntilTold()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("pipeline"));
        System.IO.File.WriteAllText(folder.File("pipeline/P.json"), """{"name": "P", "properties": {"activities": []}}""");

        var refused = FactoryImportWriter.Write(folder.Path, Import(), null, overwrite: false);

        Assert.True(refused.IsRefused);
        Assert.False(System.IO.File.Exists(folder.File("trigger/Daily.json")));
        Assert.Contains(FactoryImportWriter.Write(folder.Path, Import(), null, overwrite: true).Files, file => file == ("pipeline/P.json", ImportedFileState.Replaced));
    }

    [Fact]
    public void Write_OverAnOverlayOfSomebody_CompletesItAndKeepsTheirs()
    {
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllText(
            folder.File("auspex.json"), """{"linkedServices": {"Web": {"typeProperties": {"url": "http://mine"}}}, "secrets": {"Blob.connectionString": {"file": "k"}}}""");

        var result = FactoryImportWriter.Write(folder.Path, Import(), null, overwrite: true);

        var overlay = JsonNode.Parse(System.IO.File.ReadAllText(folder.File("auspex.json")))!;
        Assert.Equal("http://mine", (string?)overlay["linkedServices"]!["Web"]!["typeProperties"]!["url"]);
        Assert.Equal("""{"file":"k"}""", overlay["secrets"]!["Blob.connectionString"]!.ToJsonString());
        Assert.Equal(5, (int?)overlay["globalParameters"]!["limit"]);
        Assert.Equal(["linkedServices.Web.typeProperties.url", "secrets.Blob.connectionString"], result.KeptSettings.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_ForAnEnvironment_WritesItsOverlay()
    {
        using var folder = new TemporaryFolder();

        FactoryImportWriter.Write(folder.Path, Import(), "prod", overwrite: false);

        Assert.Equal("https://one.example", (string?)FactoryFolder.Load(folder.Path, "prod").LinkedServices["Web"].TypeProperties["url"]);
        Assert.False(System.IO.File.Exists(folder.File("auspex.json")));
    }

    public static TheoryData<string> SharedTemplates => SharedFolder.Find("factories") is not { } root
        ? [string.Empty]
        : [.. Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories)
            .Where(file => TemplateImport.IsTemplate(System.IO.File.ReadAllBytes(file)))
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(SharedTemplates))]
    public void SharedTemplate_ImportedAndLoaded_IsWhatTheTemplateSays(string name)
    {
        var root = SharedFolder.Find("factories");
        Assert.SkipUnless(root is not null, "The folder 'shared' with other people's factories does not lie beside the checkout.");
        var path = Path.Combine(root, name);
        using var folder = new TemporaryFolder();
        var files = FactoryFolder.ReadTemplateFiles(path, out var template);

        var imported = TemplateImport.Read(files, template, null, out var problem);
        Assert.True(imported is not null, problem);
        FactoryImportWriter.Write(folder.Path, imported, null, overwrite: false);

        var expected = FactoryDefinitionLoader.Load([.. files.Where(file => file.Path == template || file.Path.Contains("arameters", StringComparison.Ordinal))], null);
        var loaded = FactoryFolder.Load(folder.Path);
        foreach (var resource in expected.ListAll().Where(resource => resource.Kind is not ("linkedService" or "factory")))
        {
            var found = loaded.Find(resource.Kind, resource.Name);
            Assert.True(found is not null, $"{resource.Kind} {resource.Name} is missing");
            Assert.True(JsonNode.DeepEquals(resource.Source["properties"], found.Source["properties"]), $"{resource.Kind} {resource.Name}");
        }

        Assert.Equal(expected.LinkedServices.Keys.Order(), loaded.LinkedServices.Keys.Order());
        Assert.Equal(expected.Pipelines.Keys.Order(), loaded.Pipelines.Keys.Order());
        Assert.Equal(expected.Name, loaded.Name);
    }

    [Theory]
    [InlineData("\"[parameters('a')]\"")]
    [InlineData("{ \"x\": \"[concat(parameters('a'), parameters('a'))]\" }")]
    [InlineData("[ \"[variables('v')]\", \"[variables('v')]\" ]")]
    public void Read_ParameterThatRefersToItself_EndsAndKeepsTheExpression(string value)
    {
        var template = $$"""
            {
              "$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#",
              "contentVersion": "1.0.0.0",
              "parameters": { "factoryName": { "type": "string", "defaultValue": "f" }, "a": { "type": "string", "defaultValue": {{value}} } },
              "variables": { "v": {{value}} },
              "resources": [
                {
                  "name": "[concat(parameters('factoryName'), '/P')]", "type": "Microsoft.DataFactory/factories/pipelines", "apiVersion": "2018-06-01",
                  "properties": { "description": "[parameters('a')]", "activities": [] }
                }
              ]
            }
            """;

        var imported = TemplateImport.Read([File("t.json", template)], "t.json", null, out var problem);

        Assert.True(imported is not null, problem);
        Assert.NotNull(Content(imported, "pipeline/P.json")["properties"]?["description"]);
    }

    private static ImportedFactory Import() =>
        TemplateImport.Read([File("ARMTemplateForFactory.json", Template), File("ARMTemplateParametersForFactory.json", Values)], null, null, out _)!;

    private static JsonObject Content(ImportedFactory imported, string path) => imported.Files.Single(file => file.Path == path).Content;

    private static DefinitionFile File(string path, string text) => new(path, Encoding.UTF8.GetBytes(text));
}
