namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>Nodes of trees put together by what they ask, in the order of the nodes.</summary>
/// <remarks>
/// Arrays and plain loops, here and where kernels are made: the runtime's generic code over tuples is in no image that was
/// compiled ahead of time, and to compile it takes longer than to read a model.
/// </remarks>
internal sealed class NodeGroups
{
    private readonly int[] _starts;
    private readonly int[] _nodes;

    /// <param name="groupOfNode">Per node its group; negative for a node of none.</param>
    /// <param name="count">How many groups there may be.</param>
    public NodeGroups(ReadOnlySpan<int> groupOfNode, int count)
    {
        _starts = new int[count + 1];
        foreach (var group in groupOfNode)
        {
            if (group >= 0)
            {
                _starts[group + 1]++;
            }
        }

        for (var group = 0; group < count; group++)
        {
            _starts[group + 1] += _starts[group];
        }

        _nodes = new int[_starts[count]];
        var next = _starts.AsSpan(0, count).ToArray();
        for (var node = 0; node < groupOfNode.Length; node++)
        {
            if (groupOfNode[node] is >= 0 and var group)
            {
                _nodes[next[group]++] = node;
            }
        }
    }

    /// <summary>How many groups there may be.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The nodes of a group; none where nobody asks that.</summary>
    public ReadOnlySpan<int> Of(int group) => _nodes.AsSpan(_starts[group].._starts[group + 1]);

    /// <summary>The different thresholds of a group, ascending.</summary>
    public double[] Thresholds(int group, TreeArrays arrays)
    {
        var nodes = Of(group);
        var all = new double[nodes.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = Threshold(arrays, nodes[i]);
        }

        Sort(all);
        var count = 0;
        for (var i = 0; i < all.Length; i++)
        {
            if (i == 0 || all[i] != all[i - 1])
            {
                all[count++] = all[i];
            }
        }

        return all.AsSpan(0, count).ToArray();
    }

    /// <summary>The position of a node's threshold among those of its group.</summary>
    public static int Find(double[] thresholds, TreeArrays arrays, int node)
    {
        var threshold = Threshold(arrays, node);
        var (start, end) = (0, thresholds.Length);
        while (start < end)
        {
            var middle = (start + end) >> 1;
            (start, end) = thresholds[middle] < threshold ? (middle + 1, end) : (start, middle);
        }

        return start;
    }

    // A heap: its largest goes last, again and again.
    private static void Sort(double[] numbers)
    {
        for (var root = (numbers.Length / 2) - 1; root >= 0; root--)
        {
            SiftDown(numbers, root, numbers.Length);
        }

        for (var end = numbers.Length - 1; end > 0; end--)
        {
            (numbers[0], numbers[end]) = (numbers[end], numbers[0]);
            SiftDown(numbers, 0, end);
        }
    }

    private static void SiftDown(double[] numbers, int root, int end)
    {
        var sifted = numbers[root];
        for (var child = (2 * root) + 1; child < end; child = (2 * root) + 1)
        {
            if (child + 1 < end && numbers[child + 1] > numbers[child])
            {
                child++;
            }

            if (numbers[child] <= sifted)
            {
                break;
            }

            numbers[root] = numbers[child];
            root = child;
        }

        numbers[root] = sifted;
    }

    // Zeros of either sign are the same threshold, as they compare equal.
    private static double Threshold(TreeArrays arrays, int node) => arrays.Thresholds[node] + 0.0;
}
