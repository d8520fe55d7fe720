using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>Takes the scores from rows with a level that training has not seen, for models that do not allow such.</summary>
internal static class UnknownLevels
{
    private const int ChunkRows = 1024;

    public static void Drop(BoundFeature[] features, TableBatch batch, double[][] scores)
    {
        var codes = new int[Math.Min(ChunkRows, Math.Max(1, batch.RowCount))];
        foreach (var feature in features.Where(feature => feature.IsLevels))
        {
            for (var start = 0; start < batch.RowCount; start += codes.Length)
            {
                var chunk = codes.AsSpan(0, Math.Min(codes.Length, batch.RowCount - start));
                feature.ReadCodes(batch, start, chunk);
                for (var i = 0; i < chunk.Length; i++)
                {
                    if (chunk[i] == BoundFeature.UnknownCode)
                    {
                        foreach (var score in scores)
                        {
                            score[start + i] = double.NaN;
                        }
                    }
                }
            }
        }
    }
}
