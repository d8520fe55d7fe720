using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

/// <summary>
/// Weights of logistic regression beside those of scikit-learn 1.2 (newton-cg to 1e-10) at the same penalty, on numbers scaled to 0 to 1
/// and levels as indicators; every fourth complete row is left out.
/// </summary>
public sealed class LogisticAgreementTests
{
    private const double Tolerance = 1e-4;

    [Fact]
    public async Task Weights_OnAdultCensus_AreThePeers()
    {
        var (table, model) = await TrainAsync<LinearModel>("adult-census-income.csv", "income", "Two-Class Logistic Regression");

        var (weights, bias) = Scaled(table, model.Description, [.. model.Weights], model.Bias);

        Near(1.810362, weights["age"]);
        Near(0.944273, weights["fnlwgt"]);
        Near(2.2276, weights["education-num"]);
        Near(15.634009, weights["capital-gain"]);
        Near(2.457243, weights["capital-loss"]);
        Near(2.776235, weights["hours-per-week"]);
        Near(-0.456538, weights["marital-status=Divorced"]);
        Near(1.286354, weights["marital-status=Married-AF-spouse"]);
        Near(-0.208617, weights["marital-status=Widowed"]);
        Near(0.31431, weights["race=Asian-Pac-Islander"]);
        Near(-0.4032, weights["sex=Female"]);
        Near(-6.768391, bias);
    }

    [Fact]
    public async Task Weights_OnIris_AreThePeers()
    {
        var (table, model) = await TrainAsync<MulticlassLinearModel>("iris.csv", "species", "Multiclass Logistic Regression");
        double[][] expected =
        [
            [-1.280258, 1.405226, -2.458971, -2.470796, 1.880852],
            [0.321884, -1.378711, 0.339871, -0.345782, 1.0811],
            [0.958375, -0.026516, 2.119099, 2.816577, -2.961952],
        ];

        // Only differences between classes tell anything of the biases, since these have no penalty.
        var biases = new double[3];
        for (var ofClass = 0; ofClass < 3; ofClass++)
        {
            var (weights, bias) = Scaled(table, model.Description, [.. model.Weights[ofClass]], model.Biases[ofClass]);
            biases[ofClass] = bias;
            Near(expected[ofClass][0], weights["sepal-length"]);
            Near(expected[ofClass][1], weights["sepal-width"]);
            Near(expected[ofClass][2], weights["petal-length"]);
            Near(expected[ofClass][3], weights["petal-width"]);
        }

        Near(expected[0][4] - expected[1][4], biases[0] - biases[1]);
        Near(expected[2][4] - expected[1][4], biases[2] - biases[1]);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(20)]
    public async Task Weights_WithAPenaltyOfAbsoluteValues_LeaveNoSlopeUnpaid(double penalty)
    {
        var (table, model) = await TrainAsync<LinearModel>(
            "adult-census-income.csv", "income", "Two-Class Logistic Regression", ("L1 regularization weight", penalty.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var (weights, bias) = Scaled(table, model.Description, [.. model.Weights], model.Bias);

        // At the minimum the slope of the loss is what the penalties pay for, or less where a weight is nothing.
        foreach (var column in new[] { "age", "education-num", "hours-per-week", "fnlwgt" })
        {
            var (least, range) = Range(table, column);
            var values = Numbers(table, column).Select(value => (value - least) / range).ToArray();
            var scored = model.Bind(table.Schema, true).Apply(table);
            var probabilities = Tables.Doubles(scored, "Scored Probabilities");
            var labels = ((StringColumn)table.Columns[table.Schema.IndexOf("income")]);
            var slope = values.Select((value, row) => value * (probabilities[row] - (labels.Text(row) == ">50K" ? 1 : 0))).Sum() + weights[column];
            if (weights[column] == 0)
            {
                Assert.InRange(Math.Abs(slope), 0, penalty + 0.01);
            }
            else
            {
                Assert.Equal(0, slope + (penalty * Math.Sign(weights[column])), 0.01);
            }
        }

        Assert.True(double.IsFinite(bias));
        Assert.Equal(penalty > 1, weights.Values.Count(weight => weight == 0) > weights.Count / 2);
    }

    private static void Near(double expected, double found) => Assert.InRange(found, expected - Tolerance, expected + Tolerance);

    private static async Task<(TableBatch Table, T Model)> TrainAsync<T>(string file, string label, string learner, params (string, string)[] settings)
        where T : TrainedModel
    {
        var all = await Tables.LoadSharedAsync(file);
        int[] complete = [.. Enumerable.Range(0, all.RowCount).Where(row => all.Columns.All(column => !column.IsNull(row)))];
        var table = all.Take([.. complete.Where((_, index) => index % 4 != 3)]);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["L1 regularization weight"] = "0" };
        foreach (var (name, value) in settings)
        {
            parameters[name] = value;
        }

        var training = new TableTraining { Label = label, Learner = learner, Parameters = parameters };
        return (table, (T)TableTrainer.Train(table, training, TimeProvider.System, TestContext.Current.CancellationToken).Model);
    }

    // The model's weights are for the columns' own scale.
    private static (Dictionary<string, double> Weights, double Bias) Scaled(
        TableBatch table, ModelDescription description, double[] weights, double bias)
    {
        var scaled = new Dictionary<string, double>(StringComparer.Ordinal);
        var slot = 0;
        foreach (var field in description.Features.Fields)
        {
            if (field.Categories is { } domain)
            {
                foreach (var level in domain.Levels)
                {
                    scaled[$"{field.Name}={level}"] = weights[slot++];
                }

                // Of unknown levels there is one more.
                slot += (weights.Length - Slots(description)) / description.Features.Fields.Count(other => other.IsCategorical);
                continue;
            }

            var (least, range) = Range(table, field.Name);
            bias += weights[slot] * least;
            scaled[field.Name] = weights[slot++] * range;
        }

        Assert.Equal(weights.Length, slot);
        return (scaled, bias);
    }

    private static int Slots(ModelDescription description) =>
        description.Features.Fields.Sum(field => field.Categories?.Levels.Length ?? 1);

    private static (double Least, double Range) Range(TableBatch table, string column)
    {
        var values = Numbers(table, column);
        return (values.Min(), values.Max() - values.Min());
    }

    private static double[] Numbers(TableBatch table, string column) => table.Columns[table.Schema.IndexOf(column)] switch
    {
        Int64Column whole => [.. whole.Values.ToArray().Select(value => (double)value)],
        DoubleColumn numbers => numbers.Values.ToArray(),
        _ => throw new ArgumentException($"Column '{column}' is no column of numbers.", nameof(column)),
    };
}
