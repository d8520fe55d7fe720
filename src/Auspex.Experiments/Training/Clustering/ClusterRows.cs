using Auspex.Experiments.Training.Linear;

namespace Auspex.Experiments.Training.Clustering;

/// <summary>Rows to cluster, as entries of slots.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="PassedOver">Per row whether the label's column counts as absent; null where it always counts or is no feature.</param>
/// <param name="LabelColumn">The label's place among the features; -1 where it is none.</param>
internal sealed record ClusterRows(LinearRows Rows, bool[]? PassedOver, int LabelColumn)
{
    public int Count => Rows.RowCount;

    public int Columns => Rows.EntryCount;

    public void Read(int row, Span<int> slots, Span<double> values)
    {
        Rows.Read(row, slots, values);
        if (PassedOver is not null && PassedOver[row])
        {
            slots[LabelColumn] = -1;
        }
    }
}
