using System.Globalization;
using System.Text;
using Auspex.Experiments.Execution;

namespace Auspex.Benchmarks.Workloads;

/// <summary>
/// Workload H: a label <c>y</c> and 28 standard-normal columns with six significant digits, of which the label depends on
/// eleven, through products, squares and a sine that trees have to find.
/// </summary>
/// <remarks>The label stands first, where LightGBM's file prediction looks for it.</remarks>
internal static class NumericWorkload
{
    private const int Columns = 28;

    // The median of the signal over 20 million draws, so that both labels are equally frequent.
    private const double Median = 1.0718;

    public static void Write(string path, long rows, long seed)
    {
        var random = new SeededRandom(seed);
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 18) { NewLine = "\n" };
        writer.WriteLine("y," + string.Join(',', Enumerable.Range(0, Columns).Select(column => $"x{column}")));
        var x = new double[Columns];
        var text = new char[32];
        for (var row = 0L; row < rows; row++)
        {
            Draw(random, x);
            writer.Write(random.NextDouble() < 1 / (1 + Math.Exp(Median - Signal(x))) ? '1' : '0');
            foreach (var value in x)
            {
                writer.Write(',');
                value.TryFormat(text, out var length, "G6", CultureInfo.InvariantCulture);
                writer.Write(text, 0, length);
            }

            writer.WriteLine();
        }
    }

    private static double Signal(double[] x) =>
        (x[0] * x[1]) + Math.Sin(2 * x[2]) + (0.7 * x[3] * x[3]) - (0.5 * x[4] * x[5]) + (0.6 * Math.Abs(x[6]))
        - (0.3 * x[7] * x[8] * x[9]) + (0.4 * x[10]);

    // Box and Muller, two at a time.
    private static void Draw(SeededRandom random, double[] x)
    {
        for (var i = 0; i < x.Length; i += 2)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sin, cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
            x[i] = radius * cos;
            x[i + 1] = radius * sin;
        }
    }
}
