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
    private readonly ClusterLabels? _clusterLabels;
    private readonly int _labelIndex;

    public ModelTransform(
        ModelDescription description,
        TableSchema input,
        bool appendScores,
        IScorer scorer,
        ImmutableArray<TableField> reasons,
        ClusterLabels? clusterLabels = null)
    {
        _task = description.Task;
        _scorer = scorer;
        _labels = clusterLabels is not null ? new LabelValues(description.Label, clusterLabels.Values)
            : description.Classes.IsEmpty ? null
            : new LabelValues(description.Label, description.Classes);
        _labelIndex = description.Label.Name.Length > 0 ? input.IndexOf(description.Label.Name) : -1;
        _clusterLabels = clusterLabels;

        ImmutableArray<TableField> scores = [.. ScoreNames.Fields(description)];
        var kept = ImmutableArray.CreateBuilder<int>();
        var fields = ImmutableArray.CreateBuilder<TableField>();
        for (var i = 0; i < input.Fields.Length; i++)
        {
            var field = input.Fields[i];
            var isLabel = i == _labelIndex;
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
        if (clusterLabels is not null && _labelIndex >= 0)
        {
            CheckClusterLabel(description.Label, input.Fields[_labelIndex]);
            Flow = new ColumnFlow(
                [.. Flow.Sources.Select(source => source == _labelIndex ? -1 : source)],
                Flow.Reads.SetItem(_labelIndex, true));
        }

        Output = new TableSchema(fields.ToImmutable());

        // A table has one label; Evaluate Model compares scores with the one that the model learned.
        ColumnRole OtherRole(TableField field) =>
            field.Role == ColumnRole.Label && _labelIndex >= 0 ? ColumnRole.Feature : field.Role;
    }

    private static void CheckClusterLabel(TableField label, TableField found)
    {
        if (found.Type != label.Type || found.IsCategorical != label.IsCategorical
            || (label.Categories is { } domain && !domain.Levels.SequenceEqual(found.Categories!.Levels, StringComparer.Ordinal)))
        {
            throw new ModuleException(
                17, $"Label column '{found.Name}' is of type {found.Type}; the clusters were trained with {label.Type}, whose values they put "
                + "into it. Convert it with Edit Metadata, or leave it out.");
        }
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
        var columns = ImmutableArray.CreateBuilder<Column>(Output.Fields.Length);
        foreach (var index in _kept)
        {
            columns.Add(index == _labelIndex && _clusterLabels is not null
                ? _clusterLabels.Fill(batch.Columns[index], _labels!, ScoreColumns.Nearest(scores))
                : batch.Columns[index]);
        }

        ScoreColumns.AddTo(columns, _task, _labels, scores);
        return new TableBatch(Output, columns.MoveToImmutable(), rows);
    }
}
