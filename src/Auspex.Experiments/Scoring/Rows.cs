namespace Auspex.Experiments.Scoring;

/// <summary>Rows of scores.</summary>
internal static class Rows
{
    /// <summary>Takes the scores from a row.</summary>
    public static void Clear(double[][] scores, int row)
    {
        foreach (var score in scores)
        {
            score[row] = double.NaN;
        }
    }
}
