using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

/// <summary>What holds for every learner, whatever it learns.</summary>
public sealed class EveryLearnerTests
{
    public static TheoryData<string> Learners => [.. LearnerSuite.Names];

    [Theory]
    [MemberData(nameof(Learners))]
    public void Train_OnAnyNumberOfThreads_GivesTheSameFile(string name)
    {
        var learner = LearnerSuite.Create(name);
        var table = LearnerSuite.Table(learner.Task, 300);

        var one = LearnerSuite.Bytes(LearnerSuite.Train(learner, table, threads: 1));

        Assert.Equal(one, LearnerSuite.Bytes(LearnerSuite.Train(LearnerSuite.Create(name), table, threads: 4)));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void ReadModel_OfWhatWasTrained_ScoresTheSameBits(string name)
    {
        var learner = LearnerSuite.Create(name);
        var table = LearnerSuite.Table(learner.Task, 300);
        var model = LearnerSuite.Train(learner, table);

        var read = ModelContainer.ReadModel(new MemoryStream(LearnerSuite.Bytes(model)));

        Assert.Equal(LearnerSuite.Bytes(model), LearnerSuite.Bytes(read));
        var scores = LearnerSuite.Scores(model, table);
        Assert.DoesNotContain(scores, double.IsNaN);
        Assert.Equal(scores, LearnerSuite.Scores(read, table));
        foreach (var size in new[] { 1, 7, 128, 129 })
        {
            Assert.Equal(scores, LearnerSuite.Scores(read, table, size));
        }
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void ReadModel_OfDamagedParts_Refuses(string name)
    {
        var learner = LearnerSuite.Create(name);
        var bytes = LearnerSuite.Bytes(LearnerSuite.Train(learner, LearnerSuite.Table(learner.Task, 60)));

        bytes[^5] ^= 0x40;

        Assert.Throws<ModelFormatException>(() => ModelContainer.ReadModel(new MemoryStream(bytes)));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Train_OnConstantFeatures_GivesFiniteScores(string name)
    {
        var learner = LearnerSuite.Create(name);
        var labels = LearnerSuite.Table(learner.Task, 120);
        var table = Tables.Of(
            [Tables.Number("a"), Tables.Text("b"), labels.Schema.Fields[3]],
            labels.RowCount,
            row => [4.0, "always", Cell(labels.Columns[3], row)]);

        // Where all rows are alike there is no more than one cluster; the centres that are left over lie on it.
        var scores = LearnerSuite.Scores(LearnerSuite.Train(learner, table), table);

        Assert.All(scores, score => Assert.True(double.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Train_OnOneClassOnly_Fails83(string name)
    {
        var learner = LearnerSuite.Create(name);
        if (learner.Task is not (ModelTask.Binary or ModelTask.Multiclass or ModelTask.Ordinal))
        {
            return;
        }

        var many = LearnerSuite.Table(learner.Task, 60);
        var first = Cell(many.Columns[3], 0);
        int[] rows = [.. Enumerable.Range(0, 60).Where(row => Equals(Cell(many.Columns[3], row), first))];

        var failure = Assert.Throws<ModuleException>(() => LearnerSuite.Train(learner, many.Take(rows)));

        Assert.Equal(83, failure.Number);
        Assert.Contains("'y'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Score_OfAnUnknownCategory_GivesAScore(string name)
    {
        var learner = LearnerSuite.Create(name);
        var table = LearnerSuite.Table(learner.Task, 200);
        var other = Tables.Of([.. table.Schema.Fields[..3]], 2, row => [0.5, 5.0, row == 0 ? "never seen" : "c1"]);

        Assert.All(LearnerSuite.Scores(LearnerSuite.Train(learner, table), other), score => Assert.True(double.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Train_OnAColumnOfOnlyMissingValues_WorksForTreesAndFails130ForOthers(string name)
    {
        var learner = LearnerSuite.Create(name);
        var table = LearnerSuite.Table(learner.Task, 120, _ => null);
        if (LearnerSuite.IsOfTrees(name) || name == "One-vs-All Multiclass")
        {
            Assert.DoesNotContain(LearnerSuite.Scores(LearnerSuite.Train(learner, table), table), double.IsNaN);
            return;
        }

        Assert.Equal(130, Assert.Throws<ModuleException>(() => LearnerSuite.Train(learner, table)).Number);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Train_OnAnInfiniteNumber_WorksForTreesAndFails33ForOthers(string name)
    {
        var learner = LearnerSuite.Create(name);
        var table = LearnerSuite.Table(learner.Task, 120, row => row == 7 ? double.PositiveInfinity : row);
        if (LearnerSuite.IsOfTrees(name) || name == "One-vs-All Multiclass")
        {
            Assert.DoesNotContain(LearnerSuite.Scores(LearnerSuite.Train(learner, table), table), double.IsNaN);
            return;
        }

        var failure = Assert.Throws<ModuleException>(() => LearnerSuite.Train(learner, table));
        Assert.Equal(33, failure.Number);
        Assert.Contains("'a'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Score_OfAMissingNumber_GivesAScoreOnlyForTrees(string name)
    {
        var learner = LearnerSuite.Create(name);
        var table = LearnerSuite.Table(learner.Task, 200, row => row % 9 == 0 ? null : row / 200.0);
        var other = Tables.Of([.. table.Schema.Fields[..3]], 2, row => [row == 0 ? double.NaN : 0.5, 5.0, "c1"]);
        var model = LearnerSuite.Train(learner, table);

        var scores = LearnerSuite.Scores(model, other).Chunk(2).ToArray();

        var hasScore = LearnerSuite.IsOfTrees(name) || name == "One-vs-All Multiclass";
        Assert.All(scores, score => Assert.Equal(!hasScore, double.IsNaN(score[0])));
        Assert.All(scores, score => Assert.True(double.IsFinite(score[1])));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Train_OnTenThousandColumns_WorksOrSaysThatTheyAreTooMany(string name)
    {
        var learner = LearnerSuite.Create(name, ("Number of hidden nodes", "2"), ("Optimization tolerance", "0.01"));
        var random = new Random(3);
        var labels = LearnerSuite.Table(learner.Task, 30);
        TableField[] fields = [.. Enumerable.Range(0, 10_000).Select(column => Tables.Number($"x{column}")), labels.Schema.Fields[3]];
        var table = Tables.Of(fields, 30, row => [.. Enumerable.Range(0, 10_000).Select(_ => (object?)random.NextDouble()), Cell(labels.Columns[3], row)]);
        if (name == "Bayesian Linear Regression")
        {
            Assert.Equal(129, Assert.Throws<ModuleException>(() => LearnerSuite.Train(learner, table)).Number);
            return;
        }

        Assert.All(LearnerSuite.Scores(LearnerSuite.Train(learner, table), table), score => Assert.True(double.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Train_OnNoRows_Fails21(string name)
    {
        var learner = LearnerSuite.Create(name);

        var failure = Assert.Throws<ModuleException>(() => LearnerSuite.Train(learner, LearnerSuite.Table(learner.Task, 0)));

        Assert.Contains(failure.Number, new[] { 21, 83 });
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Bind_WithAScoreColumnsNameTaken_Fails28(string name)
    {
        var learner = LearnerSuite.Create(name);
        var model = LearnerSuite.Train(learner, LearnerSuite.Table(learner.Task, 100));
        var taken = ScoreNames.Fields(model.Description).First().Name;
        var schema = new TableSchema([.. model.Features.Fields, Tables.Number(taken)]);

        Assert.Equal(28, Assert.Throws<ModuleException>(() => model.Bind(schema, true)).Number);
    }

    private static object? Cell(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        DoubleColumn doubles => doubles.Values[row],
        Int64Column integers => (int)integers.Values[row],
        BooleanColumn booleans => booleans.Values[row],
        StringColumn texts => texts.Text(row),
        _ => throw new ArgumentException("No cell of this kind is in these tests."),
    };
}
