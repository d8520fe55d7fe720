using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models;

/// <summary>What a trained model says about itself; stands in the header of its file.</summary>
public sealed record ModelDescription
{
    /// <summary>The learner's module name.</summary>
    public required string Learner { get; init; }

    /// <summary>What the model predicts.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The label column's field at training; of an empty name where there was none, as anomaly and clustering models allow.</summary>
    public required TableField Label { get; init; }

    /// <summary>
    /// The columns the model needs, in the order of its weights. Text and categorical columns carry the levels that were
    /// seen at training, in ordinal order or the order of their domain.
    /// </summary>
    public required TableSchema Features { get; init; }

    /// <summary>
    /// The label's values in ordinal order (numbers ascending), as invariant text: two for a binary model, of which the
    /// second is the positive one; none for regression.
    /// </summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>Whether a predicted number comes as mean and standard deviation.</summary>
    public bool GivesDeviation { get; init; }

    /// <summary>The quantiles that a quantile model predicts, ascending and between 0 and 1; none for others.</summary>
    public ImmutableArray<double> Quantiles { get; init; } = [];

    /// <summary>The clusters of a clustering model; 0 for others.</summary>
    public int Clusters { get; init; }

    /// <summary>Whether a level that training has not seen is scored through a slot of its own; if not, the row gets no score.</summary>
    public bool AllowsUnknownLevels { get; init; } = true;

    /// <summary>The learner's parameters by name, as text.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Rows the model was fitted on.</summary>
    public long TrainedRows { get; init; }

    /// <summary>Rows left out of training: without a label, or with a missing number where the learner cannot cope.</summary>
    public long SkippedRows { get; init; }

    /// <summary>
    /// What the columns held at training; null for models of files of version 1 and for models that were not trained here.
    /// </summary>
    public TrainingProfile? Profile { get; init; }

    /// <summary>
    /// SHA-256 of the table that Train Model got, as 64 hexadecimal digits: equal tables have equal ones. Null for models that came
    /// about otherwise.
    /// </summary>
    public string? TrainingData { get; init; }

    /// <summary>
    /// How columns and scores were spread at training; null for files of earlier versions and for models that were not trained here.
    /// </summary>
    public TrainingDistribution? Distribution { get; init; }

    /// <summary>Product and version that trained the model.</summary>
    public string CreatedBy { get; init; } = Product;

    /// <summary>The label of models that have none.</summary>
    public static TableField NoLabel { get; } = new() { Name = "", Type = ColumnType.Double, Role = ColumnRole.Label };

    private static string Product { get; } =
        $"Auspex {typeof(ModelDescription).Assembly.GetName().Version?.ToString(3) ?? "0"}";
}
