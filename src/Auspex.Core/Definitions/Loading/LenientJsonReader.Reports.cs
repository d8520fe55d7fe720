using Auspex.Errors;

namespace Auspex.Definitions.Loading;

internal sealed partial class LenientJsonReader
{
    // A file that is no JSON at all would otherwise give an error for each of its words.
    private const int MaxErrors = 20;

    private int _errors;

    private void Report(
        ErrorCode code,
        DiagnosticSeverity severity,
        string message,
        string path,
        (int Line, int Column)? place = null)
    {
        if (severity == DiagnosticSeverity.Error && ++_errors > MaxErrors)
        {
            return;
        }

        var (line, column) = place ?? Here;
        diagnostics.Add(new Diagnostic(code, severity, message, file, path, line, column));
    }

    // Once a file for each kind: a file full of comments is one remark, not two hundred.
    private void Lax(string found, string expected)
    {
        if (_laxReported.Add(found))
        {
            Report(
                ErrorCode.LaxJson,
                DiagnosticSeverity.Information,
                $"The file has {found}; strict JSON wants {expected}. It was read as meant, other tools may refuse it.",
                JsonPath.Root);
        }
    }

    private void ReportMissingComma((int Line, int Column) place, string before, string path) =>
        Report(
            ErrorCode.MissingComma,
            DiagnosticSeverity.Error,
            $"A comma is missing before {before}. Both sides were read; add the comma.",
            path,
            place);

    private void ReportFound(string expected, string path) =>
        Report(ErrorCode.InvalidJson, DiagnosticSeverity.Error, $"Found {Shown()}, expected {expected}.", path);

    // A cut file ends inside every open object and array: say it once, for the innermost.
    private void ReportTruncated(bool broken, string expected, string path)
    {
        if (broken && !_truncated)
        {
            _truncated = true;
            Report(
                ErrorCode.TruncatedJson,
                DiagnosticSeverity.Error,
                $"The file ends where {expected} should follow: it is cut off, or a closing brace or bracket is "
                + "missing. "
                + "Everything before it was read.",
                path);
        }
    }

    private string Shown()
    {
        if (AtEnd)
        {
            return "the end of the file";
        }

        var end = _position + 1;
        while (end < text.Length && end - _position < 20 && char.IsLetterOrDigit(text[end]) && text[_position] is not ('{' or '['))
        {
            end++;
        }

        return Shorten(text[_position..end]);
    }

    private static string Shorten(string word) => word.Length <= 30 ? $"'{word}'" : $"'{word[..30]}...'";
}
