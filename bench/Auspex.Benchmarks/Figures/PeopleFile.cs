using System.Globalization;
using Auspex.Cli.Demo;

namespace Auspex.Benchmarks.Figures;

/// <summary><c>people FILE ROWS SEED [income]</c>: the demo's people in any number, with their label or without; the same bytes each time.</summary>
internal static class PeopleFile
{
    public static int Write(string[] arguments)
    {
        if (arguments is not [var file, var rows, var seed, ..])
        {
            Console.Error.WriteLine("people: expected FILE ROWS SEED [income].");
            return 2;
        }

        var people = new DemoPeople(ulong.Parse(seed, CultureInfo.InvariantCulture), shift: 0);
        people.Write(file, int.Parse(rows, CultureInfo.InvariantCulture), withIncome: arguments is [.., "income"]);
        return 0;
    }
}
