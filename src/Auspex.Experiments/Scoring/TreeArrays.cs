namespace Auspex.Experiments.Scoring;

/// <summary>The arrays of a <see cref="TreeEnsemble"/>, as its remarks say.</summary>
internal sealed record TreeArrays
{
    /// <summary>In <see cref="Levels"/>: the node compares a number.</summary>
    public const int Number = -1;

    /// <summary>In <see cref="MissingRight"/>: a missing number goes right.</summary>
    public const byte GoesRight = 1;

    /// <summary>In <see cref="MissingRight"/>: a number near zero counts as missing.</summary>
    public const byte ZeroIsMissing = 2;

    /// <summary>How far from zero such a number may be: LightGBM's bound, a literal of single precision.</summary>
    public const double ZeroBand = 1e-35f;

    /// <summary>Per tree the index of its first node, and the number of all nodes at the end.</summary>
    public required int[] NodeStarts { get; init; }

    /// <summary>Per tree the index of its first leaf, and the number of all leaves at the end.</summary>
    public required int[] LeafStarts { get; init; }

    /// <summary>Per node the column that it asks for.</summary>
    public required int[] Features { get; init; }

    /// <summary>Per node the threshold; 0 for a level node. Of single precision, unless <see cref="InDouble"/>.</summary>
    public required double[] Thresholds { get; init; }

    /// <summary>Whether numbers are compared in double precision and not rounded to single first.</summary>
    public bool InDouble { get; init; }

    /// <summary>
    /// Per node the level, or on a column of numbers the point; <see cref="Number"/> for a comparison; below it, see
    /// <see cref="SetOf"/>, a set of levels or points.
    /// </summary>
    public required int[] Levels { get; init; }

    /// <summary>Per node where a missing number goes: <see cref="GoesRight"/>, and what is missing: <see cref="ZeroIsMissing"/>.</summary>
    public required byte[] MissingRight { get; init; }

    /// <summary>Per node the child for rows that go left.</summary>
    public required int[] Left { get; init; }

    /// <summary>Per node the child for rows that go right.</summary>
    public required int[] Right { get; init; }

    /// <summary>Per leaf what it adds to the sum.</summary>
    public required double[] LeafValues { get; init; }

    /// <summary>Per leaf how many training rows came to it, or their weight; none where that is not known.</summary>
    public double[] LeafCovers { get; init; } = [];

    /// <summary>Per set of levels the index of its first level, and the number of all at the end. Many ensembles have none.</summary>
    public int[] SetStarts { get; init; } = [0];

    /// <summary>The levels of the sets.</summary>
    public int[] SetLevels { get; init; } = [];

    /// <summary>Columns of numbers that nodes ask for single numbers, "points", ascending.</summary>
    public int[] PointColumns { get; init; } = [];

    /// <summary>Per such column the index of its first point, and the number of all at the end.</summary>
    public int[] PointStarts { get; init; } = [0];

    /// <summary>The points, ascending in each column. The one after a column's last is the missing number.</summary>
    public double[] Points { get; init; } = [];

    /// <summary>The set that an element of <see cref="Levels"/> below <see cref="Number"/> means; its own inverse.</summary>
    public static int SetOf(int level) => Number - 1 - level;

    /// <summary>The levels of a set.</summary>
    public ReadOnlySpan<int> SetLevelsOf(int set) => SetLevels.AsSpan(SetStarts[set]..SetStarts[set + 1]);

    /// <summary>The points of a column; none where it is not asked for any.</summary>
    public double[] PointsOf(int column) =>
        Array.BinarySearch(PointColumns, column) is >= 0 and var at ? Points[PointStarts[at]..PointStarts[at + 1]] : [];

    /// <summary>How many points a column has; -1 where it is not asked for any.</summary>
    public int CountPoints(int column) =>
        Array.BinarySearch(PointColumns, column) is >= 0 and var at ? PointStarts[at + 1] - PointStarts[at] : -1;

    /// <summary>Whether a row goes right at a node.</summary>
    /// <param name="node">The node, counted through all trees.</param>
    /// <param name="number">Its number in the node's column, NaN for a missing one; of single precision unless <see cref="InDouble"/>.</param>
    /// <param name="code">Its level or point there.</param>
    public bool SendsRight(int node, double number, int code)
    {
        var level = Levels[node];
        if (level >= 0)
        {
            return code == level;
        }

        if (level < Number)
        {
            return SetLevelsOf(SetOf(level)).Contains(code);
        }

        var missing = MissingRight[node];
        return double.IsNaN(number) || ((missing & ZeroIsMissing) != 0 && Math.Abs(number) <= ZeroBand)
            ? (missing & GoesRight) != 0
            : number > Thresholds[node];
    }

