using Auspex.Experiments.Execution;
using MathNet.Numerics;

namespace Auspex.Experiments.Modules.Text;

/// <summary>How topics are learned.</summary>
internal sealed record TopicOptions
{
    public required int Topics { get; init; }

    /// <summary>Prior of a word's weight in a topic.</summary>
    public double Rho { get; init; } = 0.01;

    /// <summary>Prior of a topic's weight in a document.</summary>
    public double Alpha { get; init; } = 0.01;

    public double Documents { get; init; } = 1000;

    public int BatchSize { get; init; } = 32;

    public double FirstIteration { get; init; }

    public double Power { get; init; } = 0.5;

    public int Passes { get; init; } = 25;
}

/// <summary>Words of a document by number, and how often each comes.</summary>
internal readonly record struct Document(int[] Words, double[] Counts);

/// <summary>Latent Dirichlet Allocation by online variational Bayes (Hoffman, Blei and Bach 2010).</summary>
internal static class TopicModel
{
    private const int MostRounds = 100;
    private const double Tolerance = 1e-3;

    /// <summary>For each topic the weight of each word.</summary>
    public static double[][] Fit(IReadOnlyList<Document> documents, int words, TopicOptions options, CancellationToken cancellationToken)
    {
        var random = new SeededRandom(1);
        double[][] lambda = [.. Enumerable.Range(0, options.Topics).Select(_ => Enumerable.Range(0, words).Select(_ => 0.5 + random.NextDouble()).ToArray())];
        int[] order = [.. Enumerable.Range(0, documents.Count)];
        var step = 0;
        for (var pass = 0; pass < options.Passes; pass++)
        {
            random.Shuffle<int>(order);
            foreach (var batch in order.Chunk(options.BatchSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var weights = Expected(lambda);
                double[][] statistics = [.. lambda.Select(topic => new double[topic.Length])];
                foreach (var index in batch)
                {
                    Collect(documents[index], weights, options.Alpha, statistics);
                }

                // At the very first step the rate is one: what was drawn at random is forgotten.
                var rate = Math.Pow(Math.Max(1, options.FirstIteration + step + 1), -options.Power);
                step++;
                for (var topic = 0; topic < lambda.Length; topic++)
                {
                    for (var word = 0; word < words; word++)
                    {
                        lambda[topic][word] = ((1 - rate) * lambda[topic][word])
                            + (rate * (options.Rho + (options.Documents / batch.Length * statistics[topic][word])));
                    }
                }
            }
        }

        return lambda;
    }

    /// <summary>exp(E[ln beta]) for each topic and word.</summary>
    public static double[][] Expected(double[][] lambda) =>
    [
        .. lambda.Select(topic =>
        {
            var whole = SpecialFunctions.DiGamma(topic.Sum());
            return topic.Select(weight => Math.Exp(SpecialFunctions.DiGamma(weight) - whole)).ToArray();
        }),
    ];

    /// <summary>The weights of topics in a document, before they are brought to one.</summary>
    public static double[] Infer(Document document, double[][] weights, double alpha)
    {
        var gamma = new double[weights.Length];
        Array.Fill(gamma, 1);
        Iterate(document, weights, alpha, gamma, out _, out _);
        return gamma;
    }

    private static void Collect(Document document, double[][] weights, double alpha, double[][] statistics)
    {
        if (document.Words.Length == 0)
        {
            return;
        }

        var gamma = new double[weights.Length];
        Array.Fill(gamma, 1);
        Iterate(document, weights, alpha, gamma, out var theta, out var norms);
        for (var topic = 0; topic < weights.Length; topic++)
        {
            for (var i = 0; i < document.Words.Length; i++)
            {
                var word = document.Words[i];
                statistics[topic][word] += theta[topic] * weights[topic][word] * document.Counts[i] / norms[i];
            }
        }
    }

    private static void Iterate(Document document, double[][] weights, double alpha, double[] gamma, out double[] theta, out double[] norms)
    {
        var topics = weights.Length;
        theta = new double[topics];
        norms = new double[document.Words.Length];
        Refresh(theta, norms);
        for (var round = 0; round < MostRounds; round++)
        {
            var change = 0.0;
            for (var topic = 0; topic < topics; topic++)
            {
                var sum = 0.0;
                for (var i = 0; i < document.Words.Length; i++)
                {
                    sum += document.Counts[i] * weights[topic][document.Words[i]] / norms[i];
                }

                var next = alpha + (theta[topic] * sum);
                change += Math.Abs(next - gamma[topic]);
                gamma[topic] = next;
            }

            Refresh(theta, norms);
            if (change / topics < Tolerance)
            {
                break;
            }
        }

        void Refresh(double[] expected, double[] sums)
        {
            var whole = SpecialFunctions.DiGamma(gamma.Sum());
            for (var topic = 0; topic < topics; topic++)
            {
                expected[topic] = Math.Exp(SpecialFunctions.DiGamma(gamma[topic]) - whole);
            }

            for (var i = 0; i < sums.Length; i++)
            {
                var sum = 1e-100;
                for (var topic = 0; topic < topics; topic++)
                {
                    sum += expected[topic] * weights[topic][document.Words[i]];
                }

                sums[i] = sum;
            }
        }
    }
}
