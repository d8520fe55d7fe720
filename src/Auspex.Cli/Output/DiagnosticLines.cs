using Auspex.Errors;

namespace Auspex.Cli.Output;

/// <summary>Diagnostics as lines that editors and people can follow: file, line, severity, code, path, message.</summary>
internal static class DiagnosticLines
{
    /// <summary>Writes them in order of file and line.</summary>
    public static void Write(TextWriter writer, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics
            .OrderBy(diagnostic => diagnostic.File, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Line ?? 0))
        {
            writer.WriteLine(DiagnosticText.Format(diagnostic));
        }
    }
}
