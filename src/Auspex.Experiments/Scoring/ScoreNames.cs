using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Studio's names of score columns and of the tasks that they belong to.</summary>
public static class ScoreNames
{
    /// <summary>The predicted label, or the predicted number.</summary>
    public const string ScoredLabels = "Scored Labels";

    /// <summary>The probability of the positive class.</summary>
    public const string ScoredProbabilities = "Scored Probabilities";

    /// <summary>Task name of two-class scores.</summary>
    public const string BinaryTask = "Binary Classification Scores";

    /// <summary>Task name of multiclass scores.</summary>
    public const string MulticlassTask = "Multiclass Classification Scores";

    /// <summary>Task name of regression scores.</summary>
    public const string RegressionTask = "Regression Scores";

    /// <summary>The column that holds the probability of one class of several.</summary>
    public static string ProbabilityOf(string label) => $"Scored Probabilities for Class \"{label}\"";

    /// <summary>The name that score columns of a task carry.</summary>
    public static string TaskName(ModelTask task) => task switch
    {
        ModelTask.Binary => BinaryTask,
        ModelTask.Multiclass => MulticlassTask,
        _ => RegressionTask,
    };

    /// <summary>The columns that a model of this description adds, in order.</summary>
    internal static IEnumerable<TableField> Fields(ModelDescription description)
    {
        var task = TaskName(description.Task);
        if (description.Task == ModelTask.Regression)
        {
            yield return Field(ScoredLabels, ColumnType.Double);
            yield break;
        }

        var labels = Field(ScoredLabels, description.Label.Type) with { Categories = description.Label.Categories };
        if (description.Task == ModelTask.Binary)
        {
            yield return labels;
            yield return Field(ScoredProbabilities, ColumnType.Double);
            yield break;
        }

        foreach (var label in description.Classes)
        {
            yield return Field(ProbabilityOf(label), ColumnType.Double);
        }

        yield return labels;

        TableField Field(string name, ColumnType type) =>
            new() { Name = name, Type = type, Score = new ScoreKind(task, name) };
    }
}