    /// <summary>Checks the form. Files come from anywhere, and kernels read these arrays without looking.</summary>
    /// <exception cref="FormatException">Lengths, order, cycles or numbers are wrong.</exception>
    public void Check()
    {
        var nodes = Features.Length;
        if (NodeStarts.Length < 1 || LeafStarts.Length != NodeStarts.Length || Thresholds.Length != nodes || Levels.Length != nodes
            || MissingRight.Length != nodes || Left.Length != nodes || Right.Length != nodes
            || !Ascends(NodeStarts, nodes) || !Ascends(LeafStarts, LeafValues.Length)
            || SetStarts.Length < 1 || !Ascends(SetStarts, SetLevels.Length))
        {
            throw new FormatException("The arrays of the trees do not fit each other.");
        }

        for (var node = 0; node < nodes; node++)
        {
            if (!IsNumber(Thresholds[node]) || MissingRight[node] > (GoesRight | ZeroIsMissing))
            {
                throw new FormatException($"Node {node} has a threshold or a direction that is none.");
            }

            if (Levels[node] < Number && (Levels[node] == int.MinValue || SetOf(Levels[node]) >= SetStarts.Length - 1))
            {
                throw new FormatException($"Node {node} asks for a set of levels that is not there.");
            }
        }

        foreach (var value in LeafValues)
        {
            if (!double.IsFinite(value))
            {
                throw new FormatException("A leaf's value is not a finite number.");
            }
        }

        if (LeafCovers.Length > 0 && (LeafCovers.Length != LeafValues.Length || LeafCovers.Any(cover => !double.IsFinite(cover) || cover < 0)))
        {
            throw new FormatException("The numbers of rows at the leaves do not fit the leaves.");
        }

        foreach (var level in SetLevels)
        {
            if (level < 0)
            {
                throw new FormatException("A set of levels has a negative one.");
            }
        }

        CheckPoints();
        for (var tree = 0; tree < NodeStarts.Length - 1; tree++)
        {
            CheckTree(tree);
        }
    }

    // Infinite thresholds are met: "greater than infinity" asks whether a number is missing.
    private bool IsNumber(double number) => InDouble ? !double.IsNaN(number) : (float)number == number;

    private void CheckPoints()
    {
        if (PointStarts.Length != PointColumns.Length + 1 || !Ascends(PointStarts, Points.Length))
        {
            throw new FormatException("The points of the trees do not fit their columns.");
        }

        for (var i = 0; i < PointColumns.Length; i++)
        {
            var points = Points.AsSpan(PointStarts[i]..PointStarts[i + 1]);
            for (var point = 0; point < points.Length; point++)
            {
                if (!IsNumber(points[point]) || (point > 0 && points[point] <= points[point - 1])
                    || (i > 0 && PointColumns[i] <= PointColumns[i - 1]))
                {
                    throw new FormatException("The points of the trees are not in ascending order.");
                }
            }
        }
    }

    private static bool Ascends(int[] starts, int end)
    {
        for (var i = 1; i < starts.Length; i++)
        {
            if (starts[i] < starts[i - 1])
            {
                return false;
            }
        }

        return starts[0] == 0 && starts[^1] == end;
    }

    // Walks left child first and expects node and leaf numbers to count up: that excludes cycles, shared children,
    // unreachable nodes and children outside the tree at once.
    private void CheckTree(int tree)
    {
        var start = NodeStarts[tree];
        var nodes = NodeStarts[tree + 1] - start;
        var leaves = LeafStarts[tree + 1] - LeafStarts[tree];
        if (leaves != nodes + 1)
        {
            throw new FormatException($"Tree {tree} has {nodes} nodes and {leaves} leaves; expected one leaf more than nodes.");
        }

        var pending = new Stack<int>();
        pending.Push(nodes == 0 ? ~0 : 0);
        int nextNode = 0, nextLeaf = 0;
        while (pending.TryPop(out var child))
        {
            if (child < 0 ? ~child != nextLeaf || nextLeaf >= leaves : child != nextNode || nextNode >= nodes)
            {
                throw new FormatException($"Tree {tree} is not in pre-order: found child {child}.");
            }

            if (child < 0)
            {
                nextLeaf++;
                continue;
            }

            nextNode++;
            pending.Push(Right[start + child]);
            pending.Push(Left[start + child]);
        }
    }
}
