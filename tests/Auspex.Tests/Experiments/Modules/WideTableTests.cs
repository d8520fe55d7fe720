using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Tests.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Ten thousand columns through a whole experiment: select, clean, normalise, split, train, score, save and load.</summary>
public sealed class WideTableTests
{
    private const int Columns = 10_000;
    private const int Rows = 200;

    [Theory]
    [InlineData("Two-Class Boosted Decision Tree")]
    [InlineData("Two-Class Logistic Regression")]
    public async Task Experiment_OfTenThousandColumns_ScoresTheSameAfterSavingAndLoading(string learner)
    {
        var table = Table();
        var selected = await ModuleRuns.OutputAsync("Select Columns in Dataset", [table], ("Select columns", "-dropped"));
        var cleaned = await ModuleRuns.RunAsync(
            "Clean Missing Data", [selected], [("Columns to be cleaned", "AllNumeric"), ("Cleaning mode", "Replace with mean")]);
        var normalized = await ModuleRuns.RunAsync("Normalize Data", [ModuleRuns.Table(cleaned, "Cleaned dataset")], []);
        var split = await ModuleRuns.RunAsync(
            "Split Data", [ModuleRuns.Table(normalized, "Transformed dataset")], [("Fraction of rows in the first output dataset", "0.75"), ("Random seed", "1")]);
        var made = LearnerSuite.Create(learner, ("Minimum number of samples per leaf node", "2"), ("Optimization tolerance", "0.001"));
        var trained = await ModuleRuns.RunPortsAsync(
            "Train Model",
            [("Untrained model", new LearnerValue(made)), ("Dataset", new TableValue(ModuleRuns.Table(split, "Results dataset1")))],
            [("Label column", "\"ÿ, \"\"label\"\"\"")]);
        var model = ((ModelValue)trained.Outputs["Trained model"]).Model;
        var test = ModuleRuns.Table(split, "Results dataset2");

        var loaded = ModelContainer.ReadModel(new MemoryStream(LearnerSuite.Bytes(model)));
        var scored = await ScoreAsync(model, test);

        ModuleRuns.AssertSame(scored, await ScoreAsync(loaded, test));
        Assert.Equal(Columns + 3, scored.Columns.Length);
        Assert.Equal(Rows / 4, scored.RowCount);
        var right = Enumerable.Range(0, scored.RowCount)
            .Count(row => ModuleRuns.Texts(scored, "ÿ, \"label\"")[row] == ModuleRuns.Texts(scored, "Scored Labels")[row]);
        Assert.InRange(right, scored.RowCount * 3 / 5, scored.RowCount);

        // What was fitted goes on to new rows by itself.
        var again = ModuleRuns.Reload(cleaned, "Cleaning transformation").Bind(selected.Schema).Apply(selected);
        again = ModuleRuns.Reload(normalized, "Transformation function").Bind(again.Schema).Apply(again);
        ModuleRuns.AssertSame(ModuleRuns.Table(normalized, "Transformed dataset"), again);
    }

    private static async Task<TableBatch> ScoreAsync(TrainedModel model, TableBatch table) => ModuleRuns.Table(
        await ModuleRuns.RunPortsAsync("Score Model", [("Trained model", new ModelValue(model)), ("Dataset", new TableValue(table))], []), "Scored dataset");

    private static TableBatch Table()
    {
        var random = new Random(11);
        var truth = Enumerable.Range(0, Rows).Select(_ => random.Next(2) == 1).ToArray();
        var columns = Enumerable.Range(0, Columns).Select(column =>
        {
            ulong[] validity = Column.AllValid(Rows);
            var values = new double[Rows];
            for (var row = 0; row < Rows; row++)
            {
                // Every fifth column tells a little of the label.
                values[row] = random.NextDouble() + (column % 5 == 0 && truth[row] ? 0.3 : 0);
                if (random.Next(50) == 0)
                {
                    validity[row >> 6] &= ~(1UL << (row & 63));
                }
            }

            return (Column)new DoubleColumn(values, Rows, validity);
        });
        return new TableBatch(
            new TableSchema(
            [
                .. Enumerable.Range(0, Columns).Select(i => ModuleRuns.Field($"spalte „{i}“, \"é\"", ColumnType.Double)),
                ModuleRuns.Field("dropped", ColumnType.Boolean), ModuleRuns.Field("ÿ, \"label\"", ColumnType.Boolean),
            ]),
            [.. columns, new BooleanColumn(truth, Rows, null), new BooleanColumn(truth, Rows, null)],
            Rows);
    }
}
