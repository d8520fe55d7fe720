using System.Globalization;
using System.Text;
using Auspex.Experiments.Execution;

namespace Auspex.Benchmarks.Workloads;

/// <summary>
/// Workload A: rows of the adult census drawn with replacement, with <c>age</c> moved by up to two years and
/// <c>fnlwgt</c> raised by up to 999, so that rows differ.
/// </summary>
internal static class CensusWorkload
{
    public static void Write(string censusPath, string path, long rows, long seed)
    {
        var lines = File.ReadAllLines(censusPath);
        var names = lines[0].Split(',');
        var age = Array.IndexOf(names, "age");
        var weight = Array.IndexOf(names, "fnlwgt");
        if (age < 0 || weight < 0 || lines.Length < 2 || lines.Any(line => line.Contains('"', StringComparison.Ordinal)))
        {
            throw new InvalidDataException(
                $"{censusPath}: expected a header with the columns age and fnlwgt, at least one row and no quotes.");
        }

        var people = lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(',')).ToArray();
        var random = new SeededRandom(seed);
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 18) { NewLine = "\n" };
        writer.WriteLine(lines[0]);
        for (var row = 0L; row < rows; row++)
        {
            var person = people[random.Next(people.Length)];
            for (var column = 0; column < person.Length; column++)
            {
                if (column > 0)
                {
                    writer.Write(',');
                }

                if (column == age)
                {
                    writer.Write(Moved(person[column], random.Next(5) - 2));
                }
                else if (column == weight)
                {
                    writer.Write(Moved(person[column], random.Next(1000)));
                }
                else
                {
                    writer.Write(person[column]);
                }
            }

            writer.WriteLine();
        }
    }

    private static int Moved(string number, int by) => int.Parse(number, CultureInfo.InvariantCulture) + by;
}
