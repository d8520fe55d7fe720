using System.Buffers;
using System.Collections.Immutable;
using System.Numerics.Tensors;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// Weighted sums, column by column: each row's sum is formed in the order of the model's columns, in double precision
/// and without fused operations, so that every machine and batch size gives the same bits.
/// </summary>
internal sealed class LinearScorer(
    FeatureLayout layout,
    BoundFeature[] features,
    ImmutableArray<ImmutableArray<double>> weights,
    ImmutableArray<double> biases,
    ScoreLink link) : IScorer
{
    // Some columns' worth of rows at a time stays in the first-level cache.
    private const int ChunkRows = 1024;

    public int Outputs => weights.Length;

    public void Score(TableBatch batch, double[][] scores)
    {
        var chunk = Math.Min(ChunkRows, Math.Max(1, batch.RowCount));
        var numbers = ArrayPool<double>.Shared.Rent(chunk);
        var codes = ArrayPool<int>.Shared.Rent(chunk);
        for (var start = 0; start < batch.RowCount; start += chunk)
        {
            var rows = Math.Min(chunk, batch.RowCount - start);
            Sum(batch, start, rows, scores, numbers.AsSpan(0, rows), codes.AsSpan(0, rows));
            Apply(scores, start, rows);
        }

        ArrayPool<double>.Shared.Return(numbers);
        ArrayPool<int>.Shared.Return(codes);
    }

    private void Sum(TableBatch batch, int start, int rows, double[][] scores, Span<double> numbers, Span<int> codes)
    {
        for (var output = 0; output < scores.Length; output++)
        {
            scores[output].AsSpan(start, rows).Fill(biases[output]);
        }

        for (var column = 0; column < features.Length; column++)
        {
            var slot = layout.Start(column);
            if (layout.IsLevels(column))
            {
                features[column].ReadCodes(batch, start, codes);
                for (var output = 0; output < scores.Length; output++)
                {
                    AddLevels(weights[output].AsSpan().Slice(slot, layout.Width(column)), codes, scores[output].AsSpan(start, rows));
                }
            }
            else
            {
                features[column].ReadNumbers(batch, start, numbers);
                for (var output = 0; output < scores.Length; output++)
                {
                    var sums = scores[output].AsSpan(start, rows);
                    TensorPrimitives.MultiplyAdd(numbers, weights[output][slot], sums, sums);
                }
            }
        }
    }

    private static void AddLevels(ReadOnlySpan<double> levels, ReadOnlySpan<int> codes, Span<double> sums)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            sums[i] += (uint)codes[i] < (uint)levels.Length ? levels[codes[i]] : double.NaN;
        }
    }

    private void Apply(double[][] scores, int start, int rows)
    {
        switch (link)
        {
            case ScoreLink.Logistic:
                foreach (ref var score in scores[0].AsSpan(start, rows))
                {
                    score = LogisticLink.Plain.Probability(score);
                }

                break;
            case ScoreLink.Probit:
                new SumLink(SumLinkKind.Probit).Apply(scores[0].AsSpan(start, rows));
                break;
            case ScoreLink.Exponential:
                new SumLink(SumLinkKind.Exponential).Apply(scores[0].AsSpan(start, rows));
                break;
            case ScoreLink.Softmax:
                for (var row = start; row < start + rows; row++)
                {
                    Softmax(scores, row);
                }

                break;
        }
    }

    private static void Softmax(double[][] scores, int row)
    {
        var greatest = double.NegativeInfinity;
        foreach (var score in scores)
        {
            greatest = Math.Max(greatest, score[row]);
        }

        var sum = 0.0;
        foreach (var score in scores)
        {
            score[row] = Math.Exp(score[row] - greatest);
            sum += score[row];
        }

        foreach (var score in scores)
        {
            score[row] /= sum;
        }
    }
}
