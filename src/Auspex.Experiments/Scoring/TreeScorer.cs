using System.Buffers;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Scoring;

/// <summary>Reads blocks of rows for a tree kernel and turns its sums into scores.</summary>
internal sealed class TreeScorer : IScorer
{
    private readonly TreeKernel _kernel;
    private readonly BoundFeature[] _numbers;
    private readonly BoundFeature[] _levels;

    // Columns that no tree asks for, but in which an unknown level still makes a row's score missing.
    private readonly BoundFeature[] _checked;
    private readonly LogisticLink? _link;
    private readonly bool _allowsUnknownLevels;

    public TreeScorer(TreeKernel kernel, BoundFeature[] features, LogisticLink? link, bool allowsUnknownLevels)
    {
        _kernel = kernel;
        _numbers = [.. kernel.NumberColumns.Select(column => features[column])];
        _levels = [.. kernel.LevelColumns.Select(column => features[column])];
        _checked = allowsUnknownLevels
            ? []
            : [.. features.Where((feature, column) => feature is LevelFeature && !kernel.LevelColumns.Contains(column))];
        _link = link;
        _allowsUnknownLevels = allowsUnknownLevels;
    }

    public int Outputs => 1;

    public void Score(TableBatch batch, double[][] scores)
    {
        const int Block = TreeKernel.BlockRows;
        var numbers = ArrayPool<float>.Shared.Rent(Math.Max(1, _numbers.Length) * Block);
        var codes = ArrayPool<int>.Shared.Rent((_levels.Length + 1) * Block);
        var state = ArrayPool<byte>.Shared.Rent(Math.Max(1, _kernel.StateLength));
        for (var start = 0; start < batch.RowCount; start += Block)
        {
            var rows = Math.Min(Block, batch.RowCount - start);
            for (var i = 0; i < _numbers.Length; i++)
            {
                _numbers[i].ReadSingles(batch, start, numbers.AsSpan(i * Block, rows));
            }

            for (var i = 0; i < _levels.Length; i++)
            {
                _levels[i].ReadCodes(batch, start, codes.AsSpan(i * Block, rows));
            }

            var sums = scores[0].AsSpan(start, rows);
            _kernel.Sum(numbers, codes, rows, state, sums);
            if (_link is { } link)
            {
                foreach (ref var sum in sums)
                {
                    sum = link.Probability(sum);
                }
            }

            if (!_allowsUnknownLevels)
            {
                DropUnknown(batch, start, codes, sums);
            }
        }

        ArrayPool<float>.Shared.Return(numbers);
        ArrayPool<int>.Shared.Return(codes);
        ArrayPool<byte>.Shared.Return(state);
    }

    private void DropUnknown(TableBatch batch, int start, int[] codes, Span<double> sums)
    {
        for (var i = 0; i < _levels.Length; i++)
        {
            Drop(codes.AsSpan(i * TreeKernel.BlockRows, sums.Length), sums);
        }

        var scratch = codes.AsSpan(_levels.Length * TreeKernel.BlockRows, sums.Length);
        foreach (var feature in _checked)
        {
            feature.ReadCodes(batch, start, scratch);
            Drop(scratch, sums);
        }

        static void Drop(ReadOnlySpan<int> codes, Span<double> sums)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                if (codes[i] == BoundFeature.UnknownCode)
                {
                    sums[i] = double.NaN;
                }
            }
        }
    }
}
