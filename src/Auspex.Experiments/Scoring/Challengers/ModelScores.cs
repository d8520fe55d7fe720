using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>A model's scores of some rows; an array is empty where the model gives none of its kind.</summary>
internal sealed record ModelScores(int[] Classes, double[] Numbers)
{
    public static ModelScores Of(ScoreReading reading, TableBatch scored) => new(reading.Classes(scored), reading.Numbers(scored));

    public (int Class, double Number) At(int row) =>
        (Classes.Length == 0 ? BoundFeature.MissingCode : Classes[row], Numbers.Length == 0 ? double.NaN : Numbers[row]);

    /// <summary>Adds how good the scores are.</summary>
    public void Measure(TrueLabels truth, RunningMetrics metrics)
    {
        for (var row = 0; row < truth.Classes.Length; row++)
        {
            var (predicted, probability) = At(row);
            metrics.AddClass(truth.Classes[row], predicted, probability);
        }

        for (var row = 0; row < truth.Numbers.Length; row++)
        {
            metrics.AddNumber(truth.Numbers[row], At(row).Number);
        }
    }
}

/// <summary>The labels of the same rows; both arrays are empty where the table has none.</summary>
internal sealed record TrueLabels(int[] Classes, double[] Numbers)
{
    public static TrueLabels Of(ScoreReading reading, TableBatch scored) => new(reading.TrueClasses(scored), reading.TrueNumbers(scored));
}
