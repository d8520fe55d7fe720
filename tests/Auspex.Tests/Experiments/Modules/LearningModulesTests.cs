using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class LearningModulesTests
{
    private static readonly ModuleCatalog Catalog = ModuleCatalog.CreateDefault();

    [Fact]
    public async Task TrainScoreEvaluate_OfTwoLearners_ComparesThemRowByRow()
    {
        var table = Rows(400);
        var trees = await ScoreAsync("Two-Class Boosted Decision Tree", table);
        var logistic = await ScoreAsync("Two-Class Logistic Regression", table);

        var outputs = await RunAsync("Evaluate Model", [], ("Scored dataset", trees), ("Scored dataset to compare", logistic));

        var results = ((TableValue)outputs["Evaluation results"]).Table;
        Assert.Equal(2, results.RowCount);
        Assert.Equal(
            ["Accuracy", "Precision", "Recall", "F-Score", "AUC", "Average Log Loss", "Training Log Loss"],
            results.Schema.Fields.Select(field => field.Name));
        Assert.Equal(1, Tables.Doubles(results, "AUC")[0], 6);
    }

    [Fact]
    public async Task EvaluateModel_OfRegression_NamesStudiosMetrics()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 50, row => [row, row * 2.0]);
        var scored = await ScoreAsync("Linear Regression", table);

        var results = ((TableValue)(await RunAsync("Evaluate Model", [], ("Scored dataset", scored)))["Evaluation results"]).Table;

        Assert.Equal(
            [
                "Negative Log Likelihood", "Mean Absolute Error", "Root Mean Squared Error", "Relative Absolute Error",
                "Relative Squared Error", "Coefficient of Determination",
            ],
            results.Schema.Fields.Select(field => field.Name));
        Assert.Equal(double.PositiveInfinity, Tables.Doubles(results, "Negative Log Likelihood")[0]);
        Assert.Equal(1, Tables.Doubles(results, "Coefficient of Determination")[0], 6);
    }

    [Fact]
    public async Task EvaluateModel_OfSeveralClasses_NamesStudiosMetrics()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Text("y")], 90, row => [row, $"c{row / 30}"]);
        var scored = await ScoreAsync("Multiclass Logistic Regression", table);

        var results = ((TableValue)(await RunAsync("Evaluate Model", [], ("Scored dataset", scored)))["Evaluation results"]).Table;

        Assert.Equal(
            [
                "Overall accuracy", "Average accuracy", "Micro-averaged precision", "Macro-averaged precision",
                "Micro-averaged recall", "Macro-averaged recall",
            ],
            results.Schema.Fields.Select(field => field.Name));
    }

    [Fact]
    public async Task EvaluateModel_OfAnUnscoredOrUnlabelledTable_IsError24Or25()
    {
        var table = Rows(10);
        var labelled = new TableBatch(
            new TableSchema([.. table.Schema.Fields.Select(field => field.Name == "y" ? field with { Role = ColumnRole.Label } : field)]),
            table.Columns,
            table.RowCount);

        Assert.Equal(24, (await FailAsync("Evaluate Model", [], ("Scored dataset", new TableValue(table)))).Number);
        Assert.Equal(25, (await FailAsync("Evaluate Model", [], ("Scored dataset", new TableValue(labelled)))).Number);
    }

    [Fact]
    public async Task EvaluateModel_OfDifferentTasks_IsError62()
    {
        var binary = await ScoreAsync("Two-Class Logistic Regression", Rows(100));
        var regression = await ScoreAsync(
            "Linear Regression", Tables.Of([Tables.Number("x"), Tables.Number("y")], 50, row => [row, row * 2.0]));

        var error = await FailAsync("Evaluate Model", [], ("Scored dataset", binary), ("Scored dataset to compare", regression));

        Assert.Equal(62, error.Number);
    }

    [Fact]
    public async Task ScoreModel_WithAnUntrainedModel_IsError12()
    {
        var learner = (await RunAsync("Linear Regression", []))["Untrained model"];

        var error = await FailAsync("Score Model", [], ("Trained model", learner), ("Dataset", new TableValue(Rows(3))));

        Assert.Equal(12, error.Number);
    }

    [Fact]
    public async Task TrainModel_WithAnUnknownOrBlankLabel_Fails()
    {
        var learner = (await RunAsync("Two-Class Logistic Regression", []))["Untrained model"];
        (string, PortValue)[] inputs = [("Untrained model", learner), ("Dataset", new TableValue(Rows(10)))];

        Assert.Equal(1, (await FailAsync("Train Model", new() { ["Label column"] = "Y" }, inputs)).Number);
        Assert.Equal(3, (await FailAsync("Train Model", [], inputs)).Number);
        Assert.Equal(22, (await FailAsync("Train Model", new() { ["Label column"] = "x,y" }, inputs)).Number);
    }

    [Fact]
    public async Task TrainModel_InRangeMode_TrainsTheFirstValues()
    {
        var parameters = new Dictionary<string, string>
        {
            ["Create trainer mode"] = "Parameter Range",
            ["Range for maximum number of leaves per tree"] = "3; 8",
            ["Range for total number of trees constructed"] = "4; 8",
        };
        var learner = (await RunAsync("Two-Class Boosted Decision Tree", parameters))["Untrained model"];

        var outputs = await RunAsync(
            "Train Model", new() { ["Label column"] = "y" }, ("Untrained model", learner), ("Dataset", new TableValue(Rows(200))));

        var model = (TreeModel)((ModelValue)outputs["Trained model"]).Model;
        Assert.Equal(4, model.Trees.TreeCount);
        Assert.InRange(model.Trees.LeafCount, 4, 12);
        Assert.Equal("0.025", model.Description.Parameters["Learning rate"]);
    }

    [Theory]
    [InlineData("Two-Class Boosted Decision Tree", "Learning rate", "0")]
    [InlineData("Two-Class Boosted Decision Tree", "Learning rate", "1.5")]
    [InlineData("Two-Class Boosted Decision Tree", "Maximum number of leaves per tree", "1")]
    [InlineData("Boosted Decision Tree Regression", "Total number of trees constructed", "0")]
    [InlineData("Two-Class Logistic Regression", "Optimization tolerance", "0")]
    [InlineData("Multiclass Logistic Regression", "L2 Regularizaton weight", "-1")]
    [InlineData("Linear Regression", "L2 regularization weight", "x")]
    [InlineData("Linear Regression", "Solution method", "Guessing")]
    public async Task RunAsync_WithAParameterOutOfRange_NamesIt(string module, string parameter, string value)
    {
        var error = await FailAsync(module, new() { [parameter] = value });

        Assert.InRange(error.Number, 2, 8);
        Assert.Contains($"'{value}'", error.Message.Replace($" is {value};", $" is '{value}';", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static TableBatch Rows(int count) =>
        Tables.Of([Tables.Number("x"), Tables.Text("t"), Tables.Text("y")], count, row => [(double)row, $"t{row % 3}", row * 2 < count ? "no" : "yes"]);

    private static async Task<PortValue> ScoreAsync(string learner, TableBatch table)
    {
        var untrained = (await RunAsync(learner, []))["Untrained model"];
        var trained = await RunAsync(
            "Train Model", new() { ["Label column"] = "y" }, ("Untrained model", untrained), ("Dataset", new TableValue(table)));
        var scored = await RunAsync(
            "Score Model", [], ("Trained model", trained["Trained model"]), ("Dataset", new TableValue(table)));
        return scored["Scored dataset"];
    }

    private static async Task<IReadOnlyDictionary<string, PortValue>> RunAsync(
        string name, Dictionary<string, string> parameters, params (string Port, PortValue Value)[] inputs)
    {
        Assert.True(Catalog.TryFind(name, out var module));
        var services = new ModuleServices
        {
            OpenBlobStore = _ => throw new InvalidOperationException("No module here opens a store."),
            Clock = TimeProvider.System,
            FileRoots = [],
        };
        var context = new ModuleContext(
            inputs.ToImmutableDictionary(input => input.Port, input => input.Value),
            new ModuleParameters(module!.Descriptor, parameters),
            services);
        await module.RunAsync(context, TestContext.Current.CancellationToken);
        return context.Outputs;
    }

    private static Task<ModuleException> FailAsync(
        string name, Dictionary<string, string> parameters, params (string Port, PortValue Value)[] inputs) =>
        Assert.ThrowsAsync<ModuleException>(() => RunAsync(name, parameters, inputs));
}
