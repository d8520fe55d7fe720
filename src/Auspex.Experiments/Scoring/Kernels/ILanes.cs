namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>A byte for each of many rows, in as many vectors as keep the processor's registers busy.</summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many rows; divides <see cref="TreeKernel.BlockRows"/>.</summary>
    static abstract int Rows { get; }

    /// <summary>The same byte for all rows.</summary>
    static abstract TSelf All(byte value);

    /// <summary><paramref name="then"/> where <paramref name="test"/> is not zero, else <paramref name="otherwise"/>.</summary>
    static abstract TSelf OrElse(TSelf test, TSelf then, TSelf otherwise);

    /// <summary>Adds the number of the lowest bit, 0 to 7, of bytes that are not zero.</summary>
    static abstract TSelf AddLowestBit(TSelf sum, TSelf bits);

    /// <summary>
    /// These bytes without the bits of <paramref name="struck"/> where the input is greater than <paramref name="rank"/>,
    /// as signed bytes; both have their byte four times.
    /// </summary>
    TSelf Strike(ref byte input, uint rank, uint struck);

    /// <summary>Writes the bytes.</summary>
    void Store(ref byte target);
}
