using System.Globalization;
using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Contracts;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Contracts;

/// <summary>A model has nothing to say against the file that it was trained on.</summary>
public sealed class TrainingFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Two-Class Boosted Decision Tree", "truth")]
    [InlineData("Two-Class Logistic Regression", "truth")]
    [InlineData("Multiclass Logistic Regression", "three")]
    [InlineData("Boosted Decision Tree Regression", "amount")]
    [InlineData("Linear Regression", "amount")]
    public async Task Check_OfTheTrainingFile_FindsNothingAgainstIt(string learner, string label)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 5; round++)
        {
            var file = MakeFile(random);
            var model = await TrainAsync(file, learner, label);
            var read = Reread(model);

            foreach (var candidate in (TrainedModel[])[model, read])
            {
                var report = await Census.CheckAsync(file, contract: InputContract.Of(candidate), limits: new SampleLimits(int.MaxValue - 1));
                Assert.True(report.Errors + report.Warnings == 0, $"seed {seed}, round {round}: {report.ToText()}");
            }
        }
    }

    [Fact]
    public async Task Check_OfACensusFile_FindsWhatWasBrokenInIt()
    {
        var table = await Tables.LoadSharedAsync("adult-census-income.csv");
        var model = TableTrainer.Train(
            table,
            new TableTraining { Label = "income", Parameters = new Dictionary<string, string> { ["Number of trees constructed"] = "3" } },
            TimeProvider.System,
            Cancellation).Model;
        using var stream = new MemoryStream();
        await using (var writer = new DelimitedTextWriter(stream, table.Schema, DelimitedTextWriterOptions.ForPath("x.csv"), leaveOpen: true))
        {
            await writer.WriteAsync(table, Cancellation);
            await writer.CompleteAsync(Cancellation);
        }

        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        var contract = InputContract.Of(model);
        var whole = await Census.CheckAsync(stream.ToArray(), contract: contract, limits: new SampleLimits(100_000, 16 << 20));
        var renamed = await Census.CheckAsync(string.Join('\n', [lines[0].Replace("hours-per-week", "hours.per.week", StringComparison.Ordinal), .. lines[1..]]), contract: contract);
        var headless = await Census.CheckAsync(string.Join('\n', lines[1..]), contract: contract);
        var twice = await Census.CheckAsync(string.Join('\n', [.. lines[..50], .. lines[..50]]), contract: contract);

        Assert.True(whole.Errors + whole.Warnings == 0, whole.ToText());
        Assert.Contains("'hours.per.week'", Census.Single(renamed, ErrorCode.ContractColumnMissing, DiagnosticSeverity.Error).Remedy, StringComparison.Ordinal);
        Census.Single(headless, ErrorCode.ContractHeaderAbsent, DiagnosticSeverity.Error);
        Assert.Equal(50, Census.Single(twice, ErrorCode.ContractHeaderRepeated, DiagnosticSeverity.Warning).FirstRow);
    }

    // Mixed columns as people's files have them: whole numbers, fractions, constants, text with blanks, quotes and empty cells.
    private static string MakeFile(Random random)
    {
        var rows = random.Next(40, 400);
        var levels = random.Next(1, 30);
        var missing = random.Next(0, 30);
        var scale = Math.Pow(10, random.Next(-8, 9));
        var text = new StringBuilder("whole,fraction,constant,level,always empty,truth,three,amount\n");
        for (var row = 0; row < rows; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Cell($"{random.Next(-1000, 1000)}")},{Cell($"{(random.NextDouble() - 0.3) * scale:R}")},0.1,");
            text.Append(CultureInfo.InvariantCulture, $"{Cell($"\" Level, \"\"{random.Next(levels)}\"\"\"")},,{(row % 7 == 0 ? "yes" : "no")},c{row % 3},{row * 0.5:R}\n");
        }

        return text.ToString();

        string Cell(FormattableString value) => random.Next(100) < missing ? "" : value.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<TrainedModel> TrainAsync(string file, string learner, string label)
    {
        await using var reader = await DelimitedTextReader.OpenAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(file)), Census.Csv with { InferenceRows = DelimitedTextOptions.WholeFile }, Cancellation);
        var table = await reader.ReadAllAsync(Cancellation);
        return TableTrainer.Train(table, new TableTraining { Label = label, Learner = learner }, TimeProvider.System, Cancellation).Model;
    }

    private static TrainedModel Reread(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        stream.Position = 0;
        return ModelContainer.ReadModel(stream);
    }
}
