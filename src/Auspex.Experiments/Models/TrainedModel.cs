using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

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
}

/// <summary>A trained model: what an <c>.ilearner</c> file holds. Immutable and thread-safe.</summary>
public abstract class TrainedModel
{
    private protected TrainedModel(ModelDescription description)
    {
        Description = description;
        Layout = new FeatureLayout(description.Features, description.AllowsUnknownLevels);
    }

    /// <summary>Learner, columns, classes and how it was trained.</summary>
    public ModelDescription Description { get; private set; }

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
    public IRowTransform Bind(TableSchema input, bool appendScores) =>
        new ModelTransform(Description, input, appendScores, CreateScorer(BoundFeature.Bind(Layout, input)), ClusterLabels);

    /// <summary>What becomes of the label column by clusters; null where it is left alone.</summary>
    internal virtual ClusterLabels? ClusterLabels => null;

    /// <summary>The same model, which also says what it was trained on.</summary>
    /// <param name="hash">The training table's hash.</param>
    internal TrainedModel WithTrainingData(string hash)
    {
        var copy = (TrainedModel)MemberwiseClone();
        copy.Description = Description with { TrainingData = hash };
        return copy;
    }

    /// <summary>Makes the part that computes raw scores from columns.</summary>
    internal abstract IScorer CreateScorer(BoundFeature[] features);
}
