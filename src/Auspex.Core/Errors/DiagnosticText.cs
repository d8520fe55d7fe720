using System.Globalization;
using System.Text;

namespace Auspex.Errors;

/// <summary>Diagnostics as lines of text, in the form that editors and build logs turn into links.</summary>
public static class DiagnosticText
{
    /// <summary>
    /// <c>file(line,column): error AUX1200 at $.path: message</c>. Without a line the parentheses are left out, without a file the
    /// line begins with the severity; the path is left out for the whole file.
    /// </summary>
    public static string Format(Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        var text = new StringBuilder();
        if (diagnostic.File is { } file)
        {
            text.Append(file);
            if (diagnostic.Line is { } line)
            {
                text.Append(CultureInfo.InvariantCulture, $"({line}");
                if (diagnostic.Column is { } column)
                {
                    text.Append(CultureInfo.InvariantCulture, $",{column}");
                }

                text.Append(')');
            }

            text.Append(": ");
        }

        text.Append(Word(diagnostic.Severity)).Append(' ').Append(diagnostic.Code);
        if (diagnostic.JsonPath != "$")
        {
            text.Append(" at ").Append(diagnostic.JsonPath);
        }

        return text.Append(": ").Append(diagnostic.Message).ToString();
    }

    private static string Word(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "information",
    };
}
