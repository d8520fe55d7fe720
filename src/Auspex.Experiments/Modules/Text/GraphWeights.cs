namespace Auspex.Experiments.Modules.Text;

/// <summary>Weights of n-grams by the company they keep in a text: TextRank (Mihalcea and Tarau 2004).</summary>
internal static class GraphWeights
{
    private const int Window = 2;
    private const int Rounds = 30;
    private const double Damping = 0.85;

    public static Dictionary<string, double> Of(IReadOnlyList<string> grams)
    {
        var neighbours = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        for (var i = 0; i < grams.Count; i++)
        {
            Neighbours(grams[i]);
            for (var j = i + 1; j < grams.Count && j <= i + Window; j++)
            {
                if (grams[i] != grams[j])
                {
                    Neighbours(grams[i]).Add(grams[j]);
                    Neighbours(grams[j]).Add(grams[i]);
                }
            }
        }

        var ranks = neighbours.Keys.ToDictionary(gram => gram, _ => 1.0, StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            ranks = neighbours.ToDictionary(
                entry => entry.Key,
                entry => 1 - Damping + (Damping * entry.Value.Sum(other => ranks[other] / neighbours[other].Count)),
                StringComparer.Ordinal);
        }

        return ranks;

        HashSet<string> Neighbours(string gram)
        {
            if (!neighbours.TryGetValue(gram, out var set))
            {
                neighbours.Add(gram, set = new HashSet<string>(StringComparer.Ordinal));
            }

            return set;
        }
    }
}
