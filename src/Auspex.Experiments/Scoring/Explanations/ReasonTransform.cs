using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Scoring.Explanations;

/// <summary>
/// Scores, and behind them the columns that moved each row's score most: <c>Reason 1</c>, the column's name, and <c>Reason 1 Contribution</c>, its
/// Shapley value, and so on, the greatest first.
/// </summary>
internal sealed class ReasonTransform : IRowTransform
{
    private readonly IRowTransform _scoring;
    private readonly int _reasons;
    private readonly int _scores;
    private readonly BoundFeature?[] _numbers;
    private readonly BoundFeature?[] _codes;
    private readonly bool _inDouble;
    private readonly TreeExplainer[] _sums;
    private readonly double _factor;
    private readonly ModelTask _task;
    private readonly byte[][] _names;

    /// <param name="description">The model's.</param>
    /// <param name="scoring">Scores without reasons.</param>
    /// <param name="features">The model's columns.</param>
    /// <param name="trees">All trees.</param>
    /// <param name="sums">One, or one per class.</param>
    /// <param name="link">From sums to scores; reasons are told before it.</param>
    /// <param name="reasons">How many a row gets, at least 1.</param>
    public ReasonTransform(
        ModelDescription description,
        IRowTransform scoring,
        BoundFeature[] features,
        TreeEnsemble trees,
        TreeExplainer[] sums,
        SumLink link,
        int reasons)
    {
        _scoring = scoring;
        _reasons = reasons;
        _sums = sums;
        _task = description.Task;
        _factor = link.Slope / link.Divisor;
        _inDouble = trees.Arrays.InDouble;
        var asked = TreeColumns.Of(trees);
        _numbers = new BoundFeature?[features.Length];
        _codes = new BoundFeature?[features.Length];
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

        _names = [.. description.Features.Fields.Select(field => Encoding.UTF8.GetBytes(field.Name))];
        _scores = ScoreNames.Fields(description).Count();
        ImmutableArray<TableField> fields = [.. Fields(ScoreNames.TaskName(_task), reasons)];
        Output = new TableSchema(scoring.Output.Fields.AddRange(fields));
        Flow = new ColumnFlow(scoring.Flow.Sources.AddRange(fields.Select(_ => -1)), scoring.Flow.Reads);
    }

    public TableSchema Output { get; }

    public ColumnFlow Flow { get; }

    /// <summary>The columns that reasons add.</summary>
    public static IEnumerable<TableField> Fields(string task, int reasons)
    {
        for (var i = 1; i <= reasons; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"Reason {i}");
            yield return new TableField { Name = name, Type = ColumnType.String, IsNullable = true, Score = new ScoreKind(task, name) };
            name += " Contribution";
            yield return new TableField { Name = name, Type = ColumnType.Double, IsNullable = true, Score = new ScoreKind(task, name) };
        }
    }

    public TableBatch Apply(TableBatch batch)
    {
        var scored = _scoring.Apply(batch);
        var found = new Reasons(batch.RowCount, _reasons);
        var features = _numbers.Length;
        var numbers = new double[features * TreeKernel.BlockRows];
        var codes = new int[features * TreeKernel.BlockRows];
        var row = new Row(features, _sums.Max(sum => sum.ScratchLength));
        for (var start = 0; start < batch.RowCount; start += TreeKernel.BlockRows)
        {
            var rows = Math.Min(TreeKernel.BlockRows, batch.RowCount - start);
            Read(batch, start, rows, numbers, codes);
            for (var i = 0; i < rows; i++)
            {
                if (Explain(scored, start + i, i, numbers, codes, row))
                {
                    found.Take(start + i, row.Values);
                }
            }
        }

        return new TableBatch(Output, scored.Columns.AddRange(found.ToColumns(_names)), batch.RowCount);
    }

    private void Read(TableBatch batch, int start, int rows, double[] numbers, int[] codes)
    {
        for (var column = 0; column < _numbers.Length; column++)
        {
            var block = numbers.AsSpan(column * TreeKernel.BlockRows, rows);
            _numbers[column]?.ReadNumbers(batch, start, block);
            if (!_inDouble)
            {
                foreach (ref var number in block)
                {
                    number = (float)number;
                }
            }

            _codes[column]?.ReadCodes(batch, start, codes.AsSpan(column * TreeKernel.BlockRows, rows));
        }
    }

    // False for a row without a score.
    private bool Explain(TableBatch scored, int scoredRow, int blockRow, double[] numbers, int[] codes, Row row)
    {
        var first = _scoring.Output.Fields.Length - _scores;
        if (scored.Columns[first].IsNull(scoredRow))
        {
            return false;
        }

        for (var column = 0; column < _numbers.Length; column++)
        {
            row.Numbers[column] = numbers[(column * TreeKernel.BlockRows) + blockRow];
            row.Codes[column] = codes[(column * TreeKernel.BlockRows) + blockRow];
        }

        row.Values.AsSpan().Clear();
        if (_sums.Length == 1)
        {
            _sums[0].Add(row.Numbers, row.Codes, row.Scratch, _factor, row.Values);
        }
        else if (_task == ModelTask.Binary)
        {
            // Of two sums that share a probability, their difference counts.
            _sums[1].Add(row.Numbers, row.Codes, row.Scratch, _factor, row.Values);
            _sums[0].Add(row.Numbers, row.Codes, row.Scratch, -_factor, row.Values);
        }
        else
        {
            _sums[Best(scored, first, scoredRow)].Add(row.Numbers, row.Codes, row.Scratch, _factor, row.Values);
        }

        return true;
    }

    private int Best(TableBatch scored, int first, int row)
    {
        var best = 0;
        for (var i = 1; i < _sums.Length; i++)
        {
            if (((DoubleColumn)scored.Columns[first + i]).Values[row] > ((DoubleColumn)scored.Columns[first + best]).Values[row])
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>A row's values by column.</summary>
    private sealed class Row(int features, int scratch)
    {
        public double[] Numbers { get; } = new double[features];

        public int[] Codes { get; } = new int[features];

        public double[] Values { get; } = new double[features];

        public bool[] Scratch { get; } = new bool[scratch];
    }
}
