using System.Globalization;

namespace Auspex.Benchmarks.Workloads;

/// <summary>
/// <c>workload H FILE ROWS SEED</c> and <c>workload A FILE ROWS SEED CENSUS_FILE</c> write the tables that batch scoring is
/// measured with; the same seed gives the same bytes.
/// </summary>
internal static class WorkloadFile
{
    public static int Write(string[] arguments)
    {
        switch (arguments)
        {
            case ["H", var file, var rows, var seed]:
                NumericWorkload.Write(file, Number(rows), Number(seed));
                return 0;
            case ["A", var file, var rows, var seed, var census]:
                if (!File.Exists(census))
                {
                    Console.Error.WriteLine(
                        $"workload: {census} is not there; workload A resamples the adult census (15 columns with a header).");
                    return 1;
                }

                CensusWorkload.Write(census, file, Number(rows), Number(seed));
                return 0;
            default:
                Console.Error.WriteLine("workload: expected H FILE ROWS SEED, or A FILE ROWS SEED CENSUS_FILE.");
                return 2;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
