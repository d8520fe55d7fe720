using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

public sealed class TrainingProfileTests
{
    [Theory]
    [InlineData("Two-Class Boosted Decision Tree", "truth")]
    [InlineData("Two-Class Logistic Regression", "truth")]
    [InlineData("Boosted Decision Tree Regression", "amount")]
    [InlineData("Linear Regression", "amount")]
    public void Train_OfAnyLearner_RemembersWhatColumnsHeld(string learner, string label)
    {
        var profile = Train(learner, label).Description.Profile!;

        // Two rows have no label; those that linear learners leave out for their missing values count all the same.
        Assert.Equal(new ColumnProfile(9998, 998, 1.1, 9999.1), profile.Features[0]);
        Assert.Equal(new ColumnProfile(9998, 0, 0, 6), profile.Features[1]);
        Assert.Equal(new ColumnProfile(9998, 1998), profile.Features[2]);
        Assert.Equal(2, profile.Label.Missing);
        Assert.Equal(10_000, profile.Label.Rows);
        Assert.Equal(label == "amount" ? 5 : null, profile.Label.Minimum);
    }

    [Fact]
    public void MissingShare_IsAPartOfTheRows()
    {
        Assert.Equal(0.25, new ColumnProfile(8, 2).MissingShare);
        Assert.Equal(0, new ColumnProfile(0, 0).MissingShare);
    }

    private static TrainedModel Train(string learner, string label)
    {
        TableField[] fields = [Tables.Number("x"), Tables.Whole("day"), Tables.Text("level"), Tables.Text("truth"), Tables.Number("amount")];
        var table = Tables.Of(fields, 10_000, row => row is 0 or 10
            ? [-5000.0, 0, "other", null, null]
            : [row % 10 == 0 ? null : row + 0.1, row % 7, row % 5 == 0 ? null : $"l{row % 3}", row % 2 == 0 ? "yes" : "no", row * 5.0]);
        var other = label == "truth" ? "amount" : "truth";
        var narrowed = table.Schema.Fields.Where(field => field.Name != other).Select(field => table.Schema.IndexOf(field.Name)).ToArray();
        var features = new TableBatch(
            new TableSchema([.. narrowed.Select(index => table.Schema.Fields[index])]),
            [.. narrowed.Select(index => table.Columns[index])],
            table.RowCount);
        return TableTrainer.Train(
            features, new TableTraining { Label = label, Learner = learner }, TimeProvider.System, TestContext.Current.CancellationToken).Model;
    }
}
