using System.Numerics.Tensors;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training.Trees;

/// <summary>What a round of boosting does before and after its tree is grown: derivatives of the loss, and what the leaves give.</summary>
internal sealed class BoostingRound
{
    // A leaf of rows that are all but certain has next to no curvature; its output would be noise.
    private const double LeastSecond = 1e-3;

    // Enough for many threads. Their number depends on the rows alone: sums of parts would not be the same for other parts.
    private const int MostParts = 64;
    private const int LeastPartRows = 16_384;

    // Rows whose numbers stay in a processor's nearer memory from one step to the next.
    private const int BlockRows = 1024;

    private readonly double[] _targets;
    private readonly ModelTask _task;
    private readonly double _rate;
    private readonly ParallelOptions _parallel;
    private readonly double[] _sums;
    private readonly int _parts;
    private int[]? _leafOfRow;
    private double[] _outputs = [];

    public BoostingRound(double[] targets, ModelTask task, BoostedTreesOptions options, ParallelOptions parallel)
    {
        _targets = targets;
        _task = task;
        _rate = options.LearningRate;
        _parallel = parallel;
        var mean = TensorPrimitives.Sum<double>(targets) / targets.Length;
        Bias = task == ModelTask.Binary ? Math.Log(mean / (1 - mean)) : mean;
        _sums = new double[targets.Length];
        Array.Fill(_sums, Bias);
        Gradients = new Gradients(targets.Length);
        _parts = Math.Clamp(targets.Length / LeastPartRows, 1, MostParts);
    }

    /// <summary>What the sums of all rows start with.</summary>
    public double Bias { get; }

    /// <summary>Derivatives of the round.</summary>
    public Gradients Gradients { get; }

    /// <summary>Takes the derivatives where the trees so far have come to.</summary>
    /// <param name="words">Receives them, as a tree's grower takes them.</param>
    /// <returns>Their sum.</returns>
    public long Begin(long[] words)
    {
        var greatest = new double[_parts];
        Parallel.For(0, _parts, _parallel, part =>
        {
            var (start, end) = Rows(part);
            for (; start < end; start += BlockRows)
            {
                greatest[part] = Math.Max(greatest[part], Derive(start, Math.Min(BlockRows, end - start)));
            }
        });
        Gradients.Begin(greatest.Max());
        var totals = new long[_parts];
        Parallel.For(0, _parts, _parallel, part =>
        {
            var (start, end) = Rows(part);
            totals[part] = Gradients.Fill(start, words.AsSpan(start..end));
        });
        return totals.Sum();
    }

    /// <summary>Computes what the leaves of the round's tree give.</summary>
    /// <param name="leafOfRow">The leaf of each row; it is read again when the next round begins.</param>
    /// <param name="leaves">Leaves.</param>
    public double[] End(int[] leafOfRow, int leaves)
    {
        var sums = new (double First, double Second)[_parts][];
        Parallel.For(0, _parts, _parallel, part =>
        {
            var (start, end) = Rows(part);
            var ofLeaf = new (double First, double Second)[leaves];
            for (var row = start; row < end; row++)
            {
                ref var sum = ref ofLeaf[leafOfRow[row]];
                sum.First += Gradients.First[row];
                sum.Second += Gradients.Second[row];
            }

            sums[part] = ofLeaf;
        });
        _leafOfRow = leafOfRow;
        _outputs = new double[leaves];
        for (var leaf = 0; leaf < leaves; leaf++)
        {
            var (first, second) = (0.0, 0.0);
            foreach (var ofLeaf in sums)
            {
                first += ofLeaf[leaf].First;
                second += ofLeaf[leaf].Second;
            }

            _outputs[leaf] = -_rate * first / Math.Max(second, LeastSecond);
        }

        return _outputs;
    }

    // The greatest magnitude among the first derivatives of a block.
    private double Derive(int start, int count)
    {
        var sums = _sums.AsSpan(start, count);
        var first = Gradients.First.AsSpan(start, count);
        var second = Gradients.Second.AsSpan(start, count);
        var targets = _targets.AsSpan(start, count);
        if (_leafOfRow is not null)
        {
            var leaves = _leafOfRow.AsSpan(start, count);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += _outputs[leaves[i]];
            }
        }

        if (_task == ModelTask.Binary)
        {
            LogLoss(sums, targets, first, second);
        }
        else
        {
            TensorPrimitives.Subtract(sums, targets, first);
            second.Fill(1);
        }

        return Math.Abs(TensorPrimitives.MaxMagnitude<double>(first));
    }

    private static void LogLoss(ReadOnlySpan<double> sums, ReadOnlySpan<double> targets, Span<double> first, Span<double> second)
    {
        // first = p - target, second = p (1 - p)
        TensorPrimitives.Sigmoid(sums, first);
        TensorPrimitives.Subtract(1.0, first, second);
        TensorPrimitives.Multiply(first, second, second);
        TensorPrimitives.Subtract(first, targets, first);
    }

    private (int Start, int End) Rows(int part) =>
        ((int)((long)_targets.Length * part / _parts), (int)((long)_targets.Length * (part + 1) / _parts));
}
