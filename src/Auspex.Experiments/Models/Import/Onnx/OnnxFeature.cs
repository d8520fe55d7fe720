namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>A feature of the trees, as a function of one column of the model's inputs.</summary>
/// <param name="Input">The input.</param>
/// <param name="Index">Which of its numbers.</param>
/// <param name="IsDouble">Whether it is compared in double precision and was never rounded to single.</param>
/// <param name="Scales">(x - offset) * scale in single precision, one after the other; scales are not 0.</param>
internal sealed record OnnxFeature(OnnxInput Input, int Index, bool IsDouble, ReadOnlyMemory<(float Offset, float Scale)> Scales)
{
    /// <summary>Whether greater numbers give smaller features.</summary>
    public bool IsReversed
    {
        get
        {
            var reversed = false;
            foreach (var (_, scale) in Scales.Span)
            {
                reversed ^= scale < 0;
            }

            return reversed;
        }
    }

    /// <summary>
    /// The greatest number of single precision whose feature is not greater than <paramref name="threshold"/>; reversed, the
    /// greatest whose feature is greater. Exact, rounding included, as the function is monotone.
    /// </summary>
    public double Unscale(double threshold)
    {
        if (Scales.IsEmpty)
        {
            return threshold;
        }

        // Keys of all numbers in order, infinities included; what is sought lies in [low, high).
        var (low, high) = ((long)Key(float.NegativeInfinity) - 1, (long)Key(float.PositiveInfinity) + 1);
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            var isGreater = Scale(Number((int)middle)) > threshold;
            (low, high) = isGreater == IsReversed ? (middle, high) : (low, middle);
        }

        return low < Key(float.NegativeInfinity) ? double.NegativeInfinity : Number((int)low);
    }

    private float Scale(float number)
    {
        foreach (var (offset, scale) in Scales.Span)
        {
            number = (number - offset) * scale;
        }

        return number;
    }

    private static int Key(float number)
    {
        var bits = BitConverter.SingleToInt32Bits(number);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    private static float Number(int key) => BitConverter.Int32BitsToSingle(key ^ ((key >> 31) & int.MaxValue));
}
