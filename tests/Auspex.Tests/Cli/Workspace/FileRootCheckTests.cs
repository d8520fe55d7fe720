using Auspex.Cli.Workspace;
using Auspex.Errors;
using Auspex.Storage.Definitions;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Cli.Workspace;

public sealed class FileRootCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{ "fileRoots": ["./data"] }""", "./data/in", true)]
    [InlineData("""{ "fileRoots": ["./data"] }""", "./other", false)]
    [InlineData("""{ "fileRoots": ["./data"] }""", "./data/../other", false)]
    [InlineData("""{ "fileRoots": ["./data"] }""", "\\\\server\\share", false)]
    [InlineData("""{ "fileRoots": ["./data"] }""", "@{linkedService().folder}", true)]
    [InlineData("{ }", "./data", false)]
    [InlineData("""{ "fileRoots": ["./data"], "linkedServices": { "Files": { "type": "FileServer", "typeProperties": { "host": "./data" } } } }""", "./other", true)]
    [InlineData("{ }", "./.auspex/storage/x", true)]
    public void Check_OfAFolderStore_WarnsOfWhatNoRunCouldOpen(string overlay, string host, bool isAllowed)
    {
        Directory.CreateDirectory(_folder.File("linkedService"));
        File.WriteAllText(_folder.File("auspex.json"), overlay);
        File.WriteAllText(
            _folder.File("linkedService/Files.json"),
            $$"""{ "name": "Files", "properties": { "type": "FileServer", "typeProperties": { "host": {{System.Text.Json.JsonSerializer.Serialize(host)}} } } }""");

        var found = FileRootCheck.Check(FactoryFolder.Load(_folder.Path), _folder.File(".auspex"));

        if (isAllowed)
        {
            Assert.Empty(found);
            return;
        }

        var warning = Assert.Single(found);
        Assert.Equal((ErrorCode.BlobForbidden, DiagnosticSeverity.Warning), (warning.Code, warning.Severity));
        Assert.Equal(("$.properties.typeProperties.host", 1), (warning.JsonPath, warning.Line));
        Assert.Contains("'Files'", warning.Message, StringComparison.Ordinal);
        Assert.Contains("fileRoots", warning.Message, StringComparison.Ordinal);
    }
}
