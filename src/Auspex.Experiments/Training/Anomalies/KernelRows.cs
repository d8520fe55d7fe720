using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Training.Anomalies;

/// <summary>Rows of the kernel matrix, computed as they are asked for; the last used ones are kept.</summary>
internal sealed class KernelRows(FeatureLayout layout, double[][] rows, double gamma, ParallelOptions parallel)
{
    private const long CacheBytes = 256L << 20;
    private const int Block = 512;

    private readonly int _most = (int)Math.Clamp(CacheBytes / (sizeof(double) * Math.Max(1L, rows.Length)), 2, Math.Max(2, rows.Length));
    private readonly Dictionary<int, LinkedListNode<(int Row, double[] Values)>> _kept = [];
    private readonly LinkedList<(int Row, double[] Values)> _byUse = new();

    public double[] this[int row]
    {
        get
        {
            if (_kept.TryGetValue(row, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Values;
            }

            var values = _kept.Count >= _most ? Forget() : new double[rows.Length];
            Parallel.For(0, (rows.Length + Block - 1) / Block, parallel, block =>
            {
                for (var i = block * Block; i < Math.Min(rows.Length, (block + 1) * Block); i++)
                {
                    values[i] = Math.Exp(-gamma * SupportScorer.Distance(layout, rows[row], rows[i]));
                }
            });
            _kept[row] = _byUse.AddFirst((row, values));
            return values;
        }
    }

    private double[] Forget()
    {
        var last = _byUse.Last!;
        _byUse.RemoveLast();
        _kept.Remove(last.Value.Row);
        return last.Value.Values;
    }
}
