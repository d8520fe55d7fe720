using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// A column of numbers that trees ask for single numbers: codes are the indexes of those, one past the last for a missing
/// number, and -1 for others.
/// </summary>
internal sealed class PointFeature(int column, BoundFeature numbers, double[] points, bool inDouble) : BoundFeature(column)
{
    public override void ReadNumbers(TableBatch batch, int start, Span<double> values) => numbers.ReadNumbers(batch, start, values);

    public override void ReadSingles(TableBatch batch, int start, Span<float> values) => numbers.ReadSingles(batch, start, values);

    public override void ReadCodes(TableBatch batch, int start, Span<int> codes)
    {
        Span<double> values = stackalloc double[TreeKernel.BlockRows];
        while (!codes.IsEmpty)
        {
            var some = values[..Math.Min(codes.Length, values.Length)];
            Read(batch, start, some);
            for (var i = 0; i < some.Length; i++)
            {
                codes[i] = double.IsNaN(some[i]) ? points.Length : Math.Max(-1, points.AsSpan().BinarySearch(some[i] + 0.0));
            }

            start += some.Length;
            codes = codes[some.Length..];
        }
    }

    private void Read(TableBatch batch, int start, Span<double> values)
    {
        numbers.ReadNumbers(batch, start, values);
        if (!inDouble)
        {
            foreach (ref var value in values)
            {
                value = (float)value;
            }
        }
    }
}
