using System.Globalization;
using System.Text;

namespace Auspex.Cli.Demo;

/// <summary>
/// Makes tables of people whose income follows a known rule, with some values missing: the demo's data. The same seed
/// gives the same bytes everywhere.
/// </summary>
/// <param name="seed">Which people.</param>
/// <param name="shift">Added to the rule's intercept: a later year in which more people earn well.</param>
internal sealed class DemoPeople(ulong seed, double shift)
{
    private static readonly string[] Educations = ["Primary", "Secondary", "Bachelor", "Master", "Doctorate"];
    private static readonly string[] Occupations = ["Clerk", "Craft", "Farmer", "Manager", "Sales", "Service", "Technician"];
    private static readonly double[] OccupationEffects = [-0.3, 0.0, -0.8, 1.1, 0.2, -0.9, 0.6];
    private static readonly string[] Regions = ["N", "E", "S", "W"];
    private static readonly double[] RegionEffects = [0.4, -0.2, -0.5, 0.3];

    private ulong _state = seed;

    /// <summary>The lookup table that the scoring service joins to the people.</summary>
    public const string RegionTable =
        "region,region_name,cost_index\nN,North,112.5\nE,East,96\nS,South,88.25\nW,West,105\n";

    /// <summary>Writes so many people as CSV, with the label when <paramref name="withIncome"/>.</summary>
    public void Write(string path, int rows, bool withIncome)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 16) { NewLine = "\n" };
        writer.WriteLine(
            "person,age,education,occupation,hours_per_week,capital_gain,married,region" + (withIncome ? ",income" : ""));
        for (var row = 1; row <= rows; row++)
        {
            writer.WriteLine(NextPerson(row, withIncome));
        }
    }

    private string NextPerson(int person, bool withIncome)
    {
        var age = 18 + (int)(Next() * 62);
        var education = (int)(Math.Pow(Next(), 1.2) * Educations.Length);
        var occupation = (int)(Next() * Occupations.Length);
        var hours = 10 + (int)(60 * (Next() + Next()) / 2);
        var gain = Next() < 0.08 ? Math.Round(Next() * 20_000, 2) : 0;
        var married = Next() < 0.55;
        var region = (int)(Next() * Regions.Length);

        // The rule: what a model can find, and some chance that it cannot.
        var logit = -3.4 + shift
            + (0.09 * Math.Min(age, 55)) - (0.0012 * age * age / 2)
            + (0.75 * education)
            + OccupationEffects[occupation]
            + (0.05 * (hours - 40))
            + (gain > 5_000 ? 3 : 0)
            + (married ? 0.8 : -0.6)
            + RegionEffects[region];
        var isWealthy = Next() < 1 / (1 + Math.Exp(-1.6 * logit));

        var line = new StringBuilder(80);
        line.Append(CultureInfo.InvariantCulture, $"{person},");
        AppendUnlessMissing(line, 0.02, age.ToString(CultureInfo.InvariantCulture));
        line.Append(Educations[education]).Append(',');
        AppendUnlessMissing(line, 0.03, Occupations[occupation]);
        AppendUnlessMissing(line, 0.01, hours.ToString(CultureInfo.InvariantCulture));
        line.Append(gain.ToString(CultureInfo.InvariantCulture)).Append(',');
        line.Append(married ? "True," : "False,");
        line.Append(Regions[region]);
        if (withIncome)
        {
            line.Append(isWealthy ? ",>50K" : ",<=50K");
        }

        return line.ToString();
    }

    private void AppendUnlessMissing(StringBuilder line, double share, string value)
    {
        if (Next() >= share)
        {
            line.Append(value);
        }

        line.Append(',');
    }

    // SplitMix64 (Steele, Lea and Flood, 2014): small, and the same on every machine.
    private double Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
