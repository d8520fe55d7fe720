using Auspex.Cli.Testing;
using Auspex.Errors;
using Xunit;
using static Auspex.Tests.Cli.Testing.PipelineTests;

namespace Auspex.Tests.Cli.Testing;

public sealed class TestFileReaderTests
{
    [Theory]
    [InlineData("AUX8020", 3, "A test has no member 'parmeters'. Did you mean 'parameters'?", """
        {
          "pipeline": "P",
          "parmeters": {}
        }
        """)]
    [InlineData("AUX8020", 3, "'expect' has no member 'state'.", """
        {
          "pipeline": "P", "expect": {
            "state": "Succeeded" } }
        """)]
    [InlineData("AUX8022", 2, "There is no pipeline 'Q' in the factory.", """
        {
          "pipeline": "Q" }
        """)]
    [InlineData("AUX8022", 2, "There is no parameter 'siz' in pipeline 'P'. Did you mean 'size'?", """
        { "pipeline": "P",
          "parameters": { "siz": 1 } }
        """)]
    [InlineData("AUX8022", 1, "There is no activity 'Lod' in pipeline 'P'. Did you mean 'Load'?", """{ "pipeline": "P", "mocks": { "activities": { "Lod": {} } } }""")]
    [InlineData("AUX8022", 1, "There is no activity 'Nobody' in pipeline 'P'.", """{ "pipeline": "P", "expect": { "activities": { "Nobody": "NotRun" } } }""")]
    [InlineData("AUX8022", 1, "There is no trigger 'T'", """{ "pipeline": "P", "trigger": "T" }""")]
    [InlineData("AUX8021", 1, "A test needs 'pipeline', or 'trigger' and 'period'.", "{}")]
    [InlineData("AUX8021", 1, "Found \"soon\" for 'startTime', expected a time", """{ "pipeline": "P", "startTime": "soon" }""")]
    [InlineData("AUX8021", 1, "Found \"5 minutes\" for 'delay', expected a time span", """{ "pipeline": "P", "mocks": { "types": { "Copy": { "delay": "5 minutes" } } } }""")]
    [InlineData("AUX8021", 1, "Found 'Succeded' for 'status', expected one of Succeeded, Failed, Cancelled. Did you mean 'Succeeded'?", """{ "pipeline": "P", "expect": { "status": "Succeded" } }""")]
    [InlineData("AUX8021", 1, "Found the status 'Done'", """{ "pipeline": "P", "expect": { "activities": { "Load": "Done" } } }""")]
    [InlineData("AUX8021", 1, "is no regular expression", """{ "pipeline": "P", "expect": { "activities": { "Load": { "input": { "a": { "$matches": "(" } } } } } }""")]
    [InlineData("AUX8021", 1, "for 'mocks', expected \"defaults\" or an object", """{ "pipeline": "P", "mocks": "default" }""")]
    [InlineData("AUX8021", 1, "There are two tests of the name 'a'", """{ "tests": [ { "name": "a", "pipeline": "P" }, { "name": "a", "pipeline": "P" } ] }""")]
    [InlineData("AUX8024", 1, "could not be read", """{ "pipeline": "P", "recording": "missing.json" }""")]
    public void Read_OfSomethingWrong_SaysWhereAndWhat(string code, int line, string message, string json)
    {
        var factory = Factory(Work("Load"), """ "parameters": {"size": {"type": "int"}}, """);

        var file = Read(factory, json);

        Assert.Empty(file.Tests);
        var found = Assert.Single(file.Diagnostics);
        Assert.Equal(code, found.Code.Value);
        Assert.Equal(DiagnosticSeverity.Error, found.Severity);
        Assert.Equal("test/t.json", found.File);
        Assert.Equal(line, found.Line);
        Assert.Contains(message, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAFileOfTests_GivesEachTheFilesMocksBehindItsOwn()
    {
        var factory = Factory(Work("Load"));

        var file = Read(factory, """
            {
              "mocks": {"activities": {"Load": {"output": {"from": "file"}}}, "types": {"Lookup": {}}},
              "tests": [
                {"pipeline": "P", "mocks": {"activities": {"Load": {"output": {"from": "test"}}}}},
                {"name": "second", "pipeline": "p"}
              ]
            }
            """);

        Assert.Empty(file.Diagnostics);
        Assert.Equal(["test 1", "second"], file.Tests.Select(test => test.Name));
        Assert.Equal(["test", "file"], file.Tests.Select(test => (string?)test.Mocks.Find("Load", "Copy")!.Answers[0].Output["from"]));
        Assert.NotNull(file.Tests[1].Mocks.Find("Other", "lookup"));
    }

    [Theory]
    [InlineData("Load", "Load", true)]
    [InlineData("load", "Each[3]/Load", true)]
    [InlineData("Each/Load", "Each[3]/Load", true)]
    [InlineData("Each[3]/Load", "Call/Each[3]/Load", true)]
    [InlineData("Each[2]/Load", "Each[3]/Load", false)]
    [InlineData("If/Load", "Each[3]/Load", false)]
    [InlineData("Call/Each/Load", "Each[3]/Load", false)]
    [InlineData("a~1b", "Each[3]/a~1b", true)]
    public void Fits_OfAKeyAndAPath_ComparesFromTheEnd(string key, string path, bool expected) =>
        Assert.Equal(expected, ActivityKey.Parse(key).Fits(path));

    [Fact]
    public void WithoutIterations_OfSomeLoops_KeepsTheOthers() =>
        Assert.Equal("Call/Until/Each[2]/Load", ActivityKey.WithoutIterations("Call/Until[7]/Each[2]/Load", name => name == "Until"));
}
