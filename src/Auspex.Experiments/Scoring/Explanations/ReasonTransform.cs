using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

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
    private readonly TreeRows _rows;
    private readonly TreeExplainer[] _sums;
    private readonly double _factor;
    private readonly ModelTask _task;
    private readonly bool _areShares;
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
        _areShares = link.Kind == SumLinkKind.Share;
        _rows = new TreeRows(features, trees);
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
        var values = new double[_names.Length];
        var scratch = new bool[_sums.Max(sum => sum.ScratchLength)];
        foreach (var row in _rows.Read(batch))
        {
            if (Explain(scored, row, scratch, values))
            {
                found.Take(row.Index, values);
            }
        }

        return new TableBatch(Output, scored.Columns.AddRange(found.ToColumns(_names)), batch.RowCount);
    }

    // False for a row without a score.
    private bool Explain(TableBatch scored, TreeRow row, bool[] scratch, double[] values)
    {
        var first = _scoring.Output.Fields.Length - _scores;
        if (scored.Columns[first].IsNull(row.Index))
        {
            return false;
        }

        values.AsSpan().Clear();
        if (_sums.Length == 1)
        {
            Add(_sums[0], _factor);
        }
        else if (_task == ModelTask.Binary)
        {
            // Of two sums that share a probability, their difference counts; where they are its parts, the second is the score.
            Add(_sums[1], _factor);
            if (!_areShares)
            {
                Add(_sums[0], -_factor);
            }
        }
        else
        {
            Add(_sums[Best(scored, first, row.Index)], _factor);
        }

        return true;

        void Add(TreeExplainer sum, double factor) => sum.Add(row.Numbers, row.Codes, scratch, factor, values);
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
}
