using System.Globalization;
using Xunit;

namespace Auspex.TestKit;

/// <summary>The seed of a fuzz test: new each time and printed; the environment variable AUSPEX_FUZZ_SEED repeats one.</summary>
public static class FuzzSeed
{
    /// <summary>The variable's name.</summary>
    public const string Variable = "AUSPEX_FUZZ_SEED";

    /// <summary>Chooses the seed and prints it.</summary>
    public static int Choose()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Variable}={seed}");
        return seed;
    }
}
