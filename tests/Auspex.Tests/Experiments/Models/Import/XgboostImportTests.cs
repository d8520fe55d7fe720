using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Tests.Experiments.Models.Import;

public sealed class XgboostImportTests
{
    /// <summary>Age below 30.5 (missing goes left), then colour 1 or 3 right (missing goes right); a pruned node; a single leaf.</summary>
    internal const string Hand = """
        {"learner": {
          "feature_names": ["age", "colour"], "feature_types": ["float", "c"],
          "gradient_booster": {"model": {
            "gbtree_model_param": {"num_parallel_tree": "1", "num_trees": "2"},
            "tree_info": [0, 0],
            "trees": [
              {"categories": [3, 1], "categories_nodes": [2], "categories_segments": [0], "categories_sizes": [2],
               "default_left": [1, 0, 0, 0, 0, 0], "left_children": [1, -1, 3, -1, -1, -1], "right_children": [2, -1, 4, -1, -1, -1],
               "split_conditions": [30.5, 0.25, NaN, -1.5, 2, 99], "split_indices": [0, 0, 1, 0, 0, 0], "split_type": [0, 0, 1, 0, 0, 0],
               "tree_param": {"num_nodes": "6", "size_leaf_vector": "0"}},
              {"categories": [], "categories_nodes": [], "categories_segments": [], "categories_sizes": [],
               "default_left": [false], "left_children": [-1], "right_children": [-1], "split_conditions": [0.125],
               "split_indices": [0], "tree_param": {"num_nodes": "1", "size_leaf_vector": "1"}}]}, "name": "gbtree"},
          "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "2", "num_target": "1"},
          "objective": {"name": "binary:logistic"}}, "version": [1, 7, 4]}
        """;

    [Fact]
    public void Read_OfAModelByHand_GivesItsProbabilities()
    {
        var imported = ImportedModels.Read(Hand);

        double[][] rows =
        [
            [30.4, 1], [30.5, 1], [40, 3], [40, 2], [40, 3.5], [double.NaN, 1], [40, double.NaN],
        ];
        double[] sums = [0.375, 2.125, 2.125, -1.375, -1.375, 0.375, 2.125];
        Assert.Equal("XGBoost JSON, version 1.7.4", imported.Format);
        Assert.Equal((2, 4), (imported.Trees, imported.Leaves));
        Assert.Equal(ModelTask.Binary, imported.Model.Task);
        Assert.Equal(sums.Select(sum => 1 / (1 + Math.Exp(-sum))), ImportedModels.Score(ImportedModels.Saved(imported.Model), rows)[0]);
    }

    [Theory]
    [InlineData("binary:logistic", "binary:hinge", "objective 'binary:hinge'")]
    [InlineData("binary:logistic", "multi:softprob", "0 classes|1 classes")]
    [InlineData("\"name\": \"gbtree\"", "\"name\": \"gblinear\"", "'gblinear'")]
    [InlineData("[1, -1, 3, -1, -1, -1]", "[1, -1, 0, -1, -1, -1]", "two parents")]
    [InlineData("[1, -1, 3, -1, -1, -1]", "[1, -1, 3, -1, -1]", "different lengths")]
    [InlineData("\"split_indices\": [0, 0, 1, 0, 0, 0]", "\"split_indices\": [0, 0, 2, 0, 0, 0]", "feature 2")]
    [InlineData("[30.5, 0.25, NaN", "[30.5, NaN, NaN", "number")]
    [InlineData("[30.5, 0.25, NaN", "[1e99, 0.25, NaN", "not finite")]
    [InlineData("\"categories_sizes\": [2]", "\"categories_sizes\": [9]", "categories")]
    [InlineData("\"size_leaf_vector\": \"1\"", "\"size_leaf_vector\": \"3\"", "multi_output_tree")]
    [InlineData("\"num_target\": \"1\"", "\"num_target\": \"2\"", "several numbers")]
    [InlineData("\"tree_info\": [0, 0]", "\"tree_info\": [0]", "1 classes of trees")]
    [InlineData("\"num_feature\": \"2\"", "\"num_feature\": \"900000000\"", "2 feature names")]
    [InlineData("\"trees\"", "\"wood\"", "no model in XGBoost's JSON")]
    [InlineData("\"base_score\": \"5E-1\"", "\"base_score\": \"2\"", "base score 2")]
    public void Read_OfWhatCannotBe_SaysWhat(string found, string instead, string expected)
    {
        var text = Hand.Replace(found, instead, StringComparison.Ordinal);
        Assert.NotEqual(Hand, text);

        var message = Assert.Throws<ModelImportException>(() => ImportedModels.Read(text)).Message;

        Assert.True(expected.Split('|').Any(part => message.Contains(part, StringComparison.Ordinal)), message);
    }
}
