using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Explanations;

namespace Auspex.Experiments.Models;

/// <summary>The task a model was trained for.</summary>
public enum ModelTask
{
    /// <summary>Two classes.</summary>
    Binary,

    /// <summary>More classes than two.</summary>
    Multiclass,

    /// <summary>A number.</summary>
    Regression,

    /// <summary>One of several ranks.</summary>
    Ordinal,

    /// <summary>Quantiles of a number.</summary>
    Quantile,

    /// <summary>Whether a row is unlike those of training.</summary>
    Anomaly,

    /// <summary>The cluster that a row belongs to.</summary>
    Clustering,

    /// <summary>What a user thinks of an item.</summary>
    Recommendation,
}

/// <summary>A trained model: what an <c>.ilearner</c> file holds. Immutable and thread-safe.</summary>
public abstract class TrainedModel
{
    /// <summary>The most reasons that a row can get.</summary>
    public const int MostReasons = 100;

    private protected TrainedModel(ModelDescription description)
    {
        Description = description;
        Layout = new FeatureLayout(description.Features, description.AllowsUnknownLevels);
    }

    /// <summary>Learner, columns, classes and how it was trained.</summary>
    public ModelDescription Description { get; private set; }

    /// <summary>How many reasons <see cref="Bind"/> adds to each row; 0 for none.</summary>
    public int ReasonCount { get; private set; }

    /// <summary>The learner's module name.</summary>
    public string Learner => Description.Learner;

    /// <summary>What it predicts.</summary>
    public ModelTask Task => Description.Task;

    /// <summary>The label column's field at training.</summary>
    public TableField Label => Description.Label;

    /// <summary>Whether it was trained on a label.</summary>
    internal bool HasLabel => Label.Name.Length > 0;

    /// <summary>The columns it needs, as they were at training, categories included.</summary>
    public TableSchema Features => Description.Features;

    /// <summary>Where each column stands among the model's slots.</summary>
    internal FeatureLayout Layout { get; }

    /// <summary>Binds the model to a schema.</summary>
    /// <param name="input">Must have every feature column by name; extra columns and the label are allowed.</param>
    /// <param name="appendScores">True: all input columns, then score columns. False: score columns, and the label when present.</param>
    /// <returns>A row transform whose output marks the label and the score columns, as Evaluate Model wants them.</returns>
    /// <exception cref="Modules.ModuleException">
    /// A column is missing (1), of another type (17), or an input column that is no score bears a score column's name (28).
    /// </exception>
    public IRowTransform Bind(TableSchema input, bool appendScores)
    {
        var features = BoundFeature.Bind(Layout, input);
        ImmutableArray<TableField> reasons = [.. ReasonTransform.Fields(ScoreNames.TaskName(Task), ReasonCount)];
        var scoring = new ModelTransform(Description, input, appendScores, CreateScorer(features), reasons, ClusterLabels);
        return ReasonCount == 0 ? scoring : Explain(scoring, features, ReasonCount);
    }

    /// <summary>What becomes of the label column by clusters; null where it is left alone.</summary>
    internal virtual ClusterLabels? ClusterLabels => null;

    /// <summary>
    /// The same model, which also tells for each row the columns that moved its score most: behind the scores come <c>Reason 1</c>, the
    /// column's name, <c>Reason 1 Contribution</c>, its exact Shapley value before the link (log-odds for two classes of boosted trees, the probability
    /// of a forest; for several classes those of the predicted one), and so on, the greatest first; missing values where nothing else moved it, or where there is no score.
    /// </summary>
    /// <param name="count">Reasons per row, 0 to 100.</param>
    /// <exception cref="Modules.ModuleException">
    /// 13: no model of trees that add up, or one whose file does not say how many rows came to its leaves.
    /// </exception>
    public TrainedModel WithReasons(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostReasons);
        if (count > 0)
        {
            DemandExplainable();
        }

        var copy = (TrainedModel)MemberwiseClone();
        copy.ReasonCount = count;
        return copy;
    }

    /// <summary>
    /// The same model, whose reasons measure against these rows: they are counted at the leaves of its trees, in place of the training rows.
    /// For models whose file does not have such counts, as those of ONNX. Scores stay as they are.
    /// </summary>
    /// <param name="rows">Rows such as the model was trained on, with all of its columns.</param>
    /// <exception cref="Modules.ModuleException">
    /// 13: no sums of trees. 3: no rows. 1, 17: a column is missing or of another type.
    /// </exception>
    public virtual TrainedModel WithBackground(TableBatch rows) => throw new Modules.ModuleException(
        13, $"A model of '{Learner}' takes no background rows; expected a model of trees that was imported.");

    /// <summary>Throws where the model cannot tell reasons.</summary>
    private protected virtual void DemandExplainable() => throw NoReasons(
        "expected a model of trees, such as one of Two-Class Boosted Decision Tree or Decision Forest Regression.");

    /// <summary>The exception of a model that cannot tell reasons.</summary>
    /// <param name="why">Why, or what is expected.</param>
    private protected Modules.ModuleException NoReasons(string why) => new(13, $"A model of '{Learner}' gives no reasons for its scores; {why}");

    /// <summary>Adds reasons to scores.</summary>
    private protected virtual IRowTransform Explain(IRowTransform scoring, BoundFeature[] features, int reasons) =>
        throw new System.Diagnostics.UnreachableException("A model that gives no reasons was asked for some.");

    /// <summary>The exception of trees that do not say how many rows came to their leaves.</summary>
    private protected Modules.ModuleException NoCovers() => new(
        13,
        $"The model of '{Learner}' gives no reasons for its scores, since its file does not say how many training rows came to each leaf. "
        + "Train it again with this version, or import it again with rows to count: auspex import MODEL --background ROWS.");

    /// <summary>The same model, which also says what it was trained on.</summary>
    /// <param name="table">The training table.</param>
    /// <param name="hash">The table's hash; null where nobody asked for it.</param>
    internal TrainedModel WithTrainingData(TableBatch table, string? hash)
    {
        var copy = (TrainedModel)MemberwiseClone();
        copy.Description = Description with { TrainingData = hash, Distribution = Training.DistributionSample.Take(this, table) };
        return copy;
    }

    /// <summary>Makes the part that computes raw scores from columns.</summary>
    internal abstract IScorer CreateScorer(BoundFeature[] features);
}
