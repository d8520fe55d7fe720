using System.Globalization;
using System.Text;
using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>A report for people: terminals, and the message of a failed job.</summary>
internal static class ContractText
{
    // A job's message is stored and shown whole; with this many differences the first ones tell the cause.
    private const int MostShown = 20;
    private const int MostNames = 10;
    private const int WidestName = 32;

    public static string Of(ContractReport report)
    {
        var text = new StringBuilder();
        text.Append(Headline(report));
        var width = 0;
        foreach (var difference in report.Differences)
        {
            width = difference.Severity == DiagnosticSeverity.Information ? width : Math.Max(width, Name(difference).Length);
        }

        AddAll(text, report, DiagnosticSeverity.Error, "error", width);
        AddAll(text, report, DiagnosticSeverity.Warning, "warning", width);
        AddInformation(text, report);
        return text.Append(Invariant($"\n  Checked: {report.Contract.Basis}")).ToString();
    }

    private static string Headline(ContractReport report)
    {
        var part = report switch
        {
            { Rows: 0 } => "no row was read",
            { IsWhole: true } => $"all {Counted(report.Rows, "row")} checked",
            _ => $"the first {Counted(report.Rows, "row")} checked",
        };
        var verdict = report switch
        {
            { Fits: false } => $"does not fit {report.Contract.Subject}: {Counted(report.Errors, "error")}, {Counted(report.Warnings, "warning")}",
            { Warnings: > 0 } => $"fits {report.Contract.Subject}, with {Counted(report.Warnings, "warning")}",
            _ => $"fits {report.Contract.Subject}",
        };
        return $"{report.Input} {verdict}; {part}.";
    }

    private static void AddAll(StringBuilder text, ContractReport report, DiagnosticSeverity severity, string word, int width)
    {
        var all = report.Differences.Where(difference => difference.Severity == severity).ToList();
        foreach (var difference in all.Take(MostShown))
        {
            var first = $"  {word,-7}  {difference.Code.Value}  {Name(difference).PadRight(width)}  ";
            var indent = new string(' ', first.Length);
            text.Append('\n').Append(first).Append("found     ").Append(difference.Found);
            text.Append('\n').Append(indent).Append("expected  ").Append(difference.Expected);
            text.Append('\n').Append(indent).Append("to do     ").Append(difference.Remedy);
        }

        if (all.Count > MostShown)
        {
            text.Append(Invariant($"\n  ... and {Counted(all.Count - MostShown, word)} more"));
        }
    }

    // A line per kind: there may be thousands of columns that nobody asked for.
    private static void AddInformation(StringBuilder text, ContractReport report)
    {
        var kinds = new List<List<ContractDifference>>();
        foreach (var difference in report.Differences)
        {
            if (difference.Severity == DiagnosticSeverity.Information)
            {
                var kind = kinds.Find(one => one[0].Code == difference.Code);
                if (kind is null)
                {
                    kinds.Add(kind = []);
                }

                kind.Add(difference);
            }
        }

        foreach (var kind in kinds)
        {
            var names = kind.Where(difference => difference.Column is not null).Select(difference => $"'{difference.Column}'").ToList();
            var shown = string.Join(", ", names.Take(MostNames));
            var rest = names.Count > MostNames ? Invariant($" and {names.Count - MostNames:N0} more") : "";
            text.Append(Invariant($"\n  note     {kind[0].Code}  {kind[0].Found}: {shown}{rest}. {kind[0].Remedy}"));
        }
    }

    private static string Name(ContractDifference difference)
    {
        var name = difference.Column ?? "(input)";
        return name.Length <= WidestName ? name : name[..(WidestName - 3)] + "...";
    }

    private static string Counted(long count, string one) => Invariant($"{count:N0} {one}{(count == 1 ? "" : "s")}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
