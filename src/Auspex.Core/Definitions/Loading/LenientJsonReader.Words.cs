using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

internal sealed partial class LenientJsonReader
{
    private string ReadName(string path)
    {
        if (Current is '"' or '\'')
        {
            return ReadString(path);
        }

        Lax("a name without quotes", "names in double quotes");
        return ReadBareWord();
    }

    private string ReadBareWord()
    {
        var start = _position;
        while (!AtEnd && !char.IsWhiteSpace(Current) && Current is not ('{' or '}' or '[' or ']' or ',' or ':' or '"'))
        {
            Advance();
        }

        if (_position == start)
        {
            Advance();
        }

        return text[start.._position];
    }

    private JsonValue? ReadWord(string path)
    {
        var line = Here;
        var word = ReadBareWord();
        switch (word)
        {
            case "true":
                return JsonValue.Create(true);
            case "false":
                return JsonValue.Create(false);
            case "null":
                return null;
        }

        if (IsNumber(word))
        {
            // A value over the text keeps its digits: 1.0 stays 1.0 and a 30-digit number is not rounded.
            return JsonValue.Create(JsonElement.Parse(word));
        }

        if (bool.TryParse(word, out var boolean))
        {
            Lax($"{word}", word.ToLowerInvariant());
            return JsonValue.Create(boolean);
        }

        Report(
            ErrorCode.InvalidJson,
            DiagnosticSeverity.Error,
            $"Found {Shorten(word)} where a value should stand; it was read as text. Put text in double quotes, "
            + "and write "
            + "numbers, true, false and null as JSON does.",
            path,
            line);
        return JsonValue.Create(word);
    }

    private static bool IsNumber(string word)
    {
        var at = word.StartsWith('-') ? 1 : 0;
        var whole = Digits(word, ref at);
        if (whole == 0 || (whole > 1 && word[at - whole] == '0'))
        {
            return false;
        }

        if (at < word.Length && word[at] == '.')
        {
            at++;
            if (Digits(word, ref at) == 0)
            {
                return false;
            }
        }

        if (at < word.Length && word[at] is 'e' or 'E')
        {
            at += at + 1 < word.Length && word[at + 1] is '+' or '-' ? 2 : 1;
            if (Digits(word, ref at) == 0)
            {
                return false;
            }
        }

        return at == word.Length;
    }

    private static int Digits(string word, ref int at)
    {
        var start = at;
        while (at < word.Length && char.IsAsciiDigit(word[at]))
        {
            at++;
        }

        return at - start;
    }

    private string ReadString(string path)
    {
        var (start, line, quote) = (_position, Here, Current);
        if (quote == '\'')
        {
            Lax("text in single quotes", "double quotes");
        }

        Advance();
        var value = new StringBuilder();
        var controlAt = default((int Line, int Column)?);
        while (!AtEnd && Current != quote)
        {
            if (Current == '\\')
            {
                ReadEscape(value, path);
                continue;
            }

            if (Current < ' ')
            {
                if (Current == '\n' && NextMember().IsMatch(text, _position + 1))
                {
                    return Unclosed(start, line, path);
                }

                controlAt ??= Here;
            }

            value.Append(Current);
            Advance();
        }

        if (AtEnd)
        {
            return Unclosed(start, line, path);
        }

        Advance();
        if (controlAt is { } at)
        {
            Report(
                ErrorCode.ControlCharacterInText,
                DiagnosticSeverity.Warning,
                "A text holds a raw tab, line break or other control character; it was kept. Write it as \\t, "
                + "\\n or \\u00XX, or "
                + "remove it if it slipped in by mistake.",
                path,
                at);
        }

        return WellFormed(value.ToString(), line, path);
    }

    // A quote was forgotten: the text ends with its line, so that what follows is still read as JSON.
    private string Unclosed(int start, (int Line, int Column) line, string path)
    {
        Report(
            ErrorCode.TruncatedJson,
            DiagnosticSeverity.Error,
            "The text that begins here has no closing quote; it was taken to end with its line.",
            path,
            line);
        var end = text.IndexOf('\n', start);
        _position = end < 0 ? text.Length : end;
        _line = line.Line;
        _lineStart = start - line.Column + 1;
        _truncated |= end < 0;
        var value = text[(start + 1).._position].TrimEnd();
        if (value.EndsWith(','))
        {
            value = value[..^1];
            _position = start + 1 + value.Length;
        }

        return WellFormed(value, line, path);
    }

    private void ReadEscape(StringBuilder value, string path)
    {
        var line = Here;
        Advance();
        if (AtEnd)
        {
            return;
        }

        var escaped = Current;
        Advance();
        switch (escaped)
        {
            case '"' or '\\' or '/' or '\'':
                value.Append(escaped);
                return;
            case 'b':
                value.Append('\b');
                return;
            case 'f':
                value.Append('\f');
                return;
            case 'n':
                value.Append('\n');
                return;
            case 'r':
                value.Append('\r');
                return;
            case 't':
                value.Append('\t');
                return;
            case 'u' when _position + 4 <= text.Length && ushort.TryParse(
                text.AsSpan(_position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                _position += 4;
                value.Append((char)unit);
                return;
        }

        value.Append('\\').Append(escaped);
        Report(
            ErrorCode.InvalidJson,
            DiagnosticSeverity.Error,
            $"Found the escape '\\{escaped}' in a text; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with "
            + "four hex digits. "
            + "Write a backslash itself as \\\\.",
            path,
            line);
    }

    // A text that runs into the next line's `"name":` is one whose closing quote was forgotten.
    [GeneratedRegex(@"\G[}\],\s]*""[^""\r\n]*""\s*:", RegexOptions.CultureInvariant)]
    private static partial Regex NextMember();

    private string WellFormed(string value, (int Line, int Column) line, string path)
    {
        for (var at = 0; at < value.Length; at++)
        {
            if (char.IsHighSurrogate(value[at]) && at + 1 < value.Length && char.IsLowSurrogate(value[at + 1]))
            {
                at++;
            }
            else if (char.IsSurrogate(value[at]))
            {
                Report(
                    ErrorCode.InvalidJson,
                    DiagnosticSeverity.Error,
                    "A text holds half of a surrogate pair, which is no character; it was read as U+FFFD.",
                    path,
                    line);
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
            }
        }

        return value;
    }
}
