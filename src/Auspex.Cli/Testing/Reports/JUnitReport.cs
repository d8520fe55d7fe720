using System.Globalization;
using System.Text;
using System.Xml;

namespace Auspex.Cli.Testing.Reports;

/// <summary>Results in the XML that build servers read.</summary>
internal static class JUnitReport
{
    /// <summary>Writes a <c>testsuite</c> per file, its tests in their order.</summary>
    public static string Write(string name, IReadOnlyCollection<TestResult> results)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            writer.WriteStartElement("testsuites");
            writer.WriteAttributeString("name", Clean(name));
            WriteCounts(writer, results);
            foreach (var file in results.GroupBy(result => result.File, StringComparer.Ordinal))
            {
                writer.WriteStartElement("testsuite");
                writer.WriteAttributeString("name", Clean(file.Key));
                WriteCounts(writer, [.. file]);
                foreach (var result in file)
                {
                    WriteCase(writer, result);
                }

                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + text + "\n";
    }

    private static void WriteCounts(XmlWriter writer, IReadOnlyCollection<TestResult> results)
    {
        writer.WriteAttributeString("tests", Number(results.Count));
        writer.WriteAttributeString("failures", Number(results.Count(result => !result.HasPassed && !result.IsError)));
        writer.WriteAttributeString("errors", Number(results.Count(result => !result.HasPassed && result.IsError)));
        writer.WriteAttributeString("skipped", "0");
        writer.WriteAttributeString("time", Seconds(TimeSpan.FromTicks(results.Sum(result => result.Duration.Ticks))));
    }

    private static void WriteCase(XmlWriter writer, TestResult result)
    {
        writer.WriteStartElement("testcase");
        writer.WriteAttributeString("name", Clean(result.Name));
        writer.WriteAttributeString("classname", Clean(Path.ChangeExtension(result.File, null).Replace('/', '.')));
        writer.WriteAttributeString("time", Seconds(result.Duration));
        if (!result.HasPassed)
        {
            var first = result.Failures[0];
            writer.WriteStartElement(result.IsError ? "error" : "failure");
            writer.WriteAttributeString("message", Clean(first.Split('\n')[0]));
            writer.WriteAttributeString("type", result.IsError ? "Error" : "Expectation");
            writer.WriteString(Clean(string.Join('\n', result.Failures)));
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    // XML knows no escape for what is no character of its own.
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => IsAllowed(rune.Value) ? rune.ToString() : "\uFFFD"));

    private static bool IsAllowed(int value) => value is '\t' or '\n' or '\r' or (>= 0x20 and <= 0xFFFD) or (>= 0x10000 and <= 0x10FFFF);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
