using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Tests.Experiments.Models.Import;

public sealed class LightGbmImportTests
{
    // Two trees: age at most 30.5 (missing goes right), then colour 1 or 2; and a single leaf.
    private const string Hand = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=2
        objective=binary sigmoid:0.5
        feature_names=age colour unused
        feature_infos=[18:90] 0:1:2:-1 none
        tree_sizes=300 100

        Tree=0
        num_leaves=3
        num_cat=1
        split_feature=0 1
        split_gain=1 1
        threshold=30.5 0
        decision_type=8 1
        left_child=-1 -2
        right_child=1 -3
        leaf_value=0.25 -1.5 2
        leaf_count=1 1 1
        cat_boundaries=0 1
        cat_threshold=6
        is_linear=0
        shrinkage=0.1


        Tree=1
        num_leaves=1
        num_cat=0
        split_feature=
        threshold=
        decision_type=
        left_child=
        right_child=
        leaf_value=0.125
        shrinkage=0.1


        end of trees

        pandas_categorical:null

        """;

    [Fact]
    public void Read_OfAModelByHand_GivesItsProbabilities()
    {
        var imported = ImportedModels.Read(Hand);

        var model = Assert.IsType<TreeModel>(imported.Model);
        Assert.Equal("LightGBM text, version v4", imported.Format);
        Assert.Equal((2, 4), (imported.Trees, imported.Leaves));
        Assert.Equal(ModelTask.Binary, model.Task);
        Assert.Equal(["0", "1"], model.Description.Classes);
        Assert.Equal(["age", "colour", "unused"], model.Features.Fields.Select(field => field.Name));
        Assert.Equal(["0", "1", "2"], model.Features.Fields[1].Categories!.Levels);
        Assert.Null(model.Features.Fields[2].Categories);

        double[][] rows =
        [
            [30.5, 0, 0], [Math.BitIncrement(30.5), 1, 0], [40, 2, 0], [40, 0, 0], [double.NaN, 1, 0], [40, 7, 0], [40, double.NaN, 0],
        ];
        double[] sums = [0.375, -1.375, -1.375, 2.125, -1.375, 2.125, 2.125];
        Assert.Equal(sums.Select(sum => 1 / (1 + Math.Exp(-0.5 * sum))), ImportedModels.Score(model, rows)[0]);
    }

    [Fact]
    public void Read_OfCategoriesFromPandas_TakesTheirTexts()
    {
        var model = ImportedModels.Read(Hand.Replace("pandas_categorical:null", "pandas_categorical:[[\"red\", \"blue\", \"größer\"]]", StringComparison.Ordinal)).Model;

        Assert.Equal(["red", "blue", "größer"], model.Features.Fields[1].Categories!.Levels);
        var table = Tables.Of(
            [Tables.Number("age"), Tables.Text("colour"), Tables.Number("unused")],
            4,
            row => [40.0, row switch { 0 => "blue", 1 => "red", 2 => "mauve", _ => null }, null]);
        double[] sums = [-1.375, 2.125, 2.125, 2.125];
        Assert.Equal(sums.Select(sum => 1 / (1 + Math.Exp(-0.5 * sum))), ImportedModels.Score(model, table)[0]);
    }

    [Fact]
    public void Read_OfCategoriesThatFitNoColumn_SaysThatCodesAreWanted()
    {
        var imported = ImportedModels.Read(Hand.Replace("pandas_categorical:null", "pandas_categorical:[[\"a\"],[\"b\"]]", StringComparison.Ordinal));

        Assert.Contains("2 columns", Assert.Single(imported.Notes), StringComparison.Ordinal);
        Assert.Equal(["0", "1", "2"], imported.Model.Features.Fields[1].Categories!.Levels);
    }

    [Fact]
    public void Read_WithNames_GivesThem()
    {
        var model = ImportedModels.Read(Hand, new ModelImportOptions { FileName = "m", Label = "bought", Features = ["a", "b", "c"] }).Model;

        Assert.Equal("bought", model.Label.Name);
        Assert.Equal(["a", "b", "c"], model.Features.Fields.Select(field => field.Name));
    }

    [Theory]
    [InlineData("binary sigmoid:1.3", 1)]
    [InlineData("regression", 1)]
    [InlineData("poisson", 1)]
    [InlineData("regression sqrt", 1)]
    [InlineData("cross_entropy", 1)]
    [InlineData("multiclass num_class:3", 3)]
    [InlineData("multiclassova num_class:4 sigmoid:0.8", 4)]
    public void Read_OfRandomModels_ScoresTheBitsOfTheDefinition(string objective, int sums)
    {
        for (var seed = 1; seed <= 25; seed++)
        {
            var random = new Random(seed);
            var sample = LightGbmSample.Create(random, objective, sums, random.Next(1, 25), 1 + random.Next(60), random.Next(4) == 0);
            var model = ImportedModels.Saved(ImportedModels.Read(sample.ToText()).Model);
            foreach (var count in new[] { 1, 7, 300 })
            {
                var rows = Enumerable.Range(0, count).Select(_ => LightGbmSample.RandomRow(random)).ToArray();
                var scores = ImportedModels.Score(model, rows);
                for (var row = 0; row < count; row++)
                {
                    var expected = Link(objective, sample.Sum(rows[row]));
                    for (var sum = 0; sum < sums; sum++)
                    {
                        Assert.True(
                            expected[sum].Equals(scores[sum][row]),
                            $"{objective}, seed {seed}, {count} rows, row {row}, output {sum}: expected {expected[sum]:R}, found {scores[sum][row]:R}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Read_OfNoTrees_ScoresZero()
    {
        var sample = new LightGbmSample { Objective = "regression", Trees = [] };

        var imported = ImportedModels.Read(sample.ToText());

        Assert.Equal(0, imported.Trees);
        Assert.Equal([0, 0], ImportedModels.Score(imported.Model, [LightGbmSample.RandomRow(new Random(1)), LightGbmSample.RandomRow(new Random(2))])[0]);
    }

    [Theory]
    [InlineData(10_000, 3)]
    [InlineData(3, 1000)]
    public void Read_OfManyTreesOrLeaves_ScoresTheBitsOfTheDefinition(int trees, int leaves)
    {
        var random = new Random(trees);
        AssertScores(LightGbmSample.Create(random, "regression", 1, trees, leaves), random);
    }

    [Fact]
    public void Read_OfEveryNumberOfLeaves_ScoresTheBitsOfTheDefinition()
    {
        var random = new Random(3);
        for (var leaves = 1; leaves <= 40; leaves++)
        {
            AssertScores(LightGbmSample.Create(random, "regression", 1, 2, leaves), random);
        }
    }

    [Fact]
    public void Read_OfAChainOfAThousand_ScoresTheBitsOfTheDefinition() =>
        AssertScores(new LightGbmSample { Objective = "regression", Trees = [LightGbmSample.Chain(1000)] }, new Random(1));

    [Theory]
    [InlineData("version=v4", "version=v9", "version 'v9'")]
    [InlineData("objective=binary sigmoid:0.5", "objective=mystery", "objective 'mystery'")]
    [InlineData("objective=binary sigmoid:0.5", "objective=binary sigmoid:-1", "sigmoid:-1")]
    [InlineData("objective=binary sigmoid:0.5", "objective=multiclass num_class:3", "one per class")]
    [InlineData("num_tree_per_iteration=1", "num_tree_per_iteration=2", "2 trees per iteration")]
    [InlineData("is_linear=0", "is_linear=1", "linear_tree=false")]
    [InlineData("left_child=-1 -2", "left_child=0 -2", "two parents")]
    [InlineData("left_child=-1 -2", "left_child=-1 -1", "two parents")]
    [InlineData("right_child=1 -3", "right_child=5 -3", "a child is node 5")]
    [InlineData("right_child=1 -3", "right_child=1", "right_child has 1 elements")]
    [InlineData("split_feature=0 1", "split_feature=0 3", "feature 3 of 3")]
    [InlineData("split_feature=0 1", "split_feature=1 1", "compared as a number and asked for categories")]
    [InlineData("threshold=30.5 0", "threshold=30.5 2", "bit set 2")]
    [InlineData("threshold=30.5 0", "threshold=thirty 0", "'thirty'")]
    [InlineData("threshold=30.5 0", "threshold=nan 0", "NaN")]
    [InlineData("decision_type=8 1", "decision_type=12 1", "decision type 12")]
    [InlineData("cat_boundaries=0 1", "cat_boundaries=0 2", "cat_boundaries end at 2")]
    [InlineData("leaf_value=0.25 -1.5 2", "leaf_value=0.25 -1.5", "2 leaf values")]
    [InlineData("leaf_value=0.25 -1.5 2", "leaf_value=0.25 -1.5 inf", "not a finite number")]
    [InlineData("Tree=1", "Tree=2", "expected tree 1")]
    [InlineData("end of trees", "", "truncated")]
    [InlineData("max_feature_idx=2", "max_feature_idx=3", "3 feature names")]
    [InlineData("feature_names=age colour unused", "feature_names=age age unused", "'age'")]
    [InlineData("feature_names=age colour unused", "feature_names=age colour label", "cannot be the label too")]
    [InlineData("feature_infos=[18:90] 0:1:2:-1 none", "feature_infos=[18:90] 0:x none", "feature_infos")]
    [InlineData("pandas_categorical:null", "pandas_categorical:[[", "pandas_categorical")]
    public void Read_OfWhatCannotBe_SaysWhat(string found, string instead, string expected)
    {
        var exception = Assert.Throws<ModelImportException>(() => ImportedModels.Read(Hand.Replace(found, instead, StringComparison.Ordinal)));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains("model", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfWindowsLines_IsTheSame() => Assert.Equal(
        ((TreeModel)ImportedModels.Read(Hand).Model).Trees.Arrays.Thresholds,
        ((TreeModel)ImportedModels.Read(Hand.ReplaceLineEndings("\r\n")).Model).Trees.Arrays.Thresholds);

    [Fact]
    public void Read_OfMoreClassesThanMemory_IsRefused() => Assert.Throws<ModelImportException>(() => ImportedModels.Read(
        new LightGbmSample { Objective = "multiclass num_class:2147483647", Sums = int.MaxValue, Trees = [] }.ToText()));

    [Fact]
    public void Read_OfASetAsLargeAsAFile_IsRefused()
    {
        var words = string.Join(' ', Enumerable.Repeat("4294967295", 50_000));
        var text = Hand.Replace("cat_boundaries=0 1", "cat_boundaries=0 50000", StringComparison.Ordinal)
            .Replace("cat_threshold=6", "cat_threshold=" + words, StringComparison.Ordinal);

        Assert.Contains("categories", Assert.Throws<ModelImportException>(() => ImportedModels.Read(text)).Message, StringComparison.Ordinal);
    }

    private static void AssertScores(LightGbmSample sample, Random random)
    {
        var model = ImportedModels.Read(sample.ToText()).Model;
        var rows = Enumerable.Range(0, 150).Select(_ => LightGbmSample.RandomRow(random)).ToArray();

        Assert.Equal(rows.Select(row => sample.Sum(row)[0]), ImportedModels.Score(model, rows)[0]);
    }

    private static double[] Link(string objective, double[] sums)
    {
        switch (objective.Split(' ')[0])
        {
            case "binary" or "multiclassova":
                var slope = double.Parse(objective[(objective.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
                return [.. sums.Select(sum => 1 / (1 + Math.Exp(-slope * sum)))];
            case "cross_entropy":
                return [1 / (1 + Math.Exp(-sums[0]))];
            case "poisson":
                return [Math.Exp(sums[0])];
            case "multiclass":
                var greatest = sums.Max();
                double[] powers = [.. sums.Select(sum => Math.Exp(sum - greatest))];
                var total = powers.Aggregate(0.0, (left, right) => left + right);
                return [.. powers.Select(power => power / total)];
            default:
                return objective.Contains("sqrt", StringComparison.Ordinal) ? [sums[0] * Math.Abs(sums[0])] : sums;
        }
    }
}
