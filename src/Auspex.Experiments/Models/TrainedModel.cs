using Auspex.Connectors.Tables;

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
}

/// <summary>A trained model: what an <c>.ilearner</c> file holds.</summary>
public abstract class TrainedModel
{
    /// <summary>The learner's module name.</summary>
    public abstract string Learner { get; }

    /// <summary>What it predicts.</summary>
    public abstract ModelTask Task { get; }

    /// <summary>The label column's field at training.</summary>
    public abstract TableField Label { get; }

    /// <summary>The columns it needs, as they were at training, categories included.</summary>
    public abstract TableSchema Features { get; }

    /// <summary>Binds the model to a schema.</summary>
    /// <param name="input">Must have every feature column by name; extra columns and the label are allowed.</param>
    /// <param name="appendScores">True: all input columns, then score columns. False: score columns, and the label when present.</param>
    /// <exception cref="Modules.ModuleException">A column is missing (1) or of another type (17).</exception>
    public abstract IRowTransform Bind(TableSchema input, bool appendScores);
}
