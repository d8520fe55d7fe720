using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Auspex.Experiments.Scoring.Kernels;

internal sealed partial class BitVectorKernel
{
    private void StrikeNumbers(ref float numbers, ref uint state)
    {
        Span<float> patched = stackalloc float[BlockRows];
        ref var node = ref MemoryMarshal.GetArrayDataReference(_numberNodes);
        foreach (ref readonly var run in _numberRuns.AsSpan())
        {
            ref var input = ref WithoutMissing(ref Unsafe.Add(ref numbers, run.Input), run.MissingRight, patched);
            ref var first = ref Unsafe.Add(ref node, run.Start);
            ref var end = ref Unsafe.Add(ref node, run.End);
            switch (_vectorBits)
            {
                case 512:
                    Strike512(ref first, ref end, ref input, ref state);
                    break;
                case 256:
                    Strike256(ref first, ref end, ref input, ref state);
                    break;
                default:
                    Strike128(ref first, ref end, ref input, ref state);
                    break;
            }
        }
    }

    private static ref float WithoutMissing(ref float input, bool missingRight, Span<float> patched)
    {
        var missing = Vector256<float>.Zero;
        for (var i = 0; i < BlockRows; i += 8)
        {
            var values = Vector256.LoadUnsafe(ref input, (nuint)i);
            missing |= ~Vector256.Equals(values, values);
        }

        if (missing.AsInt32() == Vector256<int>.Zero)
        {
            return ref input;
        }

        var instead = missingRight ? float.PositiveInfinity : float.NegativeInfinity;
        for (var i = 0; i < BlockRows; i++)
        {
            var value = Unsafe.Add(ref input, i);
            patched[i] = float.IsNaN(value) ? instead : value;
        }

        return ref MemoryMarshal.GetReference(patched);
    }

    private static void Strike512(ref NumberNode node, ref NumberNode end, ref float input, ref uint state)
    {
        var x0 = Vector512.LoadUnsafe(ref input);
        var x1 = Vector512.LoadUnsafe(ref input, 16);
        for (; Unsafe.IsAddressLessThan(ref node, ref end); node = ref Unsafe.Add(ref node, 1))
        {
            var threshold = Vector512.Create(node.Threshold);
            var right0 = Vector512.GreaterThan(x0, threshold).AsUInt32();
            var right1 = Vector512.GreaterThan(x1, threshold).AsUInt32();
            if ((right0 | right1) == Vector512<uint>.Zero)
            {
                return;
            }

            var struck = Vector512.Create(node.Struck);
            ref var states = ref Unsafe.Add(ref state, node.State);
            Vector512.AndNot(Vector512.LoadUnsafe(ref states), right0 & struck).StoreUnsafe(ref states);
            Vector512.AndNot(Vector512.LoadUnsafe(ref states, 16), right1 & struck).StoreUnsafe(ref states, 16);
        }
    }

    private static void Strike256(ref NumberNode node, ref NumberNode end, ref float input, ref uint state)
    {
        var x0 = Vector256.LoadUnsafe(ref input);
        var x1 = Vector256.LoadUnsafe(ref input, 8);
        var x2 = Vector256.LoadUnsafe(ref input, 16);
        var x3 = Vector256.LoadUnsafe(ref input, 24);
        for (; Unsafe.IsAddressLessThan(ref node, ref end); node = ref Unsafe.Add(ref node, 1))
        {
            var threshold = Vector256.Create(node.Threshold);
            var right0 = Vector256.GreaterThan(x0, threshold).AsUInt32();
            var right1 = Vector256.GreaterThan(x1, threshold).AsUInt32();
            var right2 = Vector256.GreaterThan(x2, threshold).AsUInt32();
            var right3 = Vector256.GreaterThan(x3, threshold).AsUInt32();
            if ((right0 | right1 | right2 | right3) == Vector256<uint>.Zero)
            {
                return;
            }

            var struck = Vector256.Create(node.Struck);
            ref var states = ref Unsafe.Add(ref state, node.State);
            Vector256.AndNot(Vector256.LoadUnsafe(ref states), right0 & struck).StoreUnsafe(ref states);
            Vector256.AndNot(Vector256.LoadUnsafe(ref states, 8), right1 & struck).StoreUnsafe(ref states, 8);
            Vector256.AndNot(Vector256.LoadUnsafe(ref states, 16), right2 & struck).StoreUnsafe(ref states, 16);
            Vector256.AndNot(Vector256.LoadUnsafe(ref states, 24), right3 & struck).StoreUnsafe(ref states, 24);
        }
    }

    private static void Strike128(ref NumberNode node, ref NumberNode end, ref float input, ref uint state)
    {
        for (; Unsafe.IsAddressLessThan(ref node, ref end); node = ref Unsafe.Add(ref node, 1))
        {
            var threshold = Vector128.Create(node.Threshold);
            var struck = Vector128.Create(node.Struck);
            var any = Vector128<uint>.Zero;
            ref var states = ref Unsafe.Add(ref state, node.State);
            for (nuint i = 0; i < BlockRows; i += 4)
            {
                var right = Vector128.GreaterThan(Vector128.LoadUnsafe(ref input, i), threshold).AsUInt32();
                any |= right;
                Vector128.AndNot(Vector128.LoadUnsafe(ref states, i), right & struck).StoreUnsafe(ref states, i);
            }

            if (any == Vector128<uint>.Zero)
            {
                return;
            }
        }
    }

    private void StrikeLevels(ref int codes, ref uint state)
    {
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(_levelNodes);
        foreach (ref readonly var run in _levelRuns.AsSpan())
        {
            ref var input = ref Unsafe.Add(ref codes, run.Input);
            var level = Vector256.Create(run.Level);
            var right0 = Vector256.Equals(Vector256.LoadUnsafe(ref input), level).AsUInt32();
            var right1 = Vector256.Equals(Vector256.LoadUnsafe(ref input, 8), level).AsUInt32();
            var right2 = Vector256.Equals(Vector256.LoadUnsafe(ref input, 16), level).AsUInt32();
            var right3 = Vector256.Equals(Vector256.LoadUnsafe(ref input, 24), level).AsUInt32();
            if ((right0 | right1 | right2 | right3) == Vector256<uint>.Zero)
            {
                continue;
            }

            for (var i = run.Start; i < run.End; i++)
            {
                ref var node = ref Unsafe.Add(ref nodes, i);
                var struck = Vector256.Create(node.Struck);
                ref var states = ref Unsafe.Add(ref state, node.State);
                Vector256.AndNot(Vector256.LoadUnsafe(ref states), right0 & struck).StoreUnsafe(ref states);
                Vector256.AndNot(Vector256.LoadUnsafe(ref states, 8), right1 & struck).StoreUnsafe(ref states, 8);
                Vector256.AndNot(Vector256.LoadUnsafe(ref states, 16), right2 & struck).StoreUnsafe(ref states, 16);
                Vector256.AndNot(Vector256.LoadUnsafe(ref states, 24), right3 & struck).StoreUnsafe(ref states, 24);
            }
        }
    }
}
