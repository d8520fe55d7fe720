using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class TuningModulesTests
{
    private const string Tune = "Tune Model Hyperparameters";
    private const string Validate = "Cross-Validate Model";
    private const string Importance = "Permutation Feature Importance";

    [Fact]
    public async Task Tune_EntireGrid_TriesEveryCombinationAndRanksThem()
    {
        var context = await TuneAsync(
            await RangesAsync(("Learning rate (range)", "0.1; 0.3"), ("Number of trees constructed (range)", "2; 10; 20")),
            ("Specify parameter sweeping mode", "Entire grid"), ("Metric for measuring performance for classification", "AUC"));

        var results = ModuleRuns.Table(context, "Sweep results");
        Assert.Equal(6, results.RowCount);
        Assert.Equal(
            ["Maximum number of leaves per tree", "Minimum number of samples per leaf node", "Learning rate", "Number of trees constructed", "Accuracy"],
            ModuleRuns.Names(results)[..5]);
        var auc = Tables.Doubles(results, "AUC");
        Assert.Equal(auc.OrderDescending(), auc);
        var model = ((ModelValue)context.Outputs["Trained best model"]).Model;
        Assert.Equal(model.Description.Parameters["Number of trees constructed"], ModuleRuns.Texts(results, "Number of trees constructed")[0]);
        Assert.Equal(Rows().RowCount, model.Description.TrainedRows);
    }

    [Theory]
    [InlineData("Random sweep", "Random seed")]
    [InlineData("Random grid", "Random seed (grid)")]
    public async Task Tune_SameSeed_GivesTheSameOnOneAndOnManyThreads(string mode, string seed)
    {
        var learner = await RangesAsync(("Number of trees constructed (range)", "2; 4; 8; 16; 32"));
        (string, string)[] parameters = [("Specify parameter sweeping mode", mode), (seed, "7")];

        var one = await TuneAsync(learner, ModuleRuns.Services with { Threads = 1 }, parameters);
        var many = await TuneAsync(learner, ModuleRuns.Services with { Threads = 4 }, parameters);

        ModuleRuns.AssertSame(ModuleRuns.Table(one, "Sweep results"), ModuleRuns.Table(many, "Sweep results"));
        Assert.Equal(mode == "Random grid" ? 5 : 5, ModuleRuns.Table(one, "Sweep results").RowCount);
        Assert.Contains(one.Log, line => line.Contains("seed 7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tune_RandomGrid_DrawsNoCombinationTwice()
    {
        var context = await TuneAsync(
            await RangesAsync(("Number of trees constructed (range)", "1; 2; 3")),
            ("Specify parameter sweeping mode", "Random grid"), ("Maximum number of runs on random grid", "50"));

        var results = ModuleRuns.Table(context, "Sweep results");
        Assert.Equal(["1", "2", "3"], ModuleRuns.Texts(results, "Number of trees constructed").Order());
    }

    [Fact]
    public async Task Tune_SingleParameterLearner_SweepsItsDefaultRanges()
    {
        var learner = await LearnerAsync("Two-Class Boosted Decision Tree");

        var context = await TuneAsync(learner, ("Random seed", "3"), ("Maximum number of runs on random sweep", "2"));

        var trees = ModuleRuns.Numbers(ModuleRuns.Table(context, "Sweep results"), "Number of trees constructed");
        Assert.All(trees, count => Assert.InRange(count, 20, 500));
    }

    [Fact]
    public async Task Tune_Regression_RanksByErrorAscending()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 60, row => [row % 7, row % 7 * 2.0]);
        var learner = await LearnerAsync(
            "Boosted Decision Tree Regression",
            ("Create trainer mode", "Parameter Range"), ("Total number of trees constructed (range)", "1; 30"),
            ("Maximum number of leaves per tree (range)", "8"), ("Minimum number of samples per leaf node (range)", "1"), ("Learning rate (range)", "0.2"));

        var context = await ModuleRuns.RunPortsAsync(
            Tune,
            [("Untrained model", learner), ("Training dataset", new TableValue(table)), ("Validation dataset", new TableValue(table))],
            [("Label column", "y"), ("Specify parameter sweeping mode", "Entire grid")]);

        Assert.Equal(["30", "1"], ModuleRuns.Texts(ModuleRuns.Table(context, "Sweep results"), "Total number of trees constructed"));
    }

    [Fact]
    public async Task Tune_FoldsAssigned_AreUsed()
    {
        var table = Rows();
        var folds = new FoldAssignment([.. Enumerable.Range(0, table.RowCount).Select(row => row % 2)], 2);
        var learner = await RangesAsync(("Number of trees constructed (range)", "3"));

        var context = await ModuleRuns.RunPortsAsync(
            Tune, [("Untrained model", learner), ("Training dataset", new TableValue(table) { Folds = folds })], [("Label column", "y")]);

        Assert.DoesNotContain(context.Log, line => line.Contains("10 folds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tune_BadInput_FailsWithStudiosNumbers()
    {
        var learner = await LearnerAsync("Two-Class Boosted Decision Tree");
        var table = new TableValue(Rows());
        var few = new TableValue(Rows().Slice(0, 5));
        var rare = new TableValue(Tables.Of([Tables.Number("x"), Tables.Text("y")], 40, row => [row, row < 3 ? "a" : "b"]));
        var trained = (await TuneAsync(await RangesAsync(), ("Specify parameter sweeping mode", "Entire grid"))).Outputs["Trained best model"];
        var otherLabel = new TableValue(Tables.Of([Tables.Number("x"), Tables.Number("y")], 20, row => [row, row]));
        var noLabel = new TableValue(Tables.Of([Tables.Number("x")], 20, row => [row]));

        await ModuleRuns.FailPortsAsync(21, Tune, [("Untrained model", learner), ("Training dataset", few)], ("Label column", "y"));
        await ModuleRuns.FailPortsAsync(83, Tune, [("Untrained model", learner), ("Training dataset", rare)], ("Label column", "y"));
        await ModuleRuns.FailPortsAsync(13, Tune, [("Untrained model", trained), ("Training dataset", table)], ("Label column", "y"));
        await ModuleRuns.FailPortsAsync(
            58, Tune, [("Untrained model", learner), ("Training dataset", table), ("Validation dataset", otherLabel)], ("Label column", "y"));
        await ModuleRuns.FailPortsAsync(
            24, Tune, [("Untrained model", learner), ("Training dataset", table), ("Validation dataset", noLabel)], ("Label column", "y"));
        await ModuleRuns.FailPortsAsync(3, Tune, [("Training dataset", table)], ("Label column", "y"));
        await ModuleRuns.FailPortsAsync(22, Tune, [("Untrained model", learner), ("Training dataset", table)], ("Label column", "AllColumns"));
        await ModuleRuns.FailPortsAsync(
            8, Tune, [("Untrained model", learner), ("Training dataset", table)], ("Label column", "y"), ("Maximum number of runs on random sweep", "0"));
    }

    [Theory]
    [InlineData("1; x", 2)]
    [InlineData("", 2)]
    [InlineData("{\"min\":1}", 2)]
    [InlineData("0", 8)]
    public async Task Learner_RangeThatCannotBeSwept_Fails(string range, int number)
    {
        var failure = await Assert.ThrowsAsync<ModuleException>(() => LearnerAsync(
            "Two-Class Boosted Decision Tree", ("Create trainer mode", "Parameter Range"), ("Number of trees constructed (range)", range.Length == 0 ? ";" : range)));

        Assert.Equal(number, failure.Number);
    }

    [Fact]
    public async Task Tune_RangeBuilder_GivesItsNumbers()
    {
        var context = await TuneAsync(
            await RangesAsync(("Number of trees constructed (range)", "{\"min\":1,\"max\":100,\"count\":3,\"log\":true}")),
            ("Specify parameter sweeping mode", "Entire grid"));

        var trees = ModuleRuns.Texts(ModuleRuns.Table(context, "Sweep results"), "Number of trees constructed");
        Assert.Equal(["1", "10", "100"], trees.OrderBy(text => int.Parse(text!, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task CrossValidate_TenFolds_ScoresEachRowOnce()
    {
        var learner = await LearnerAsync("Two-Class Boosted Decision Tree");
        var table = Rows();

        var one = await ModuleRuns.RunPortsAsync(
            Validate, [("Untrained model", learner), ("Dataset", new TableValue(table))], [("Label column", "y"), ("Random seed", "5")],
            ModuleRuns.Services with { Threads = 1 });
        var many = await ModuleRuns.RunPortsAsync(
            Validate, [("Untrained model", learner), ("Dataset", new TableValue(table))], [("Label column", "y"), ("Random seed", "5")],
            ModuleRuns.Services with { Threads = 4 });

        var scored = ModuleRuns.Table(one, "Scored results");
        Assert.Equal(["x", "z", "y", "Fold Assignments", "Scored Labels", "Scored Probabilities"], ModuleRuns.Names(scored));
        Assert.Equal(ModuleRuns.Texts(table, "x"), ModuleRuns.Texts(scored, "x"));
        Assert.Equal(Enumerable.Repeat(12, 10), ModuleRuns.Texts(scored, "Fold Assignments").GroupBy(fold => fold).Select(group => group.Count()));
        ModuleRuns.AssertSame(scored, ModuleRuns.Table(many, "Scored results"));

        var byFold = ModuleRuns.Table(one, "Evaluation results by fold");
        Assert.Equal(12, byFold.RowCount);
        Assert.Equal(["Mean", "Standard Deviation"], ModuleRuns.Texts(byFold, "Fold Number")[^2..]);
        var accuracy = ModuleRuns.Numbers(byFold, "Accuracy");
        Assert.Equal(accuracy[..10].Average(), accuracy[10], 1e-12);
        Assert.True(accuracy[10] > 0.9);
        Assert.Equal("Two-Class Boosted Decision Tree", ModuleRuns.Texts(byFold, "Model")[0]);
    }

    [Fact]
    public async Task CrossValidate_FoldsOfPartition_AreThoseOfThePartition()
    {
        var learner = await LearnerAsync("Two-Class Logistic Regression");
        var partition = await ModuleRuns.RunAsync(
            "Partition and Sample", [Rows()],
            [("Partition or sample mode", "Assign to Folds"), ("Specify number of folds to split evenly into", "3"), ("Random seed", "1")]);
        var folds = (TableValue)partition.Outputs["oDataset"];

        var context = await ModuleRuns.RunPortsAsync(Validate, [("Untrained model", learner), ("Dataset", folds)], [("Label column", "y")]);

        Assert.Equal(5, ModuleRuns.Table(context, "Evaluation results by fold").RowCount);
        Assert.Equal(
            folds.Folds!.Of.Select(fold => fold.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ModuleRuns.Texts(ModuleRuns.Table(context, "Scored results"), "Fold Assignments"));
    }

    [Fact]
    public async Task CrossValidate_RareClass_HasNoProbabilityWhereItsFoldHeldIt()
    {
        var learner = await LearnerAsync("Multiclass Logistic Regression");
        var table = Tables.Of([Tables.Number("x"), Tables.Text("y")], 30, row => [row, row == 7 ? "rare" : row < 15 ? "a" : "b"]);

        var context = await ModuleRuns.RunPortsAsync(Validate, [("Untrained model", learner), ("Dataset", new TableValue(table))], [("Label column", "y")]);

        var scored = ModuleRuns.Table(context, "Scored results");
        Assert.Equal("Scored Labels", ModuleRuns.Names(scored)[^1]);
        var rare = ModuleRuns.Texts(scored, "Scored Probabilities for Class \"rare\"");
        Assert.Null(rare[7]);
        Assert.True(rare.Count(text => text is null) < 30);
    }

    [Fact]
    public async Task CrossValidate_FewerRowsThanFolds_IsError6()
    {
        var learner = await LearnerAsync("Two-Class Logistic Regression");

        await ModuleRuns.FailPortsAsync(
            6, Validate, [("Untrained model", learner), ("Dataset", new TableValue(Rows().Slice(0, 9)))], ("Label column", "y"));
        await ModuleRuns.FailPortsAsync(
            1, Validate, [("Untrained model", learner), ("Dataset", new TableValue(Rows()))], ("Label column", "no such"));
    }

    [Fact]
    public async Task CrossValidate_RowsWithoutLabel_AreLeftOut()
    {
        var learner = await LearnerAsync("Two-Class Logistic Regression");
        var table = Tables.Of([Tables.Number("x"), Tables.Text("y")], 40, row => [row, row % 4 == 3 ? null : row < 20 ? "a" : "b"]);

        var context = await ModuleRuns.RunPortsAsync(Validate, [("Untrained model", learner), ("Dataset", new TableValue(table))], [("Label column", "y"), ("Random seed", "1")]);

        Assert.Equal(30, ModuleRuns.Table(context, "Scored results").RowCount);
    }

    [Fact]
    public async Task Importance_OfTheOnlyColumnThatMatters_ComesFirst()
    {
        var table = Rows();
        var model = await TrainAsync("Two-Class Boosted Decision Tree", table);

        var one = await ImportanceAsync(model, table, 1, ("Random seed", "11"));
        var many = await ImportanceAsync(model, table, 4, ("Random seed", "11"));

        Assert.Equal(["x", "z"], ModuleRuns.Texts(one, "Feature"));
        Assert.True(ModuleRuns.Numbers(one, "Score")[0] > 0.2);
        Assert.Equal(0, ModuleRuns.Numbers(one, "Score")[1], 1e-9);
        ModuleRuns.AssertSame(one, many);
    }

    [Theory]
    [InlineData("Classification - Precision")]
    [InlineData("Classification - Recall")]
    [InlineData("Classification - Average Log Loss")]
    public async Task Importance_EachMetric_IsPositiveWhereTheModelGetsWorse(string metric)
    {
        var model = await TrainAsync("Two-Class Boosted Decision Tree", Rows());

        var table = await ImportanceAsync(model, Rows(), 2, ("Random seed", "2"), ("Metric for measuring performance", metric));

        Assert.True(ModuleRuns.Numbers(table, "Score")[0] > 0.05);
    }

    [Fact]
    public async Task Importance_OfRegression_GrowsWithTheError()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("z"), Tables.Number("y")], 50, row => [row, row * 17 % 5, row * 3.0]);
        var model = await TrainAsync("Linear Regression", table);

        foreach (var metric in new[] { "Mean Absolute Error", "Root Mean Squared Error", "Relative Absolute Error", "Relative Squared Error", "Coefficient of Determination" })
        {
            var scores = await ImportanceAsync(model, table, 2, ("Random seed", "2"), ("Metric for measuring performance", $"Regression - {metric}"));
            Assert.Equal("x", ModuleRuns.Texts(scores, "Feature")[0]);
            Assert.True(ModuleRuns.Numbers(scores, "Score")[0] > 0.5);
        }
    }

    [Fact]
    public async Task Importance_BadInput_FailsWithStudiosNumbers()
    {
        var model = await TrainAsync("Two-Class Boosted Decision Tree", Rows());
        var learner = await LearnerAsync("Two-Class Logistic Regression");

        await ModuleRuns.FailPortsAsync(21, Importance, [("Trained model", model), ("Test data", new TableValue(Rows().Slice(0, 0)))]);
        await ModuleRuns.FailPortsAsync(24, Importance, [("Trained model", model), ("Test data", new TableValue(Tables.Of([Tables.Number("x"), Tables.Number("z")], 3, row => [row, row])))]);
        await ModuleRuns.FailPortsAsync(62, Importance, [("Trained model", model), ("Test data", new TableValue(Rows()))], ("Metric for measuring performance", "Regression - Mean Absolute Error"));
        await ModuleRuns.FailPortsAsync(12, Importance, [("Trained model", learner), ("Test data", new TableValue(Rows()))]);
        await ModuleRuns.FailPortsAsync(3, Importance, [("Test data", new TableValue(Rows()))]);
    }

    private static async Task<TableBatch> ImportanceAsync(PortValue model, TableBatch table, int threads, params (string, string)[] parameters) =>
        ModuleRuns.Table(
            await ModuleRuns.RunPortsAsync(
                Importance, [("Trained model", model), ("Test data", new TableValue(table))], parameters, ModuleRuns.Services with { Threads = threads }),
            "Feature importance");

    private static async Task<PortValue> TrainAsync(string learner, TableBatch table) =>
        (await ModuleRuns.RunPortsAsync(
            "Train Model", [("Untrained model", await LearnerAsync(learner)), ("Dataset", new TableValue(table))], [("Label column", "y")])).Outputs["Trained model"];

    private static async Task<PortValue> LearnerAsync(string learner, params (string, string)[] parameters) =>
        (await ModuleRuns.RunPortsAsync(learner, [], parameters)).Outputs["Untrained model"];

    /// <summary>Boosted trees in range mode, one number for each parameter that is not given.</summary>
    private static Task<PortValue> RangesAsync(params (string Name, string Value)[] given) => LearnerAsync(
        "Two-Class Boosted Decision Tree",
        [
            ("Create trainer mode", "Parameter Range"),
            .. new[]
            {
                ("Maximum number of leaves per tree (range)", "4"), ("Minimum number of samples per leaf node (range)", "2"),
                ("Learning rate (range)", "0.2"), ("Number of trees constructed (range)", "5"),
            }.Where(range => !given.Any(other => other.Name == range.Item1)),
            .. given,
        ]);

    private static Task<ModuleContext> TuneAsync(PortValue learner, params (string, string)[] parameters) =>
        TuneAsync(learner, ModuleRuns.Services, parameters);

    private static Task<ModuleContext> TuneAsync(PortValue learner, ModuleServices services, params (string, string)[] parameters) =>
        ModuleRuns.RunPortsAsync(
            Tune, [("Untrained model", learner), ("Training dataset", new TableValue(Rows()))], [("Label column", "y"), .. parameters], services);

    private static TableBatch Rows() => Tables.Of(
        [Tables.Number("x"), Tables.Number("z"), Tables.Text("y")], 120, row => [row * 37 % 120, row % 3, row * 37 % 120 < 60 ? "no" : "yes"]);
}
