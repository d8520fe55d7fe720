using Auspex.Experiments.Models;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Why there is no report of drift.</summary>
internal static class DriftTexts
{
    /// <param name="model">The model that scores; null where no single one does.</param>
    public static string Unknown(TrainedModel? model) => model is null
        ? "No report of drift: no single model scores the rows."
        : $"No report of drift: '{model.Learner}' as it is here does not know how the rows of its training were spread. It was imported, trained by an earlier version, or predicts neither classes nor a single number. Train it again with this version for a report.";

    /// <summary>Of a graph none of whose modules scores with a saved model.</summary>
    public const string NothingScores = "No report of drift: no module scores rows with a model that was there before the job.";
}
