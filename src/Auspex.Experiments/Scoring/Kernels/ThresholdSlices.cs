using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>
/// Finds how many thresholds are smaller than a number by the slice that it lies in: the thresholds' range is cut into
/// slices of one width, each of which has no more thresholds than one vector compares. Immutable.
/// </summary>
/// <remarks>
/// The same operations, none of which ever gives less for more, tell the slice of a number and of a threshold. So all
/// thresholds of lower slices are smaller, and none of higher ones is, however the operations round.
/// </remarks>
internal sealed class ThresholdSlices
{
    private const int Slices = 256;
    private const int MostInSlice = 8;

    private readonly float[] _thresholds;
    private readonly byte[] _before = new byte[Slices];
    private readonly float _least;
    private readonly float _scale;

    private ThresholdSlices(ReadOnlySpan<double> thresholds, float least, float scale)
    {
        (_least, _scale) = (least, scale);

        // A vector can be loaded from any of them; nothing is greater than the infinity that fills it up.
        _thresholds = new float[thresholds.Length + MostInSlice];
        _thresholds.AsSpan(thresholds.Length).Fill(float.PositiveInfinity);
        for (var i = 0; i < thresholds.Length; i++)
        {
            _thresholds[i] = (float)thresholds[i];
        }
    }

    /// <summary>Cuts thresholds into slices.</summary>
    /// <param name="thresholds">Up to 255, ascending.</param>
    /// <returns>Null where the processor lacks what is needed, or thresholds lie too close together for their range.</returns>
    public static ThresholdSlices? Cut(ReadOnlySpan<double> thresholds)
    {
        if (!Avx2.IsSupported || thresholds.IsEmpty)
        {
            return null;
        }

        var (least, greatest) = ((float)thresholds[0], (float)thresholds[^1]);
        var scale = (Slices - 1) / (greatest - least);
        if (!float.IsFinite(least) || !float.IsFinite(greatest) || !float.IsFinite(scale) || scale == 0)
        {
            return null;
        }

        var cut = new ThresholdSlices(thresholds, least, scale);
        return cut.TryCount(thresholds.Length) ? cut : null;
    }

    /// <summary>Ranks a block of numbers; a missing one has no smaller threshold.</summary>
    /// <param name="values"><see cref="TreeKernel.BlockRows"/> numbers.</param>
    /// <param name="zero">Added to each rank.</param>
    /// <param name="ranks">Gets the ranks.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Rank(ref float values, int zero, ref byte ranks)
    {
        Span<int> slices = stackalloc int[TreeKernel.BlockRows];
        ref var slice = ref MemoryMarshal.GetReference(slices);
        var (least, scale) = (Vector256.Create(_least), Vector256.Create(_scale));
        for (nuint row = 0; row < TreeKernel.BlockRows; row += (nuint)Vector256<float>.Count)
        {
            // Of a missing number and another, these give the other.
            var place = (Vector256.LoadUnsafe(ref values, row) - least) * scale;
            place = Avx.Min(Avx.Max(place, Vector256<float>.Zero), Vector256.Create((float)(Slices - 1)));
            Avx.ConvertToVector256Int32WithTruncation(place).StoreUnsafe(ref slice, row);
        }

        ref var first = ref MemoryMarshal.GetArrayDataReference(_thresholds);
        ref var lower = ref MemoryMarshal.GetArrayDataReference(_before);
        for (nuint row = 0; row < TreeKernel.BlockRows; row++)
        {
            nuint before = Unsafe.Add(ref lower, (nuint)(uint)Unsafe.Add(ref slice, row));
            var smaller = Vector256.GreaterThan(Vector256.Create(Unsafe.Add(ref values, row)), Vector256.LoadUnsafe(ref first, before));
            Unsafe.Add(ref ranks, row) = (byte)((int)before + BitOperations.PopCount(smaller.ExtractMostSignificantBits()) + zero);
        }
    }

    private bool TryCount(int count)
    {
        var next = 0;
        for (var slice = 0; slice < Slices; slice++)
        {
            _before[slice] = (byte)next;
            while (next < count && SliceOf(_thresholds[next]) == slice)
            {
                next++;
            }

            if (next - _before[slice] > MostInSlice)
            {
                return false;
            }
        }

        return next == count;
    }

    private int SliceOf(float number) => (int)Math.Min(Math.Max((number - _least) * _scale, 0f), Slices - 1);
}
