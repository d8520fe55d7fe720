using System.Globalization;
using System.Net;

namespace Auspex.Experiments.Reports;

/// <summary>Text and numbers for pages.</summary>
internal static class HtmlText
{
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A number as people read it: four significant digits, no more zeros than needed; a dash where there is none.</summary>
    public static string Number(double? value) => value switch
    {
        null => "&ndash;",
        { } number when double.IsNaN(number) => "&ndash;",
        { } number when number == Math.Floor(number) && Math.Abs(number) < 1e9 => number.ToString("#,0", CultureInfo.InvariantCulture),
        { } number when Math.Abs(number) is >= 1e6 or < 1e-3 => number.ToString("0.###e0", CultureInfo.InvariantCulture),
        { } number when Math.Abs(number) >= 1000 => number.ToString("#,0.#", CultureInfo.InvariantCulture),
        { } number => number.ToString("G4", CultureInfo.InvariantCulture),
    };

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun, which takes an <c>s</c> for all but one.</summary>
    public static string Counted(long count, string noun) => count == 1 ? $"1 {noun}" : $"{Count(count)} {noun}s";

    /// <summary>How large a table is.</summary>
    public static string Size(long rows, int columns) => $"{Counted(rows, "row")}, {Counted(columns, "column")}";

    /// <summary>A coordinate of a picture.</summary>
    public static string At(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan elapsed) => elapsed.TotalMinutes >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalMinutes} min {elapsed.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.00} s");

    public static string Shorten(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "\u2026";
}
