using System.Text.Json.Nodes;
using System.Xml.Linq;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary><c>auspex test</c> and <c>auspex run --record</c> as a person types them.</summary>
public sealed class TestCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Test_OfTestsThatPassAndFail_PrintsThemWritesJUnitAndExitsWith1()
    {
        WriteFactory();
        Write("test/look.json", """
            {"mocks": {"activities": {"Look": {"output": {"count": 1, "value": [{"name": "Ann"}]}}}}, "tests": [
              {"name": "good", "pipeline": "people", "expect": {"variables": {"names": ["Ann"]}}},
              {"name": "bad", "pipeline": "people", "expect": {"variables": {"names": ["Bob"]}}}]}
            """);

        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, "test", "--junit", "out/results.xml");

        await using (process)
        {
            Assert.True(exitCode == 1, process.Transcript);
            Assert.Contains(process.Output, line => line.StartsWith("  ok     good", StringComparison.Ordinal));
            Assert.Contains("$.names[0]: found \"Ann\", expected \"Bob\"", process.Transcript, StringComparison.Ordinal);
            Assert.Contains("2 tests: 1 passed, 1 failed", process.Transcript, StringComparison.Ordinal);
        }

        var junit = XDocument.Load(Path.Combine(_folder.Path, "out", "results.xml"));
        Assert.Equal(["good", "bad"], junit.Descendants("testcase").Select(test => test.Attribute("name")!.Value));
        Assert.Single(junit.Descendants("failure"));
    }

    [Fact]
    public async Task Test_WithAFilterAndJson_RunsWhatFitsAndPrintsLines()
    {
        WriteFactory();
        Write("test/look.json", """
            {"mocks": "defaults", "tests": [{"name": "good", "pipeline": "people"}, {"name": "other", "pipeline": "people"}]}
            """);

        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, "test", "--filter", "oth*", "--json");

        await using (process)
        {
            Assert.True(exitCode == 0, process.Transcript);
            var lines = process.Output.Select(line => JsonNode.Parse(line)!).ToArray();
            Assert.Equal(2, lines.Length);
            Assert.Equal(("other", "passed"), ((string?)lines[0]["test"], (string?)lines[0]["outcome"]));
            Assert.Equal(1, (int?)lines[1]["passed"]);
        }
    }

    [Theory]
    [InlineData("there is no test in", "test")]
    [InlineData("no pipeline 'peopl'. Did you mean 'people'?", "test", "--init", "peopl")]
    [InlineData("could not be read", "test", "--replay", "missing.json")]
    public async Task Test_WithNothingToRun_SaysWhyAndExitsWith2(string expected, params string[] arguments)
    {
        WriteFactory();

        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, arguments);

        await using (process)
        {
            Assert.True(exitCode == 2, process.Transcript);
            Assert.Contains(expected, process.Transcript, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Test_OfAFileWithAMistake_NamesFileAndLineAndExitsWith2()
    {
        WriteFactory();
        Write("test/look.json", "{\n  \"pipeline\": \"people\",\n  \"expcet\": {}\n}");

        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, "test");

        await using (process)
        {
            Assert.True(exitCode == 2, process.Transcript);
            Assert.Contains("test/look.json(3,3): error AUX8020 at $.expcet", process.Transcript, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Test_OfAScaffold_Passes()
    {
        WriteFactory();

        var (initCode, init) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, "test", "--init", "people");
        await using (init)
        {
            Assert.True(initCode == 0, init.Transcript);
        }

        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, "test");
        await using (process)
        {
            Assert.True(exitCode == 0, process.Transcript);
            Assert.Contains("1 test: 1 passed", process.Transcript, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Record_OfARun_IsReplayedWithoutItsFilesAndShowsWhatChanged()
    {
        WriteFactory();

        var (runCode, run) = await AuspexProcess.RunAsync(
            _folder.Path, Cancellation, "run", "people", "-p", "key=open-sesame", "--record", "recordings/people.json");
        await using (run)
        {
            Assert.True(runCode == 0, run.Transcript);
            Assert.Contains("recorded in", run.Transcript, StringComparison.Ordinal);
        }

        var recording = Path.Combine(_folder.Path, "recordings", "people.json");
        Assert.DoesNotContain("open-sesame", await File.ReadAllTextAsync(recording, Cancellation), StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder.Path, "data", "people.csv"));

        var (sameCode, same) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, "test", "--replay", "recordings");
        await using (same)
        {
            Assert.True(sameCode == 0, same.Transcript);
        }

        Write("pipeline/people.json", People("clients.csv"));
        var (otherCode, other) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, "test", "--replay", "recordings/people.json");
        await using (other)
        {
            Assert.True(otherCode == 1, other.Transcript);
            Assert.Contains("activity 'Look' got another input than in the recording:", other.Transcript, StringComparison.Ordinal);
            Assert.Contains("$.dataset.parameters.file: found \"clients.csv\", recorded \"people.csv\"", other.Transcript, StringComparison.Ordinal);
        }
    }

    private void WriteFactory()
    {
        Write("auspex.json", """{"fileRoots": ["./data"], "linkedServices": {"Files": {"type": "FileServer", "typeProperties": {"host": "./data"}}}}""");
        Write("data/people.csv", "id,name\n1,Ann\n2,Bob\n");
        Write("linkedService/Files.json", """{"name": "Files", "properties": {"type": "FileServer", "typeProperties": {"host": "./data"}}}""");
        Write("dataset/People.json", """
            {"name": "People", "properties": {"type": "DelimitedText", "linkedServiceName": {"referenceName": "Files", "type": "LinkedServiceReference"},
              "parameters": {"file": {"type": "String"}}, "typeProperties": {"location": {"type": "FileServerLocation",
              "fileName": {"value": "@dataset().file", "type": "Expression"}}, "columnDelimiter": ",", "firstRowAsHeader": true}}}
            """);
        Write("pipeline/people.json", People("people.csv"));
    }

    private static string People(string file) =>
        """
        {"name": "people", "properties": {"parameters": {"key": {"type": "SecureString"}}, "variables": {"names": {"type": "Array"}}, "activities": [
          {"name": "Look", "type": "Lookup", "typeProperties": {"firstRowOnly": false,
            "source": {"type": "DelimitedTextSource", "note": "@concat(utcNow(), guid(), pipeline().RunId, pipeline().parameters.key)"},
            "dataset": {"referenceName": "People", "type": "DatasetReference", "parameters": {"file": "FILE"}}}},
          {"name": "Each", "type": "ForEach", "dependsOn": [{"activity": "Look", "dependencyConditions": ["Succeeded"]}],
            "typeProperties": {"isSequential": true, "items": {"value": "@activity('Look').output.value", "type": "Expression"}, "activities": [
              {"name": "Keep", "type": "AppendVariable", "typeProperties": {"variableName": "names", "value": "@item().name"}}]}}]}}
        """.Replace("FILE", file, StringComparison.Ordinal);

    private void Write(string path, string content)
    {
        var full = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }
}
