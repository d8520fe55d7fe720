using System.Buffers;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// Scores one row after the other: the values of the model's columns are set, then scored. The bits are those of every other
/// way. For one thread at a time; nothing is allocated per row by models of trees and sums.
/// </summary>
public sealed class RowScoring
{
    private const int MostStackBytes = 256;

    private readonly TrainedModel _model;
    private readonly FeatureLayout _layout;
    private readonly double[] _numbers;
    private readonly int[] _codes;
    private readonly LevelFeature?[] _texts;
    private readonly LevelFeature?[] _numberLevels;
    private readonly IRowScorer? _row;
    private readonly IScorer _scorer;
    private readonly TableBatch _oneRow;
    private readonly double[][] _columns;
    private readonly double[] _scores;

    /// <summary>Prepares rows for a model; all values are missing at first.</summary>
    public RowScoring(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _layout = model.Layout;
        var count = _layout.Columns.Length;
        _numbers = new double[count];
        _codes = new int[count];
        _texts = new LevelFeature?[count];
        _numberLevels = new LevelFeature?[count];
        var features = new BoundFeature[count];
        for (var i = 0; i < count; i++)
        {
            features[i] = new RowFeature(i, _numbers, _codes, _layout.IsLevels(i));
            var wanted = _layout.Columns[i];
            if (wanted.Categories is { } domain)
            {
                _texts[i] = LevelFeature.Bind(i, Found(wanted.Name, ColumnType.String), wanted, domain, _layout.AllowsUnknownLevels);
                _numberLevels[i] = wanted.Type == ColumnType.String
                    ? null
                    : LevelFeature.Bind(i, Found(wanted.Name, ColumnType.Double), wanted, domain, _layout.AllowsUnknownLevels);
            }

            SetMissing(i);
        }

        _scorer = model.CreateScorer(features);
        _row = _scorer.CreateRowScorer(_layout);
        _oneRow = new TableBatch(new TableSchema([]), [], 1);
        _columns = [.. Enumerable.Range(0, _scorer.Outputs).Select(_ => new double[1])];
        _scores = new double[_scorer.Outputs];
    }

    /// <summary>The numbers of the last row that was scored, one per output; NaN where it could not be scored.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <summary>Whether a column of the model is given by text or by a number that stands for a level.</summary>
    public bool IsLevels(int column) => _layout.IsLevels(column);

    /// <summary>Sets a column to no value.</summary>
    public void SetMissing(int column)
    {
        _numbers[column] = double.NaN;
        _codes[column] = _texts[column] is { } levels ? levels.Missing : BoundFeature.MissingCode;
    }

    /// <summary>Sets a column to a number; NaN is a missing one. False where the column takes text alone.</summary>
    public bool TrySetNumber(int column, double number)
    {
        if (_texts[column] is null)
        {
            _numbers[column] = number;
            return true;
        }

        if (_numberLevels[column] is not { } levels)
        {
            return false;
        }

        _codes[column] = double.IsNaN(number) ? levels.Missing : levels.CodeOf(number);
        return true;
    }

    /// <summary>Sets a column to a level by its text. False where the column takes numbers alone.</summary>
    public bool TrySetText(int column, ReadOnlySpan<char> text)
    {
        if (_texts[column] is not { } levels)
        {
            return false;
        }

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= MostStackBytes)
        {
            Span<byte> some = stackalloc byte[MostStackBytes];
            _codes[column] = levels.CodeOf(some[..Encoding.UTF8.GetBytes(text, some)]);
            return true;
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        _codes[column] = levels.CodeOf(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return true;
    }

    /// <summary>Scores the row as it is set; the values stay.</summary>
    public ReadOnlySpan<double> Score() => Score(_numbers);

    /// <summary>Scores a row of numbers alone, one per column of the model, without setting it first.</summary>
    /// <param name="numbers">Of a model without columns of levels; NaN is a missing value.</param>
    public ReadOnlySpan<double> Score(ReadOnlySpan<double> numbers)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(numbers.Length, _numbers.Length);
        if (_row is not null)
        {
            _row.Score(numbers, _codes, _scores);
            return _scores;
        }

        numbers.CopyTo(_numbers);
        _scorer.Score(_oneRow, _columns);
        for (var i = 0; i < _scores.Length; i++)
        {
            _scores[i] = _columns[i][0];
        }

        return _scores;
    }

    /// <summary>The predicted class or cluster of the last row: an index into the model's classes; -1 where there is none.</summary>
    public int PredictedClass() => ScoreColumns.ClassOf(_model.Task, _scores);

    private static TableField Found(string name, ColumnType type) => new() { Name = name, Type = type };

    /// <summary>A column whose only row lies in the buffers of a row.</summary>
    private sealed class RowFeature(int column, double[] numbers, int[] codes, bool isLevels) : BoundFeature(column)
    {
        public override bool IsLevels => isLevels;

        public override void ReadNumbers(TableBatch batch, int start, Span<double> values) => values[0] = numbers[Column];

        public override void ReadSingles(TableBatch batch, int start, Span<float> values) => values[0] = (float)numbers[Column];

        public override void ReadCodes(TableBatch batch, int start, Span<int> values) => values[0] = codes[Column];
    }
}
