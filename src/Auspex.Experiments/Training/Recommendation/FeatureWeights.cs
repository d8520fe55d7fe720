using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Training.Recommendation;

/// <summary>What features say of bias and traits: a ridge regression of the present means on the features, for each element.</summary>
/// <param name="rows">The features, in the order of the beliefs.</param>
/// <param name="size">1 and the number of traits.</param>
internal sealed class FeatureWeights(FeatureRows rows, int size)
{
    // By conjugate gradients, warm-started each round, so that thousands of levels need no matrix of their squares.
    private const int Steps = 25;
    private const double Precision = 1e-18;

    /// <summary>A weight per slot and element, slot by slot.</summary>
    public double[] Values { get; } = new double[rows.SlotCount * size];

    /// <summary>Fits the weights to the means, and sets what is expected of each beforehand by them.</summary>
    public void Update(Beliefs beliefs)
    {
        var weights = new double[rows.SlotCount];
        var targets = new double[beliefs.Count];
        for (var element = 0; element < size; element++)
        {
            for (var slot = 0; slot < weights.Length; slot++)
            {
                weights[slot] = Values[(slot * size) + element];
            }

            for (var index = 0; index < targets.Length; index++)
            {
                targets[index] = beliefs.Mean(index)[element];
            }

            // A weight may stray as far as the element itself does over all.
            var total = beliefs.TotalSquares[element] / Math.Max(1, beliefs.Count);
            Solve(weights, targets, beliefs.Variances[element] / Math.Max(total, 1e-9));
            for (var slot = 0; slot < weights.Length; slot++)
            {
                Values[(slot * size) + element] = weights[slot];
            }
        }

        for (var index = 0; index < beliefs.Count; index++)
        {
            for (var element = 0; element < size; element++)
            {
                beliefs.Priors[(index * size) + element] = rows.Sum(index, Values, size, element);
            }
        }
    }

    private void Solve(double[] weights, double[] targets, double penalty)
    {
        var sums = new double[targets.Length];
        rows.Multiply(weights, sums);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] -= sums[i];
        }

        var residual = new double[weights.Length];
        rows.MultiplyTransposed(targets, residual);
        SmallMatrix.AddScaled(residual, weights, -penalty);
        var direction = residual.AsSpan().ToArray();
        var product = new double[weights.Length];
        var square = SmallMatrix.Dot(residual, residual);
        for (var step = 0; step < Steps && square > Precision; step++)
        {
            rows.Multiply(direction, sums);
            rows.MultiplyTransposed(sums, product);
            SmallMatrix.AddScaled(product, direction, penalty);
            var length = square / SmallMatrix.Dot(direction, product);
            SmallMatrix.AddScaled(weights, direction, length);
            SmallMatrix.AddScaled(residual, product, -length);
            var next = SmallMatrix.Dot(residual, residual);
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] = residual[i] + (next / square * direction[i]);
            }

            square = next;
        }
    }
}
