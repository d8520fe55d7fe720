using System.Text.Json.Nodes;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>Bringing an exported factory, finding what is wrong with it, and planning a change, as a person would.</summary>
public sealed class FactoryChangeTests : IDisposable
{
    private const string Template =
        """
        {"contentVersion": "1.0.0.0", "parameters": {"factoryName": {"type": "string", "defaultValue": "adf1"}, "L_connectionString": {"type": "secureString"}},
         "resources": [
          {"name": "[concat(parameters('factoryName'), '/L')]", "type": "Microsoft.DataFactory/factories/linkedServices",
           "properties": {"type": "AzureBlobStorage", "typeProperties": {"connectionString": "[parameters('L_connectionString')]"}}},
          {"name": "[concat(parameters('factoryName'), '/P')]", "type": "Microsoft.DataFactory/factories/pipelines",
           "properties": {"activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 0}}]}}]}
        """;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_OfATemplate_GivesAFactoryThatRuns()
    {
        await File.WriteAllTextAsync(_folder.File("template.json"), Template, Cancellation);

        var imported = await RunAsync(0, "import", "template.json", "--output", "adf");
        var again = await RunAsync(0, "import", "template.json", "--output", "adf", "--json");
        await RunAsync(0, "validate", "--factory", "adf", "--offline");
        await RunAsync(0, "run", "P", "--factory", "adf");

        Assert.Contains("L_CONNECTIONSTRING", imported.Transcript, StringComparison.Ordinal);
        Assert.All(JsonNode.Parse(again.Output[^1])!["files"]!.AsArray(), file => Assert.Equal("Unchanged", (string?)file!["state"]));
    }

    [Fact]
    public async Task Import_OverADefinitionThatSaysSomethingElse_IsRefusedUntilTold()
    {
        await File.WriteAllTextAsync(_folder.File("template.json"), Template, Cancellation);
        Directory.CreateDirectory(_folder.File("adf/pipeline"));
        await File.WriteAllTextAsync(_folder.File("adf/pipeline/P.json"), """{"name": "P", "properties": {"activities": []}}""", Cancellation);

        var refused = await RunAsync(2, "import", "template.json", "--output", "adf");

        Assert.Contains("pipeline/P.json", refused.Transcript, StringComparison.Ordinal);
        await RunAsync(0, "import", "template.json", "--output", "adf", "--overwrite");
    }

    [Fact]
    public async Task Plan_OfAChange_SaysItAndEndsAsAsked()
    {
        await WriteAsync("old", """{"name": "P", "properties": {"activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]}}""");
        await WriteAsync("same", """{"properties": {"activities": [{"type": "Wait", "name": "W", "state": "Active", "typeProperties": {"waitTimeInSeconds": "1"}}]}, "name": "P"}""");
        await WriteAsync("new", """{"name": "P", "properties": {"activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 5}}]}}""");

        var nothing = await RunAsync(0, "plan", "old", "same", "--exit-code");
        var something = await RunAsync(1, "plan", "old", "new", "--exit-code");
        var json = await RunAsync(0, "plan", "old", "new", "--json");
        await RunAsync(2, "plan", "old", "none");

        Assert.Contains("Nothing changes", nothing.Transcript, StringComparison.Ordinal);
        Assert.Contains("'typeProperties.waitTimeInSeconds' changes from 1 to 5", something.Transcript, StringComparison.Ordinal);
        Assert.False((bool)JsonNode.Parse(json.Output[^1])!["isEmpty"]!);
    }

    [Fact]
    public async Task Plan_OfGitRevisions_ComparesTheFolderAtEach()
    {
        await WriteAsync("repo/adf", """{"name": "P", "properties": {"activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]}}""");
        await GitAsync("init", "-q");
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "One");
        await WriteAsync("repo/adf", """{"name": "P", "properties": {"activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 7}}]}}""");

        var working = await RunAsync(1, "plan", "HEAD", "repo/adf", "--exit-code");
        var (exitCode, same) = await AuspexProcess.RunAsync(_folder.File("repo/adf"), Cancellation, ["plan", "HEAD:adf", "HEAD", "--exit-code"]);
        await same.DisposeAsync();
        var none = await RunAsync(2, "plan", "HEAD~9", "repo/adf");

        Assert.Contains("'typeProperties.waitTimeInSeconds' changes from 1 to 7", working.Transcript, StringComparison.Ordinal);
        Assert.True(exitCode == 0, same.Transcript);
        Assert.Contains("Nothing changes", same.Transcript, StringComparison.Ordinal);
        Assert.Contains("as a revision", none.Transcript, StringComparison.Ordinal);

        async Task GitAsync(params string[] arguments)
        {
            using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = _folder.File("repo") })!;
            await git.WaitForExitAsync(Cancellation);
            Assert.Equal(0, git.ExitCode);
        }
    }

    [Fact]
    public async Task Validate_InEveryFormat_NamesThePlaceAndTheFix()
    {
        await WriteAsync(
            "f",
            """
            {"name": "P", "properties": {"activities": [
              {"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": "@activity('Wo').output"}},
              {"name": "Won", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]}}
            """);

        var text = await RunAsync(2, "validate", "--factory", "f", "--offline");
        var json = await RunAsync(2, "validate", "--factory", "f", "--offline", "--format", "json");
        var sarif = await RunAsync(2, "validate", "--factory", "f", "--offline", "--format", "sarif");

        Assert.Contains("pipeline/P.json(2,52): error AUX1260", text.Transcript, StringComparison.Ordinal);
        var line = JsonNode.Parse(json.Output[0])!;
        Assert.Equal((2, 52, "W"), ((int)line["line"]!, (int)line["column"]!, (string?)line["fix"]));
        var result = JsonNode.Parse(string.Concat(sarif.Output))!["runs"]![0]!["results"]![0]!;
        Assert.Equal("AUX1260", (string?)result["ruleId"]);
        Assert.Equal(2, (int)result["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
    }

    private async Task WriteAsync(string factory, string pipeline)
    {
        Directory.CreateDirectory(_folder.File($"{factory}/pipeline"));
        await File.WriteAllTextAsync(_folder.File($"{factory}/pipeline/P.json"), pipeline, Cancellation);
    }

    private async Task<AuspexProcess> RunAsync(int expected, params string[] arguments)
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, arguments);
        await process.DisposeAsync();
        Assert.True(exitCode == expected, $"{exitCode}: {process.Transcript}");
        return process;
    }
}
