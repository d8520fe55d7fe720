using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Scoring;

/// <summary>A model bound to a schema: adds score columns to each batch.</summary>
internal sealed class ModelTransform : IRowTransform
{
    private readonly ModelTask _task;
    private readonly IScorer _scorer;
    private readonly LabelValues? _labels;
    private readonly ImmutableArray<int> _kept;

    public ModelTransform(
        ModelDescription description, TableSchema input, bool appendScores, IScorer scorer, ImmutableArray<TableField> reasons)
    {
        _task = description.Task;
        _scorer = scorer;
        _labels = _task == ModelTask.Regression ? null : new LabelValues(description.Label, description.Classes);

        ImmutableArray<TableField> scores = [.. ScoreNames.Fields(description)];
        var kept = ImmutableArray.CreateBuilder<int>();
        var fields = ImmutableArray.CreateBuilder<TableField>();
        for (var i = 0; i < input.Fields.Length; i++)
        {
            var field = input.Fields[i];
            var isLabel = field.Name == description.Label.Name;
            if (scores.Any(score => score.Name == field.Name) || reasons.Any(reason => reason.Name == field.Name))
            {
                if (field.Score is null)
                {
                    throw new ModuleException(
                        28, $"Column '{field.Name}' of the table bears the name of a score column; rename it before scoring.");
                }

                // Scores of an earlier scoring give way to the new ones.
                continue;
            }

            if (appendScores || isLabel)
            {
                kept.Add(i);
                fields.Add(field with { Role = isLabel ? ColumnRole.Label : OtherRole(field) });
            }
        }

        fields.AddRange(scores);
        Flow = new ColumnFlow(
            [.. kept, .. scores.Select(_ => -1)],
            [.. input.Fields.Select(field => description.Features.IndexOf(field.Name) >= 0)]);
        _kept = kept.ToImmutable();
        Output = new TableSchema(fields.ToImmutable());

        // A table has one label; Evaluate Model compares scores with the one that the model learned.
        ColumnRole OtherRole(TableField field) =>
            field.Role == ColumnRole.Label && input.IndexOf(description.Label.Name) >= 0 ? ColumnRole.Feature : field.Role;
    }

    public TableSchema Output { get; }

    public ColumnFlow Flow { get; }

    public TableBatch Apply(TableBatch batch)
    {
        var rows = batch.RowCount;
        var scores = new double[_scorer.Outputs][];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = new double[rows];
        }

        _scorer.Score(batch, scores);
        var validity = MissingScores(scores[0]);
        var columns = ImmutableArray.CreateBuilder<Column>(Output.Fields.Length);
        foreach (var index in _kept)
        {
            columns.Add(batch.Columns[index]);
        }

        var classes = _labels is null ? [] : Classes(scores, validity);
        if (_task == ModelTask.Binary)
        {
            columns.Add(_labels!.Column(classes, validity));
        }

        foreach (var score in scores)
        {
            columns.Add(new DoubleColumn(score, rows, validity));
        }

        if (_task == ModelTask.Multiclass)
        {
            columns.Add(_labels!.Column(classes, validity));
        }

        return new TableBatch(Output, columns.MoveToImmutable(), rows);
    }

    private int[] Classes(double[][] scores, ulong[]? validity)
    {
        var classes = new int[scores[0].Length];
        for (var row = 0; row < classes.Length; row++)
        {
            if (validity is not null && (validity[row >> 6] & (1UL << (row & 63))) == 0)
            {
                classes[row] = -1;
            }
            else if (_task == ModelTask.Binary)
            {
                classes[row] = scores[0][row] > 0.5 ? 1 : 0;
            }
            else
            {
                for (var i = 1; i < scores.Length; i++)
                {
                    if (scores[i][row] > scores[classes[row]][row])
                    {
                        classes[row] = i;
                    }
                }
            }
        }

        return classes;
    }

    private static ulong[]? MissingScores(double[] scores)
    {
        ulong[]? validity = null;
        for (var row = 0; row < scores.Length; row++)
        {
            if (double.IsNaN(scores[row]))
            {
                validity ??= Column.AllValid(scores.Length);
                validity[row >> 6] &= ~(1UL << (row & 63));
            }
        }

        return validity;
    }
}
