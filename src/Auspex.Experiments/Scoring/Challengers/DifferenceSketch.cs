namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>How sizes of differences are spread, in 2 MiB: bins of the numbers' own bits, each 1/128 wide of its value.</summary>
internal sealed class DifferenceSketch
{
    // Of double precision, so many bits of the fraction tell bins apart.
    private const int Shift = 52 - 7;

    private readonly long[] _bins = new long[1 << (63 - Shift)];

    /// <summary>Sizes added.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean.</summary>
    public double Mean => _sum / Count;

    private double _sum;

    public void Add(double size)
    {
        _bins[BitConverter.DoubleToInt64Bits(Math.Abs(size)) >> Shift]++;
        _sum += Math.Abs(size);
        Count++;
    }

    /// <summary>The size that this part of the differences does not exceed, from below within 1 %; NaN where there are none.</summary>
    public double Quantile(double part)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(part * Count));
        for (var bin = 0L; bin < _bins.Length; bin++)
        {
            wanted -= _bins[bin];
            if (wanted <= 0)
            {
                return BitConverter.Int64BitsToDouble(bin << Shift);
            }
        }

        return double.NaN;
    }
}
