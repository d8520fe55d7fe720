using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>One model, one table, every format: the same scores.</summary>
public sealed class TableFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Score_FromFormatToFormat_GivesTheSameScores()
    {
        WriteCsv("people.csv", 3000);
        await RunAsync("train", "--input", "people.csv", "--label", "income", "--model", "m.ilearner");
        await RunAsync("score", "--model", "m.ilearner", "--input", "people.csv", "--output", "scored.csv");
        var expected = await ScoresAsync("scored.csv");
        var input = "people.csv";
        foreach (var format in (string[])[".parquet", ".arrow", ".csv.gz", ".arrows", ".tsv.zst", ".feather", ".csv"])
        {
            // The table itself in the format, then its scores in the format, from the format before.
            await ConvertAsync(input, "people" + format);
            await RunAsync("score", "--model", "m.ilearner", "--input", input, "--output", "scored" + format);

            Assert.Equal(expected, await ScoresAsync("scored" + format));
            input = "people" + format;
        }

        await RunAsync("score", "--model", "m.ilearner", "--input", "people.csv.gz", "--output", "packed.csv.gz");
        Assert.Equal(expected, await ScoresAsync("packed.csv.gz"));
    }

    [Fact]
    public async Task Train_OnParquet_GivesTheModelOfTheText()
    {
        WriteCsv("people.csv", 500);
        await ConvertAsync("people.csv", "people.parquet");
        await RunAsync("train", "--input", "people.csv", "--label", "income", "--model", "text.ilearner");
        await RunAsync("train", "--input", "people.parquet", "--label", "income", "--model", "parquet.ilearner");

        await RunAsync("score", "--model", "text.ilearner", "--input", "people.csv", "--output", "a.csv");
        await RunAsync("score", "--model", "parquet.ilearner", "--input", "people.csv", "--output", "b.csv");

        Assert.Equal(await ScoresAsync("a.csv"), await ScoresAsync("b.csv"));
    }

    [Fact]
    public async Task Score_ParquetWithAValueOfAnotherType_KeepsTheRowAside()
    {
        WriteCsv("people.csv", 300);
        await RunAsync("train", "--input", "people.csv", "--label", "income", "--model", "m.ilearner");
        var schema = new TableSchema(
        [
            new TableField { Name = "age", Type = ColumnType.String },
            new TableField { Name = "job", Type = ColumnType.String },
            new TableField { Name = "hours", Type = ColumnType.Double },
            new TableField { Name = "note", Type = ColumnType.String },
        ]);
        await WriteAsync(TableBatches.FromRows(schema, ["39", "a", 1.5, "x"], ["old", "b", 2.0, "y"], ["40", null, null, "z"]), "odd.parquet");

        var output = await RunAsync("score", "--model", "m.ilearner", "--input", "odd.parquet", "--output", "scored.parquet", "--json");

        var result = JsonNode.Parse(output)!;
        Assert.Equal((2, 1), ((int)result["rows"]!, (int)result["rejected"]!));
        Assert.Contains("old,b,2,y", File.ReadAllText(Path.Combine(_folder.Path, "scored.parquet.rejects.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_FileCutOff_SaysSoAndLeavesTheOutputAlone()
    {
        WriteCsv("people.csv", 20_000);
        await RunAsync("train", "--input", "people.csv", "--label", "income", "--model", "m.ilearner");
        File.WriteAllText(Path.Combine(_folder.Path, "scored.csv"), "before");
        foreach (var name in (string[])["people.parquet", "people.arrow", "people.csv.gz", "people.csv.zst"])
        {
            await ConvertAsync("people.csv", name);
            var whole = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, name), Cancellation);
            await File.WriteAllBytesAsync(Path.Combine(_folder.Path, name), whole[..^5], Cancellation);

            var (exitCode, process) = await AuspexProcess.RunAsync(
                _folder.Path, Cancellation, "score", "--model", "m.ilearner", "--input", name, "--output", "scored.csv");

            await using (process)
            {
                Assert.True(exitCode is not 0, process.Transcript);
                Assert.Contains("found the end of", process.Transcript, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", process.Transcript, StringComparison.Ordinal);
                Assert.Equal("before", File.ReadAllText(Path.Combine(_folder.Path, "scored.csv")));
            }
        }
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, arguments);
        await using (process)
        {
            Assert.True(exitCode == 0, process.Transcript);
            return process.Output is [.., var last] ? last : "";
        }
    }

    private void WriteCsv(string name, int rows)
    {
        var random = new Random(5);
        var text = new StringBuilder("age,job,hours,note,income\n");
        for (var row = 0; row < rows; row++)
        {
            var age = random.Next(17, 90);
            var job = random.Next(5);
            var hours = random.NextDouble() * 60;
            text.Append(CultureInfo.InvariantCulture, $"{(row % 13 == 0 ? "?" : age)},{(row % 17 == 0 ? "" : $"job {job}")},{hours:R},\"note {row}, é\",");
            text.Append((age / 10) + job + (hours / 20) > 8 ? "high\n" : "low\n");
        }

        File.WriteAllText(Path.Combine(_folder.Path, name), text.ToString());
    }

    private async Task ConvertAsync(string from, string to) => await WriteAsync(await ReadAsync(from), to);

    private async Task WriteAsync(TableBatch table, string name)
    {
        await using var file = File.Create(Path.Combine(_folder.Path, name));
        await using var sink = TableFile.OpenWrite(name, file, table.Schema, new TableWriteOptions());
        await sink.WriteAsync(table, Cancellation);
        await sink.CompleteAsync(Cancellation);
    }

    private async Task<TableBatch> ReadAsync(string name)
    {
        var path = Path.Combine(_folder.Path, name);
        await using var source = await TableFile.OpenReadAsync(
            path, new TableReadOptions { Name = name, InferenceRows = DelimitedTextOptions.WholeFile, MissingMarkers = ["?"] }, Cancellation);
        return await source.ReadAllAsync(Cancellation);
    }

    private async Task<List<string>> ScoresAsync(string name)
    {
        var table = await ReadAsync(name);
        var scored = table.Schema.Fields.Select((field, index) => (field, index)).Where(pair => pair.field.Name.StartsWith("Scored", StringComparison.Ordinal)).ToList();
        Assert.True(scored.Count >= 2, string.Join(", ", table.Schema.Fields.Select(field => field.Name)));
        return [.. Enumerable.Range(0, table.RowCount).Select(
            row => string.Join('|', scored.Select(pair => ColumnText.Text(table.Columns[pair.index], row, CellFormat.File))))];
    }
}
