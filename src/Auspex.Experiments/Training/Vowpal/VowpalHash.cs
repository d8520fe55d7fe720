using System.Text;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Training.Vowpal;

/// <summary>The hashes by which Vowpal Wabbit finds a feature's weight, of one and of several.</summary>
internal static class VowpalHash
{
    /// <summary>The feature that every example has.</summary>
    public const uint Constant = 11650396;

    private const uint PairPrime = 16777619;

    /// <summary>A name's hash. Names of digits alone are their number, unless all are to be hashed.</summary>
    public static uint Of(string name, uint seed, bool hashesAll)
    {
        var trimmed = name.AsSpan().Trim();
        if (!hashesAll)
        {
            uint number = 0;
            var isNumber = trimmed.Length > 0;
            foreach (var character in trimmed)
            {
                isNumber &= char.IsAsciiDigit(character);
                number = isNumber ? unchecked((10 * number) + (uint)(character - '0')) : number;
            }

            if (isNumber)
            {
                return unchecked(number + seed);
            }
        }

        return MurmurHash.Of(Encoding.UTF8.GetBytes(hashesAll ? name : trimmed.ToString()), seed);
    }

    /// <summary>Two features as one.</summary>
    public static uint Pair(uint first, uint second) => unchecked(second ^ (PairPrime * first));

    /// <summary>Three features as one.</summary>
    public static uint Triple(uint first, uint second, uint third) => unchecked(third ^ (PairPrime * (second ^ (PairPrime * first))));

    /// <summary>A sequence of features, longer by one.</summary>
    public static uint Gram(uint sequence, uint next) => unchecked((sequence * MurmurHash.NGramFactor) + next);
}
