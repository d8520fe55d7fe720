using System.Text.Json.Nodes;
using Auspex.Activities.External;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.External.Commands;

/// <summary>What needs no program; programs run in the scenarios.</summary>
public sealed class CustomExecutorTests
{
    [Fact]
    public async Task Execute_NotEnabled_RunsNothingAndSaysHow()
    {
        using var harness = new ExternalHarness(custom: new CustomOptions()).LinkedService("Batch", "AzureBatch", []);

        var failure = await harness.FailAsync("Custom", """{ "command": "echo hi" }""", "Batch");

        Assert.Equal("2500", failure.ActivityErrorCode);
        Assert.Contains("Auspex:Custom:Enabled", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(harness.Folder, "commands")));
    }

    [Theory]
    [InlineData("""{ }""", "2103", "command")]
    [InlineData("""{ "command": "   " }""", "2104", "command")]
    [InlineData("""{ "command": "x 'open" }""", "2104", "command")]
    [InlineData("""{ "command": "x", "retentionTimeInDays": "long" }""", "2104", "retentionTimeInDays")]
    [InlineData("""{ "command": "x", "folderPath": "app" }""", "2103", "resourceLinkedService")]
    [InlineData("""{ "command": "x", "resourceLinkedService": { "referenceName": "Files" } }""", "2103", "folderPath")]
    [InlineData("""{ "command": "x", "resourceLinkedService": { "referenceName": "Files" }, "folderPath": "nothing" }""", "2507", "nothing")]
    [InlineData("""{ "command": "x", "resourceLinkedService": { "referenceName": "Files" }, "folderPath": "twice" }""", "2508", "same.txt")]
    [InlineData("""{ "command": "x", "referenceObjects": { "datasets": [ { "referenceName": "None" } ] } }""", "BadRequest", "None")]
    [InlineData("""{ "command": "./not-there-at-all" }""", "2500", "Hit unexpected exception and execution failed.")]
    public async Task Execute_BadInput_IsNamed(string properties, string code, string named)
    {
        using var harness = new ExternalHarness()
            .LinkedService("Batch", "AzureBatch", new JsonObject { ["accessKey"] = new JsonObject { ["type"] = "AzureKeyVaultSecret" } })
            .Write("twice/a/same.txt", "1").Write("twice/b/same.txt", "2").Write("nothing2/x", "3");

        var failure = await harness.FailAsync("Custom", properties, "Batch");

        Assert.Equal(code, failure.ActivityErrorCode);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_OtherLinkedService_FailsWith2110()
    {
        using var harness = new ExternalHarness();

        Assert.Equal("2110", (await harness.FailAsync("Custom", """{ "command": "x" }""", "Files")).ActivityErrorCode);
    }
}
