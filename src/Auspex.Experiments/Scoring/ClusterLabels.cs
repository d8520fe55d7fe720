using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>The labels that clusters give to rows.</summary>
/// <param name="Values">Per cluster its label as invariant text.</param>
/// <param name="OnlyMissing">Whether labels that are there stay.</param>
internal sealed record ClusterLabels(ImmutableArray<string> Values, bool OnlyMissing)
{
    /// <summary>The label column with the clusters' labels in it; rows without a cluster keep what they have.</summary>
    public Column Fill(Column present, LabelValues labels, int[] clusters)
    {
        var rows = present.Length;
        var chosen = (int[])clusters.Clone();
        for (var row = 0; row < rows; row++)
        {
            if (OnlyMissing && !present.IsNull(row))
            {
                chosen[row] = -1;
            }
        }

        var validity = Column.AllValid(rows);
        for (var row = 0; row < rows; row++)
        {
            if (chosen[row] < 0 && present.IsNull(row))
            {
                validity[row >> 6] &= ~(1UL << (row & 63));
            }
        }

        var filled = labels.Column(chosen, validity);
        return present switch
        {
            DoubleColumn own => new DoubleColumn(Merge(own.Values, ((DoubleColumn)filled).Values), rows, validity),
            Int64Column own => new Int64Column(Merge(own.Values, ((Int64Column)filled).Values), rows, validity),
            BooleanColumn own => new BooleanColumn(Merge(own.Values, ((BooleanColumn)filled).Values), rows, validity),
            CategoryColumn own => new CategoryColumn(
                Merge(own.Values, ((CategoryColumn)filled).Values), rows, own.Domain, validity),
            StringColumn own => MergeTexts(own, (StringColumn)filled),
            _ => present,
        };

        T[] Merge<T>(ReadOnlySpan<T> own, ReadOnlySpan<T> given)
        {
            var merged = own.ToArray();
            for (var row = 0; row < rows; row++)
            {
                merged[row] = chosen[row] < 0 ? own[row] : given[row];
            }

            return merged;
        }

        StringColumn MergeTexts(StringColumn own, StringColumn given)
        {
            var data = new List<byte>();
            var offsets = new int[rows + 1];
            for (var row = 0; row < rows; row++)
            {
                data.AddRange(chosen[row] < 0 ? (own.IsNull(row) ? [] : own.Bytes(row)) : given.Bytes(row));
                offsets[row + 1] = data.Count;
            }

            return new StringColumn([.. data], offsets, rows, validity);
        }
    }
}
