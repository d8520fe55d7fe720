namespace Auspex.Experiments.Scoring.Explanations;

/// <summary>
/// Exact Shapley values of the columns for the sum of an ensemble, path-dependent: a column that is not known counts as the training rows
/// were divided (Lundberg et al., "Consistent Individualized Feature Attribution for Tree Ensembles", 2018).
/// </summary>
/// <remarks>
/// Leaf by leaf. With the columns of the leaf's way that the row meets, A, and those that it does not meet, B, the weight of a coalition
/// of k out of m - 1 columns is the integral over t of t^k (1-t)^(m-1-k), and the sum over coalitions becomes the integral of a product:
/// of (t + share (1-t)) over A, and of (1-t) for each of B. It is a polynomial of degree m - 1, which a Gauss-Legendre rule of m/2
/// points integrates exactly. All terms are positive, so that rounding stays at the last digits, however deep the tree is. A row's values
/// depend on that row alone and are summed in the order of the leaves: they are the same bits in any batch. Thread-safe.
/// </remarks>
internal sealed class TreeExplainer
{
    private readonly TreeArrays _arrays;
    private readonly TreePaths _paths;
    private readonly double[] _leafValues;
    private readonly GaussLegendre[] _rules;

    /// <param name="trees">Ensemble with the numbers of training rows at its leaves.</param>
    public TreeExplainer(TreeEnsemble trees)
        : this(trees, new TreePaths(trees), trees.Arrays.LeafValues)
    {
    }

    /// <param name="trees">Ensemble with the numbers of training rows at its leaves.</param>
    /// <param name="paths">The ways to its leaves, which explainers of other values at the same leaves may share.</param>
    /// <param name="leafValues">Per leaf what it adds to the sum, in place of the ensemble's own values.</param>
    public TreeExplainer(TreeEnsemble trees, TreePaths paths, double[] leafValues)
    {
        _arrays = trees.Arrays;
        _paths = paths;
        _leafValues = leafValues;
        _rules = [.. Enumerable.Range(1, Math.Max(1, (_paths.LongestPath + 1) / 2)).Select(GaussLegendre.Create)];
        Expected = trees.Bias;
        for (var leaf = 0; leaf < _leafValues.Length; leaf++)
        {
            var share = 1.0;
            for (var step = _paths.Starts[leaf]; step < _paths.Starts[leaf + 1]; step++)
            {
                share *= _paths.Shares[step];
            }

            Expected += _leafValues[leaf] * share;
        }
    }

    /// <summary>The sum when no column is known: what the values of a row add up to, is the row's sum less this.</summary>
    public double Expected { get; }

    /// <summary>Elements of scratch that an explanation needs.</summary>
    public int ScratchLength => _arrays.Features.Length;

    /// <summary>Adds the values of a row.</summary>
    /// <param name="numbers">Per column the number, NaN for a missing one; of single precision where the ensemble is.</param>
    /// <param name="codes">Per column the level or point.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements; their content does not matter.</param>
    /// <param name="factor">What every value is multiplied by.</param>
    /// <param name="values">Per column, added to.</param>
    public void Add(ReadOnlySpan<double> numbers, ReadOnlySpan<int> codes, Span<bool> scratch, double factor, Span<double> values)
    {
        for (var node = 0; node < _arrays.Features.Length; node++)
        {
            scratch[node] = _arrays.SendsRight(node, numbers[_arrays.Features[node]], codes[_arrays.Features[node]]);
        }

        Span<bool> met = _paths.LongestPath <= 256 ? stackalloc bool[256] : new bool[_paths.LongestPath];
        for (var leaf = 0; leaf < _leafValues.Length; leaf++)
        {
            AddLeaf(leaf, scratch, met, factor, values);
        }
    }

    private void AddLeaf(int leaf, ReadOnlySpan<bool> right, Span<bool> met, double factor, Span<double> values)
    {
        var (start, end) = (_paths.Starts[leaf], _paths.Starts[leaf + 1]);
        var weight = factor * _leafValues[leaf];
        var unmet = 0;
        for (var step = start; step < end; step++)
        {
            var isMet = IsMet(step, right);
            met[step - start] = isMet;
            if (!isMet)
            {
                weight *= _paths.Shares[step];
                unmet++;
            }
        }

        if (start == end || weight == 0)
        {
            return;
        }

        var rule = _rules[Math.Max(0, ((end - start + 1) / 2) - 1)];
        var unmetValue = 0.0;
        for (var i = 0; i < rule.Points.Length; i++)
        {
            var t = rule.Points[i];
            var rest = 1 - t;
            var product = rule.Weights[i] * weight;
            for (var b = 1; b < unmet; b++)
            {
                product *= rest;
            }

            for (var step = start; step < end; step++)
            {
                if (met[step - start])
                {
                    product *= t + (_paths.Shares[step] * rest);
                }
            }

            unmetValue += product;
            if (unmet > 0)
            {
                product *= rest;
            }

            for (var step = start; step < end; step++)
            {
                if (met[step - start])
                {
                    var share = _paths.Shares[step];
                    values[_paths.Columns[step]] += (1 - share) * (product / (t + (share * rest)));
                }
            }
        }

        for (var step = start; step < end && unmet > 0; step++)
        {
            if (!met[step - start])
            {
                values[_paths.Columns[step]] -= unmetValue;
            }
        }
    }

    private bool IsMet(int step, ReadOnlySpan<bool> right)
    {
        foreach (var test in _paths.Tests.AsSpan(_paths.TestStarts[step].._paths.TestStarts[step + 1]))
        {
            if (test < 0 ? right[~test] : !right[test])
            {
                return false;
            }
        }

        return true;
    }
}
