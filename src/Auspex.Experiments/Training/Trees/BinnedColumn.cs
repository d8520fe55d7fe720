using System.Buffers;
using System.Numerics.Tensors;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training.Trees;

/// <summary>A feature column as small numbers per row, with what is needed to make splits of them.</summary>
internal sealed class BinnedColumn
{
    private const int ChunkRows = 4096;

    private BinnedColumn(
        int feature, float[]? thresholds, int binCount, byte[]? bytes, ushort[]? words, bool hasMissing, ColumnProfile profile)
    {
        Feature = feature;
        Thresholds = thresholds;
        BinCount = binCount;
        Bytes = bytes;
        Words = words;
        HasMissing = hasMissing;
        Profile = profile;
    }

    /// <summary>The column's index among the features.</summary>
    public int Feature { get; }

    /// <summary>For numbers: bin b holds values above threshold b - 1 and up to threshold b. Null for levels.</summary>
    public float[]? Thresholds { get; }

    /// <summary>Bins; the last one holds missing values and never stands for a threshold or level.</summary>
    public int BinCount { get; }

    /// <summary>Bin per row where 256 bins are enough.</summary>
    public byte[]? Bytes { get; }

    /// <summary>Bin per row otherwise.</summary>
    public ushort[]? Words { get; }

    /// <summary>Whether any row is in the last bin.</summary>
    public bool HasMissing { get; }

    /// <summary>What the column holds.</summary>
    public ColumnProfile Profile { get; }

    /// <summary>What values of a bin and those below do not exceed; 0 for levels.</summary>
    public float Threshold(int bin) =>
        Thresholds is null ? 0 : bin < Thresholds.Length ? Thresholds[bin] : float.MaxValue;

    /// <summary>Bins a column of the set.</summary>
    public static BinnedColumn Create(TrainingSet set, int feature, int mostBins) =>
        set.Layout.IsLevels(feature) ? OfLevels(set, feature) : OfNumbers(set, feature, mostBins);

    private static BinnedColumn OfNumbers(TrainingSet set, int feature, int mostBins)
    {
        var values = ArrayPool<float>.Shared.Rent(set.RowCount);
        try
        {
            return OfNumbers(set, feature, mostBins, values.AsSpan(0, set.RowCount));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    private static BinnedColumn OfNumbers(TrainingSet set, int feature, int mostBins, Span<float> values)
    {
        var tally = new ColumnTally();
        var chunk = new double[Math.Min(ChunkRows, values.Length)];
        for (var start = 0; start < values.Length; start += ChunkRows)
        {
            // The numbers themselves are what a profile is of; singles, rounded, are what trees compare.
            var numbers = chunk.AsSpan(0, Math.Min(ChunkRows, values.Length - start));
            set.Features[feature].ReadNumbers(set.Table, start, numbers);
            tally.Add(numbers);
            TensorPrimitives.ConvertSaturating<double, float>(numbers, values[start..]);
        }

        var thresholds = BinBoundaries.Find(values, mostBins);
        var bins = GC.AllocateUninitializedArray<byte>(values.Length);
        var hasMissing = BinSearch.Find(thresholds, values, bins);
        return new BinnedColumn(feature, thresholds, thresholds.Length + 2, bins, null, hasMissing, tally.ToProfile());
    }

    private static BinnedColumn OfLevels(TrainingSet set, int feature)
    {
        var codes = new int[set.RowCount];
        set.Features[feature].ReadCodes(set.Table, 0, codes);
        var tally = new ColumnTally();
        tally.Add(codes, set.Layout.Columns[feature].Categories!.Levels.Length);
        var binCount = set.Layout.Width(feature) + 1;
        var hasMissing = false;
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] < 0)
            {
                codes[row] = binCount - 1;
                hasMissing = true;
            }
        }

        return binCount <= 256
            ? new BinnedColumn(feature, null, binCount, Array.ConvertAll(codes, code => (byte)code), null, hasMissing, tally.ToProfile())
            : new BinnedColumn(feature, null, binCount, null, Array.ConvertAll(codes, code => (ushort)code), hasMissing, tally.ToProfile());
    }
}
