using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Xunit;
using static Auspex.Scenarios.Server.BatchBodies;

namespace Auspex.Scenarios.Server;

/// <summary>Batch jobs on formats that the original did not know.</summary>
public sealed class BatchFormatScenarios
{
    private static readonly TableSchema Numbers = new([new TableField { Name = "x", Type = ColumnType.Int32 }]);

    [Theory]
    [InlineData("in/numbers.parquet", "out/scored.parquet")]
    [InlineData("in/numbers.arrow", "out/scored.csv.gz")]
    [InlineData("in/numbers.csv.gz", "out/scored.arrow")]
    [InlineData("in/numbers.tsv.zst", "out/scored.csv")]
    [InlineData("in/numbers.csv", "out/scored.arrows")]
    [InlineData("in/numbers.parquet", "out/scored.arff")]
    public async Task Job_RowwiseService_ScoresEveryRowInOrder(string input, string output)
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        await WriteAsync(server, input, TableBatches.FromRows(Numbers, [.. Enumerable.Range(0, 30_000).Select(row => new object?[] { row })]));

        var status = await server.RunJobAsync(service, Body(server, input, output));

        Assert.Equal(("Finished", null), ((string?)status["StatusCode"], (string?)status["Details"]));
        var scored = await ReadAsync(server, output);
        Assert.Equal(["x", "Scored Labels"], scored.Schema.Fields.Select(field => field.Name));
        Assert.Equal(30_000, scored.RowCount);
        for (var row = 0; row < scored.RowCount; row += 37)
        {
            Assert.Equal(
                string.Create(CultureInfo.InvariantCulture, $"{row + 1},{row + 101}"),
                string.Join(',', scored.Columns.Select(column => ColumnText.Text(column, row, CellFormat.File))));
        }
    }

    [Fact]
    public async Task Job_ServiceThatIsNotRowwise_TakesAndGivesThemToo()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("j", ServerHarness.Joining);
        await WriteAsync(server, "in/left.parquet", TableBatches.FromRows(Numbers, [1], [2]));
        await WriteAsync(server, "in/right.csv.gz", TableBatches.FromRows(Numbers, [10], [20]));

        var status = await server.RunJobAsync(service, new JsonObject
        {
            ["Inputs"] = new JsonObject { ["input1"] = server.Blob("in/left.parquet"), ["input2"] = server.Blob("in/right.csv.gz") },
            ["Outputs"] = new JsonObject { ["output1"] = server.Blob("out/pairs.arrow"), ["output2"] = server.Blob("out/total.parquet") },
        });

        Assert.Equal(("Finished", null), ((string?)status["StatusCode"], (string?)status["Details"]));
        Assert.True((await ReadAsync(server, "out/pairs.arrow")).RowCount > 0);
        Assert.True((await ReadAsync(server, "out/total.parquet")).RowCount > 0);
    }

    [Fact]
    public async Task Job_RowWithAValueOfAnotherType_FailsOrIsQuarantined()
    {
        var schema = new TableSchema([new TableField { Name = "x", Type = ColumnType.String }, new TableField { Name = "note", Type = ColumnType.String }]);
        var table = TableBatches.FromRows(schema, ["1", "a"], ["many", "b, c"], ["3", "d"]);
        foreach (var policy in (string[])["Fail", "Quarantine"])
        {
            await using var server = await ServerHarness.StartAsync(options => options with
            {
                Settings = new Dictionary<string, string?> { ["Auspex:WebServices:BadRows"] = policy },
            });
            var service = await server.PublishAsync("s", ServerHarness.Rowwise);
            await WriteAsync(server, "in/numbers.parquet", table);

            var status = await server.RunJobAsync(service, Body(server, "in/numbers.parquet", "out/scored.parquet"));

            if (policy == "Fail")
            {
                Assert.Equal("Failed", (string?)status["StatusCode"]);
                Assert.Contains("row 2: column 'x'", (string?)status["Details"], StringComparison.Ordinal);
                Assert.False(File.Exists(Path.Combine(server.Files, "out/scored.parquet")));
                continue;
            }

            Assert.Equal("Finished", (string?)status["StatusCode"]);
            var scored = await ReadAsync(server, "out/scored.parquet");
            Assert.Equal(2, scored.RowCount);
        }
    }

    [Fact]
    public async Task Job_MissingColumn_IsNamed()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        var schema = new TableSchema([new TableField { Name = "X", Type = ColumnType.Int32 }]);
        await WriteAsync(server, "in/numbers.parquet", TableBatches.FromRows(schema, [1]));

        var status = await server.RunJobAsync(service, Body(server, "in/numbers.parquet", "out/scored.parquet"));

        Assert.Equal("Failed", (string?)status["StatusCode"]);
        Assert.Contains("AUX4201", (string?)status["Details"], StringComparison.Ordinal);
        Assert.Contains("no column of this name; there is 'X'", (string?)status["Details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_Arff_ReadsAndWritesIt()
    {
        await using var server = await ServerHarness.StartAsync();
        var service = await server.PublishAsync("s", ServerHarness.Rowwise);
        server.WriteFile("in/n.arff", "% numbers\n@RELATION n\n\n@ATTRIBUTE x NUMERIC\n@ATTRIBUTE 'a note' STRING\n\n@DATA\n1,'it\\'s, one'\n?,two\n");

        var status = await server.RunJobAsync(service, Body(server, "in/n.arff", "out/scored.arff"));

        Assert.Equal((string?)status["StatusCode"], (string?)status["Details"] ?? "Finished");
        Assert.Equal(
            "@relation 'scored'\n\n@attribute 'x' numeric\n@attribute 'a note' string\n@attribute 'Scored Labels' numeric\n\n@data\n2,'it\\'s, one',102\n?,'two',?\n",
            server.ReadFile("out/scored.arff"));
    }

    private static async Task WriteAsync(ServerHarness server, string path, TableBatch table)
    {
        var file = Path.Combine(server.Files, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var stream = File.Create(file);
        await using var sink = TableFile.OpenWrite(path, stream, table.Schema, new TableWriteOptions());
        await sink.WriteAsync(table, TestContext.Current.CancellationToken);
        await sink.CompleteAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<TableBatch> ReadAsync(ServerHarness server, string path)
    {
        var file = Path.Combine(server.Files, path);
        await using var source = await TableFile.OpenReadAsync(file, new TableReadOptions(), TestContext.Current.CancellationToken);
        return await source.ReadAllAsync(TestContext.Current.CancellationToken);
    }
}
