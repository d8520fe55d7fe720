using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Scenarios.Experiments;

/// <summary>Execute R Script, with R where it is there.</summary>
public sealed class RScriptTests
{
    private const string Module = "Execute R Script";

    private static bool HasR => File.Exists("/usr/bin/Rscript");

    [Fact]
    public async Task Run_NoRscript_SaysSo()
    {
        var failure = await Assert.ThrowsAsync<ModuleException>(() => ScriptRuns.RunAsync(
            Module, [], [], ScriptRuns.Services with { Scripts = new ScriptOptions { Rscript = "/nonexistent/Rscript" } }));

        Assert.Equal(63, failure.Number);
        Assert.Contains("r-base-core", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TheStub_GivesEveryTypeBack()
    {
        Assert.SkipUnless(HasR, "R is not installed.");

        var output = ScriptRuns.Table(await ScriptRuns.RunAsync(Module, [("Dataset1", new TableValue(ScriptRuns.AllTypes))], []), "Result Dataset");

        foreach (var field in ScriptRuns.AllTypes.Schema.Fields.Where(field => field.Type != ColumnType.DateTime))
        {
            Assert.Equal(ScriptRuns.Texts(ScriptRuns.AllTypes, field.Name), ScriptRuns.Texts(output, field.Name));
        }

        // R counts seconds in a double: microseconds survive, ticks do not.
        Assert.StartsWith("2010-05-30T18:09:00.12345", ScriptRuns.Texts(output, "time")[0], StringComparison.Ordinal);
        Assert.Null(ScriptRuns.Texts(output, "time")[1]);
        Assert.Equal(["b", "a"], output.Schema.Fields[7].Categories!.Levels);
        Assert.Equal(ColumnType.Int32, output.Schema.Fields[0].Type);
    }

    [Fact]
    public async Task Run_BundleSeedAndPrint_Work()
    {
        Assert.SkipUnless(HasR, "R is not installed.");
        const string Script = """
            source("src/twice.R")
            data <- maml.mapInputPort(1)
            other <- maml.mapInputPort(2)
            print("hello")
            out <- data.frame(y = twice(data$x) + other$x, r = runif(nrow(data)), f = factor(c("u", "v")), d = as.Date("2020-02-29"))
            maml.mapOutputPort("out")
            """;
        (string, PortValue)[] inputs =
        [
            ("Dataset1", new TableValue(Numbers(1, 2))), ("Dataset2", new TableValue(Numbers(10, 20))),
            ("Script Bundle", ScriptRuns.Zip(("twice.R", "twice <- function(x) 2 * x\n"))),
        ];

        var one = await ScriptRuns.RunAsync(Module, inputs, [("R Script", Script), ("Random seed", "4")]);
        var other = await ScriptRuns.RunAsync(Module, inputs, [("R Script", Script), ("Random seed", "4")]);

        var table = ScriptRuns.Table(one, "Result Dataset");
        Assert.Equal(["12", "24"], ScriptRuns.Texts(table, "y"));
        Assert.Equal(ScriptRuns.Texts(table, "r"), ScriptRuns.Texts(ScriptRuns.Table(other, "Result Dataset"), "r"));
        Assert.True(table.Schema.Fields[2].IsCategorical);
        Assert.Equal("2020-02-29T00:00:00", ScriptRuns.Texts(table, "d")[0]);
        Assert.Contains(one.Log, line => line.Contains("hello", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x <- 1\nstop('no good')\n", "in line 2: no good")]
    [InlineData("x <- 1\n", "never called maml.mapOutputPort")]
    [InlineData("x <- maml.mapInputPort(1)\nmaml.mapOutputPort(\"x\")\nmaml.mapOutputPort(\"x\")\n", "called twice")]
    [InlineData("x <- maml.mapInputPort(2)\n", "nothing is connected to input port 2")]
    [InlineData("x <- 3\nmaml.mapOutputPort(\"x\")\n", "expected a data frame")]
    public async Task Run_ScriptThatFails_IsError63WithRsMessage(string script, string expected)
    {
        Assert.SkipUnless(HasR, "R is not installed.");

        var failure = await Assert.ThrowsAsync<ModuleException>(
            () => ScriptRuns.RunAsync(Module, [("Dataset1", new TableValue(Numbers(1)))], [("R Script", script)]));

        Assert.Equal(63, failure.Number);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    private static TableBatch Numbers(params double[] values) => TableBatches.FromRows(
        new TableSchema([new() { Name = "x", Type = ColumnType.Double }]), [.. values.Select(value => new object?[] { value })]);
}
