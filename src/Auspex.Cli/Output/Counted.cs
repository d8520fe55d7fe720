using System.Globalization;

namespace Auspex.Cli.Output;

/// <summary>A number with the word for what is counted.</summary>
internal static class Counted
{
    /// <summary><c>1 row</c>, <c>2,000 rows</c>.</summary>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");
}
