using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training;
using Auspex.Experiments.Training.Linear;
using Auspex.Experiments.Training.Trees;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

public sealed class LabelTypeTests
{
    public static TheoryData<string> Types => ["boolean", "zero and one", "doubles", "text", "category", "numeric category"];

    [Theory]
    [MemberData(nameof(Types))]
    public void Train_OnALabelOfAType_PredictsValuesOfThatType(string type)
    {
        var (field, negative, positive) = Label(type);
        var table = Tables.Of([Tables.Number("x"), field], 200, row => [(double)row, row < 100 ? negative : positive]);
        ILearner[] learners =
        [
            new BoostedTreesLearner("trees", ModelTask.Binary, new BoostedTreesOptions { Trees = 20 }, true, Nothing),
            new LogisticRegressionLearner("logistic", ModelTask.Binary, new LogisticOptions { L1Weight = 0, L2Weight = 0.01 }, true, Nothing),
            new LogisticRegressionLearner("classes", ModelTask.Multiclass, new LogisticOptions { L1Weight = 0, L2Weight = 0.01 }, true, Nothing),
        ];
        foreach (var learner in learners)
        {
            var model = Reread(learner.Train(table, "y", new TrainingOptions(1, null), TestContext.Current.CancellationToken));

            var scored = model.Bind(table.Schema, false).Apply(table);

            var column = scored.Schema.IndexOf("Scored Labels");
            Assert.Equal(field.Type, scored.Schema.Fields[column].Type);
            Assert.Equal(field.IsCategorical, scored.Schema.Fields[column].IsCategorical);
            Assert.Equal(scored.Columns[0].GetType(), scored.Columns[column].GetType());
            var (truth, predicted) = (new LabelTexts(scored.Columns[0]), new LabelTexts(scored.Columns[column]));
            var right = Enumerable.Range(0, 200).Count(row => truth.Text(row) == predicted.Text(row));
            Assert.True(right > 190, $"{learner.Name} has {right} of 200 right");
        }
    }

    private static IReadOnlyDictionary<string, string> Nothing { get; } = new Dictionary<string, string>();

    private static (TableField Field, object Negative, object Positive) Label(string type) => type switch
    {
        "boolean" => (Tables.Truth("y"), false, true),
        "zero and one" => (Tables.Whole("y"), 0, 1),
        "doubles" => (Tables.Number("y"), -0.5, 2.25),
        "text" => (Tables.Text("y"), "<=50K", ">50K"),
        "category" => (Tables.Category("y", "yes", "unseen", "no"), "no", "yes"),
        _ => (Tables.Whole("y") with { Categories = new CategoryDomain(["10", "9"]) }, "9", "10"),
    };

    private static TrainedModel Reread(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        stream.Position = 0;
        return ModelContainer.ReadModel(stream);
    }
}
