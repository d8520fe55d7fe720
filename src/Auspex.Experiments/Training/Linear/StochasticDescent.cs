using Auspex.Experiments.Execution;

namespace Auspex.Experiments.Training.Linear;

/// <summary>How far a row's sum is to move: from its sum, its target, the step's size and the square of the row's length.</summary>
internal delegate double RowStep(double sum, double target, double rate, double square);

/// <summary>
/// Weights row by row, in double precision and on one thread: each step needs the one before. Of all weights only those of a row's slots
/// are touched; shrinking and averaging of the others is made up for by a factor and a sum.
/// </summary>
internal sealed class StochasticDescent(LinearRows rows, double[] targets, long seed)
{
    // Rows are gathered in blocks, column by column: in their random order one at a time would be read from all over memory.
    private const int BlockRows = 2048;
    private const double LeastFactor = 1e-6;

    /// <summary>What a row does.</summary>
    public required RowStep Step { get; init; }

    /// <summary>The size of a step, by its number from 1.</summary>
    public required Func<long, double> Rate { get; init; }

    /// <summary>How often all rows are gone through.</summary>
    public required int Epochs { get; init; }

    /// <summary>Weight of half the sum of squared weights, beside the mean loss of the rows.</summary>
    public double L2Weight { get; init; }

    /// <summary>The length that weights may have; null for any.</summary>
    public double? MostLength { get; init; }

    /// <summary>Result is the mean of the weights after the steps that come after this part of all; 1 for the last weights themselves.</summary>
    public double AveragesAfter { get; init; }

    /// <summary>Weights for the scaled rows, and the bias.</summary>
    public (double[] Weights, double Bias) Run(CancellationToken cancellationToken)
    {
        // Weights are factor times values. What is added to values in a step counts in the mean from then on: sum of factors until the end
        // less the sum until then, which is what late holds.
        var random = new SeededRandom(seed);
        int[] order = [.. Enumerable.Range(0, rows.RowCount)];
        var (values, late) = (new double[rows.SlotCount], new double[rows.SlotCount]);
        var (factor, factors, bias, biases, square) = (1.0, 0.0, 0.0, 0.0, 0.0);
        var width = rows.EntryCount;
        var slots = new int[BlockRows * width];
        var entries = new double[BlockRows * width];
        var steps = (long)Epochs * rows.RowCount;
        var before = AveragesAfter >= 1 ? steps : (long)(AveragesAfter * steps);
        var step = 0L;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle<int>(order);
            for (var start = 0; start < order.Length; start += BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var block = order.AsSpan(start, Math.Min(BlockRows, order.Length - start));
                rows.Gather(block, slots, entries);
                for (var i = 0; i < block.Length; i++)
                {
                    step++;
                    var ofRow = slots.AsSpan(i * width, width);
                    var numbers = entries.AsSpan(i * width, width);
                    var (sum, length) = (0.0, 1.0);
                    for (var k = 0; k < ofRow.Length; k++)
                    {
                        sum += values[ofRow[k]] * numbers[k];
                        length += numbers[k] * numbers[k];
                    }

                    var rate = Rate(step);
                    var way = Step((factor * sum) + bias, targets[block[i]], rate, length);
                    if (L2Weight > 0)
                    {
                        // Divided, not subtracted: steps of any size shrink.
                        factor /= 1 + (rate * L2Weight);
                    }

                    if (way != 0)
                    {
                        var change = way / factor;
                        for (var k = 0; k < ofRow.Length; k++)
                        {
                            var part = change * numbers[k];
                            ref var value = ref values[ofRow[k]];
                            square += part * ((2 * value) + part);
                            value += part;
                            late[ofRow[k]] += part * factors;
                        }

                        bias += way;
                    }

                    if (MostLength is { } most && factor * factor * square > most * most)
                    {
                        factor = most / Math.Sqrt(square);
                    }

                    if (step > before)
                    {
                        factors += factor;
                        biases += bias;
                    }

                    if (factor < LeastFactor)
                    {
                        factors /= factor;
                        square *= factor * factor;
                        foreach (ref var value in values.AsSpan())
                        {
                            value *= factor;
                        }

                        factor = 1;
                    }
                }
            }
        }

        var averaged = steps - before;
        return averaged == 0
            ? (Array.ConvertAll(values, value => value * factor), bias)
            : ([.. values.Zip(late, (value, part) => ((value * factors) - part) / averaged)], biases / averaged);
    }
}
