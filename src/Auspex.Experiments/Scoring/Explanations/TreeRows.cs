using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Scoring.Explanations;

/// <summary>Reads what trees ask for row by row, as their kernels see it. Thread-safe.</summary>
internal sealed class TreeRows
{
    private const int Block = TreeKernel.BlockRows;

    private readonly BoundFeature?[] _numbers;
    private readonly BoundFeature?[] _codes;
    private readonly bool _inDouble;

    /// <param name="features">The model's columns.</param>
    /// <param name="trees">All of its trees.</param>
    public TreeRows(BoundFeature[] features, TreeEnsemble trees)
    {
        _inDouble = trees.Arrays.InDouble;
        _numbers = new BoundFeature?[features.Length];
        _codes = new BoundFeature?[features.Length];
        var asked = TreeColumns.Of(trees);
        foreach (var column in asked.Numbers)
        {
            _numbers[column] = features[column];
        }

        foreach (var column in asked.Levels)
        {
            _codes[column] = features[column].IsLevels
                ? features[column]
                : new PointFeature(column, features[column], trees.Arrays.PointsOf(column), _inDouble);
        }
    }

    /// <summary>The rows of a batch, in order: one object, which every step fills anew.</summary>
    public IEnumerable<TreeRow> Read(TableBatch batch)
    {
        var numbers = new double[_numbers.Length * Block];
        var codes = new int[_numbers.Length * Block];
        var row = new TreeRow(_numbers.Length);
        for (var start = 0; start < batch.RowCount; start += Block)
        {
            var rows = Math.Min(Block, batch.RowCount - start);
            Read(batch, start, rows, numbers, codes);
            for (var i = 0; i < rows; i++)
            {
                for (var column = 0; column < _numbers.Length; column++)
                {
                    row.Numbers[column] = numbers[(column * Block) + i];
                    row.Codes[column] = codes[(column * Block) + i];
                }

                row.Index = start + i;
                yield return row;
            }
        }
    }

    private void Read(TableBatch batch, int start, int rows, double[] numbers, int[] codes)
    {
        for (var column = 0; column < _numbers.Length; column++)
        {
            var block = numbers.AsSpan(column * Block, rows);
            _numbers[column]?.ReadNumbers(batch, start, block);
            if (!_inDouble)
            {
                foreach (ref var number in block)
                {
                    number = (float)number;
                }
            }

            _codes[column]?.ReadCodes(batch, start, codes.AsSpan(column * Block, rows));
        }
    }
}

/// <summary>A row's values by column.</summary>
internal sealed class TreeRow(int columns)
{
    /// <summary>Its number in the batch.</summary>
    public int Index { get; set; }

    /// <summary>Numbers, NaN for missing ones.</summary>
    public double[] Numbers { get; } = new double[columns];

    /// <summary>Levels or points.</summary>
    public int[] Codes { get; } = new int[columns];
}
