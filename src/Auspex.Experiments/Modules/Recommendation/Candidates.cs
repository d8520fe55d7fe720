using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>Users or items that may stand in a list: their ids, and bias and traits of each, or another place in space.</summary>
/// <param name="Ids">The ids as text.</param>
/// <param name="Type">The type of a column of them.</param>
/// <param name="Size">Numbers of each.</param>
/// <param name="Values">The numbers, one after the other.</param>
internal sealed record Candidates(string[] Ids, ColumnType Type, int Size, double[] Values)
{
    public int Count => Ids.Length;

    public ReadOnlySpan<double> Of(int index) => Values.AsSpan(index * Size, Size);

    /// <summary>Appends an id to a column of the type.</summary>
    public void AppendTo(ColumnBuilder column, int index) => column.TryAppendText(Encoding.UTF8.GetBytes(Ids[index]));
}

/// <summary>The best so far of a list: highest score first, and of equal ones the one that was offered first.</summary>
internal sealed class BestOf(int most)
{
    private readonly List<(double Score, int Index)> _best = [];

    public IReadOnlyList<(double Score, int Index)> Best => _best;

    public void Offer(double score, int index)
    {
        if (_best.Count == most && !(score > _best[^1].Score))
        {
            return;
        }

        var (low, high) = (0, _best.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = score > _best[middle].Score ? (low, middle) : (middle + 1, high);
        }

        if (_best.Count == most)
        {
            _best.RemoveAt(most - 1);
        }

        _best.Insert(low, (score, index));
    }
}
