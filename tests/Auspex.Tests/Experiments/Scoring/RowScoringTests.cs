using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Learners;
using Auspex.Experiments.Scoring;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

/// <summary>A row that is scored alone, its values set one by one, has the bits that a batch gives it.</summary>
public sealed class RowScoringTests
{
    private static readonly string[] Cities = ["Oslo", "Zürich", "\"quoted\", comma"];

    public static TheoryData<string> Learners => [.. ModuleCatalog.CreateDefault().Modules.OfType<LearnerModule>().Select(module => module.Descriptor.Name)];

    [Theory]
    [MemberData(nameof(Learners))]
    public void Score_OfEveryLearner_GivesTheBitsOfABatch(string name)
    {
        Assert.True(ModuleCatalog.CreateDefault().TryFind(name, out var module));
        var learner = ((LearnerModule)module!).Create(new ModuleParameters(module!.Descriptor, new Dictionary<string, string>()));
        var table = Rows(learner.Task, 300, 1);
        var model = learner.Train(table, learner.Task is ModelTask.Anomaly or ModelTask.Clustering ? "" : "y", new TrainingOptions(1, null), CancellationToken.None);
        Check(model, table);
        Check(model, Rows(learner.Task, 60, 2, hasMissing: true));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Score_OfTrees_AllocatesNothing(int levels)
    {
        var model = WideModels.Trees(new Random(1), 100, 31, levels);
        var scoring = new RowScoring(model);
        var numbers = Enumerable.Range(0, model.Features.Fields.Length).Select(column => column / 30.0).ToArray();
        scoring.Score(numbers);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            scoring.TrySetNumber(0, i);
            scoring.Score();
            scoring.Score(numbers);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void TrySet_OfTheOtherKind_IsRefused()
    {
        var scoring = new RowScoring(WideModels.Trees(new Random(1), 3, 5, 1));

        Assert.False(scoring.TrySetText(0, "a"));
        Assert.False(scoring.TrySetNumber(WideModels.Numbers, 1));
        Assert.True(scoring.TrySetText(WideModels.Numbers, new string('x', 5000)));
    }

    private static void Check(TrainedModel model, TableBatch table)
    {
        var scored = model.Bind(table.Schema, appendScores: false).Apply(table);
        var scores = Enumerable.Range(0, scored.Columns.Length)
            .Where(column => scored.Schema.Fields[column].Score is not null)
            .Select(column => scored.Columns[column])
            .OfType<DoubleColumn>()
            .ToList();
        var scoring = new RowScoring(model);
        for (var row = 0; row < table.RowCount; row++)
        {
            for (var feature = 0; feature < model.Features.Fields.Length; feature++)
            {
                var column = table.Columns[table.Schema.IndexOf(model.Features.Fields[feature].Name)];
                Assert.True(column switch
                {
                    _ when column.IsNull(row) => SetMissing(scoring, feature),
                    StringColumn texts => scoring.TrySetText(feature, texts.Text(row)),
                    DoubleColumn doubles => scoring.TrySetNumber(feature, doubles.Values[row]),
                    _ => false,
                });
            }

            var alone = scoring.Score();

            // Of an anomaly the first number is only what the label is made of.
            var first = model.Task == ModelTask.Anomaly ? 1 : 0;
            for (var output = first; output < alone.Length; output++)
            {
                var column = scores[output - first];
                Assert.True(
                    column.IsNull(row) ? double.IsNaN(alone[0]) : BitConverter.DoubleToInt64Bits(column.Values[row]) == BitConverter.DoubleToInt64Bits(alone[output]),
                    $"row {row}, output {output}: {alone[output]}, in a batch {column.Values[row]}");
            }

            CheckClass(model, scored, row, scoring.PredictedClass());
        }
    }

    private static void CheckClass(TrainedModel model, TableBatch scored, int row, int predicted)
    {
        var name = model.Task == ModelTask.Clustering ? ScoreNames.Assignments : ScoreNames.ScoredLabels;
        var index = scored.Schema.IndexOf(name);
        if (index < 0 || scored.Columns[index].IsNull(row) || model.Task is ModelTask.Regression or ModelTask.Quantile)
        {
            Assert.True(predicted < 0, $"row {row}: {predicted}");
            return;
        }

        Assert.Equal(
            scored.Columns[index] switch
            {
                StringColumn texts => texts.Text(row),
                Int64Column integers when !model.Description.Classes.IsEmpty => integers.Values[row].ToString(System.Globalization.CultureInfo.InvariantCulture),
                Int64Column integers => integers.Values[row].ToString(System.Globalization.CultureInfo.InvariantCulture),
                var other => throw new InvalidOperationException(other.GetType().Name),
            },
            model.Description.Classes.IsEmpty ? predicted.ToString(System.Globalization.CultureInfo.InvariantCulture) : model.Description.Classes[predicted]);
    }

    private static bool SetMissing(RowScoring scoring, int feature)
    {
        scoring.SetMissing(feature);
        return true;
    }

    private static TableBatch Rows(ModelTask task, int count, int seed, bool hasMissing = false)
    {
        var random = new Random(seed);
        TableField label = task is ModelTask.Regression or ModelTask.Quantile ? Tables.Number("y") : Tables.Text("y");
        return Tables.Of(
            [Tables.Number("x1"), Tables.Number("x2"), Tables.Text("city"), label],
            count,
            _ =>
            {
                var (x1, x2, city) = (random.NextDouble() + 0.1, random.Next(1, 9) * 0.5, random.Next(Cities.Length));
                var signal = x1 + (0.3 * x2) + (0.4 * city) + (0.3 * random.NextDouble());
                object y = task switch
                {
                    ModelTask.Regression or ModelTask.Quantile => Math.Round(signal * 3) + 1,
                    ModelTask.Binary => signal > 2 ? "yes" : "no",
                    _ => signal > 2.4 ? "c" : signal > 1.6 ? "b" : "a",
                };
                return
                [
                    hasMissing && random.Next(6) == 0 ? null : x1,
                    x2,
                    hasMissing ? random.Next(8) switch { 0 => null, 1 => "somewhere else", _ => Cities[city] } : Cities[city],
                    y,
                ];
            });
    }
}
