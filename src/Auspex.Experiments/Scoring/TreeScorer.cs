using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Scoring;

/// <summary>Makes scorers of tree kernels.</summary>
internal static class TreeScorer
{
    /// <summary>Scores with one sum per kernel.</summary>
    /// <param name="kernels">At least one; all of one precision and given the same columns.</param>
    /// <param name="trees">Any of the ensembles behind them: they share their points.</param>
    /// <param name="features">The model's columns.</param>
    /// <param name="link">From sums to scores.</param>
    /// <param name="outputs">The last so many scores are given: all, or one of two.</param>
    /// <param name="allowsUnknownLevels">Whether a row with an unknown level has a score.</param>
    public static IScorer Create(
        TreeKernel[] kernels, TreeEnsemble trees, BoundFeature[] features, SumLink link, int outputs, bool allowsUnknownLevels)
    {
        var arrays = trees.Arrays;
        var levels = new BoundFeature[kernels[0].LevelColumns.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            var column = kernels[0].LevelColumns[i];
            levels[i] = features[column].IsLevels
                ? features[column]
                : new PointFeature(column, features[column], arrays.PointsOf(column), arrays.InDouble);
        }

        return arrays.InDouble
            ? new TreeScorer<double>([.. kernels.Cast<TreeKernel<double>>()], features, levels, link, outputs, allowsUnknownLevels)
            : new TreeScorer<float>([.. kernels.Cast<TreeKernel<float>>()], features, levels, link, outputs, allowsUnknownLevels);
    }
}

/// <summary>Reads blocks of rows for tree kernels and turns their sums into scores.</summary>
internal sealed class TreeScorer<T> : IScorer
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TreeKernel<T>[] _kernels;
    private readonly BoundFeature[] _numbers;
    private readonly BoundFeature[] _levels;

    // Columns that no tree asks for, but in which an unknown level still makes a row's score missing.
    private readonly BoundFeature[] _checked;
    private readonly SumLink _link;
    private readonly bool _allowsUnknownLevels;
    private readonly int _stateLength;

    public TreeScorer(
        TreeKernel<T>[] kernels, BoundFeature[] features, BoundFeature[] levels, SumLink link, int outputs, bool allowsUnknownLevels)
    {
        _kernels = kernels;
        _numbers = new BoundFeature[kernels[0].NumberColumns.Length];
        for (var i = 0; i < _numbers.Length; i++)
        {
            _numbers[i] = features[kernels[0].NumberColumns[i]];
        }

        _levels = levels;
        _checked = allowsUnknownLevels
            ? []
            : [.. features.Where((feature, column) => feature.IsLevels && !kernels[0].LevelColumns.Contains(column))];
        _link = link;
        Outputs = outputs;
        _allowsUnknownLevels = allowsUnknownLevels;
        _stateLength = 1;
        foreach (var kernel in kernels)
        {
            _stateLength = Math.Max(_stateLength, kernel.StateLength);
        }
    }

    public int Outputs { get; }

    public void Score(TableBatch batch, double[][] scores)
    {
        const int Block = TreeKernel.BlockRows;
        var numbers = ArrayPool<T>.Shared.Rent(Math.Max(1, _numbers.Length) * Block);
        var codes = ArrayPool<int>.Shared.Rent((_levels.Length + 1) * Block);
        var state = ArrayPool<byte>.Shared.Rent(_stateLength);
        var sums = ArrayPool<double>.Shared.Rent(_kernels.Length * Block);
        for (var start = 0; start < batch.RowCount; start += Block)
        {
            var rows = Math.Min(Block, batch.RowCount - start);
            for (var i = 0; i < _numbers.Length; i++)
            {
                Read(_numbers[i], batch, start, numbers.AsSpan(i * Block, rows));
            }

            for (var i = 0; i < _levels.Length; i++)
            {
                _levels[i].ReadCodes(batch, start, codes.AsSpan(i * Block, rows));
            }

            for (var i = 0; i < _kernels.Length; i++)
            {
                var ofKernel = sums.AsSpan(i * Block, rows);
                _kernels[i].Sum(numbers, codes, rows, state, ofKernel);
                _link.Apply(ofKernel);
            }

            if (!_link.IsElementwise)
            {
                Normalize(sums, rows);
            }

            for (var i = 0; i < Outputs; i++)
            {
                sums.AsSpan((_kernels.Length - Outputs + i) * Block, rows).CopyTo(scores[i].AsSpan(start));
            }

            if (!_allowsUnknownLevels)
            {
                DropUnknown(batch, start, rows, codes, scores);
            }
        }

        ArrayPool<T>.Shared.Return(numbers);
        ArrayPool<int>.Shared.Return(codes);
        ArrayPool<byte>.Shared.Return(state);
        ArrayPool<double>.Shared.Return(sums);
    }

    /// <inheritdoc/>
    public IRowScorer? CreateRowScorer(FeatureLayout layout)
    {
        // Points of numbers are codes that a row does not have.
        if (_levels.Any(level => level is not { IsLevels: true }))
        {
            return null;
        }

        int[] codes = _allowsUnknownLevels ? [] : [.. Enumerable.Range(0, layout.Columns.Length).Where(layout.IsLevels)];
        return new TreeRowScorer<T>(_kernels, _link, Outputs, codes);
    }

    private static void Read(BoundFeature feature, TableBatch batch, int start, Span<T> values)
    {
        if (typeof(T) == typeof(float))
        {
            feature.ReadSingles(batch, start, MemoryMarshal.Cast<T, float>(values));
        }
        else
        {
            feature.ReadNumbers(batch, start, MemoryMarshal.Cast<T, double>(values));
        }
    }

    // A row's sums stand a block apart.
    private void Normalize(double[] sums, int rows)
    {
        var row = ArrayPool<double>.Shared.Rent(_kernels.Length);
        for (var i = 0; i < rows; i++)
        {
            for (var kernel = 0; kernel < _kernels.Length; kernel++)
            {
                row[kernel] = sums[(kernel * TreeKernel.BlockRows) + i];
            }

            _link.Normalize(row.AsSpan(0, _kernels.Length));
            for (var kernel = 0; kernel < _kernels.Length; kernel++)
            {
                sums[(kernel * TreeKernel.BlockRows) + i] = row[kernel];
            }
        }

        ArrayPool<double>.Shared.Return(row);
    }

    private void DropUnknown(TableBatch batch, int start, int rows, int[] codes, double[][] scores)
    {
        for (var i = 0; i < _levels.Length; i++)
        {
            Drop(codes.AsSpan(i * TreeKernel.BlockRows, rows), start, scores);
        }

        var scratch = codes.AsSpan(_levels.Length * TreeKernel.BlockRows, rows);
        foreach (var feature in _checked)
        {
            feature.ReadCodes(batch, start, scratch);
            Drop(scratch, start, scores);
        }
    }

    private void Drop(ReadOnlySpan<int> codes, int start, double[][] scores)
    {
        if (!codes.Contains(BoundFeature.UnknownCode))
        {
            return;
        }

        for (var i = 0; i < codes.Length; i++)
        {
            if (codes[i] == BoundFeature.UnknownCode)
            {
                for (var output = 0; output < Outputs; output++)
                {
                    scores[output][start + i] = double.NaN;
                }
            }
        }
    }
}
