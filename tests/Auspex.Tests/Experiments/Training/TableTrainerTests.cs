using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

public sealed class TableTrainerTests
{
    [Theory]
    [InlineData("truth", "Two-Class Boosted Decision Tree")]
    [InlineData("three", "Multiclass Logistic Regression")]
    [InlineData("amount", "Boosted Decision Tree Regression")]
    public void Train_WithoutALearner_ChoosesOneByTheLabel(string label, string learner) =>
        Assert.Equal(learner, Train(new TableTraining { Label = label }).Model.Learner);

    [Fact]
    public void Train_WithParameters_UsesAndRecordsThem()
    {
        var trained = Train(new TableTraining
        {
            Label = "truth",
            Learner = "two-class boosted decision tree",
            Parameters = new Dictionary<string, string> { ["The learning rate"] = "0.5", ["Number of trees constructed"] = "7" },
        });

        Assert.Equal("0.5", trained.Model.Description.Parameters["Learning rate"]);
        Assert.Equal("7", trained.Model.Description.Parameters["Number of trees constructed"]);
        Assert.Equal(300, trained.Rows);
        Assert.False(trained.AreHeldOut);
    }

    [Fact]
    public void Train_WithRowsHeldOut_MeasuresThoseAndTrainsOnAll()
    {
        var trained = Train(new TableTraining { Label = "truth", HeldOut = 0.25 });

        Assert.True(trained.AreHeldOut);
        Assert.Equal(75, trained.Metrics.Rows);
        Assert.Equal(300, trained.Model.Description.TrainedRows);
    }

    [Theory]
    [InlineData("nobody", null, null, 1)]
    [InlineData("truth", "Train Model", null, 2)]
    [InlineData("truth", null, "Number of trees", 2)]
    public void Train_WithSomethingUnknown_SaysWhatIsKnown(string label, string? learner, string? parameter, int number)
    {
        var error = Assert.Throws<ModuleException>(() => Train(new TableTraining
        {
            Label = label,
            Learner = learner,
            Parameters = parameter is null ? [] : new Dictionary<string, string> { [parameter] = "1" },
        }));

        Assert.Equal(number, error.Number);
    }

    private static TrainedTable Train(TableTraining training)
    {
        TableField[] fields = [Tables.Number("x"), Tables.Text("truth"), Tables.Text("three"), Tables.Number("amount")];
        var table = Tables.Of(fields, 300, row => [(double)row, row % 7 == 0 ? "yes" : "no", $"c{row % 3}", row * 0.5]);
        return TableTrainer.Train(table, training, TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
