using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>One pass over one text. Never fails: whatever cannot be read is reported, and reading goes on behind it.</summary>
internal sealed partial class LenientJsonReader(
    string text,
    string? file,
    ImmutableArray<Diagnostic>.Builder diagnostics)
{
    // Deeper than any pipeline, well below what a 1 MB stack carries.
    private const int MaxDepth = 200;

    private readonly HashSet<string> _laxReported = new(StringComparer.Ordinal);
    private int _position = text.StartsWith('\uFEFF') ? 1 : 0;
    private int _line = 1;
    private int _lineStart = text.StartsWith('\uFEFF') ? 1 : 0;
    private bool _truncated;

    public JsonText Read()
    {
        SkipSpace();
        if (AtEnd)
        {
            Report(
                ErrorCode.EmptyFile,
                DiagnosticSeverity.Error,
                "The file is empty; expected a JSON object.",
                JsonPath.Root);
            return new JsonText(null, new JsonLines(1), false);
        }

        var lines = new JsonLines(_line, Column);
        if (StartsMember())
        {
            var members = new JsonObject();
            ReadMembers(members, lines, JsonPath.Root, 1, closed: false);
            return new JsonText(members, lines, true);
        }

        return ReadSequence(lines);
    }

    private bool AtEnd => _position >= text.Length;

    private char Current => text[_position];

    private int Column => _position - _lineStart + 1;

    private (int Line, int Column) Here => (_line, Column);

    private JsonText ReadSequence(JsonLines lines)
    {
        var first = ReadValue(lines, JsonPath.Root, 1);
        SkipSpace();
        var sequence = default(JsonArray);
        var elements = default(JsonLines);
        while (!AtEnd)
        {
            if (Current == ',')
            {
                Lax("a comma after the end", "nothing there");
                Advance();
            }
            else if (Current is '{' or '[' or '"')
            {
                if (sequence is null)
                {
                    sequence = [first];
                    elements = new JsonLines(lines.Line, lines.Column);
                    elements.Add(lines);
                    Lax("several values one after the other", "one object a file");
                }

                var path = JsonPath.Element(JsonPath.Root, sequence.Count);
                sequence.Add(ReadValue(elements!.AddElement(_line, Column), path, 2));
            }
            else
            {
                Report(
                    ErrorCode.InvalidJson,
                    DiagnosticSeverity.Error,
                    $"Found {Shown()} after the end of the JSON; expected nothing. Remove it.",
                    JsonPath.Root);
                break;
            }

            SkipSpace();
        }

        return new JsonText(sequence ?? first, elements ?? lines, false);
    }

    private JsonNode? ReadValue(JsonLines lines, string path, int depth)
    {
        if (depth > MaxDepth)
        {
            Report(
                ErrorCode.NestedTooDeep,
                DiagnosticSeverity.Error,
                $"The JSON is nested more than {MaxDepth} levels deep; everything from here on was left out.",
                path);
            _position = text.Length;
            _truncated = true;
            return null;
        }

        switch (Current)
        {
            case '{':
                Advance();
                var members = new JsonObject();
                ReadMembers(members, lines, path, depth + 1, closed: true);
                return members;
            case '[':
                Advance();
                return ReadElements(lines, path, depth + 1);
            case '"' or '\'':
                return JsonValue.Create(ReadString(path));
            default:
                return ReadWord(path);
        }
    }

    private void ReadMembers(JsonObject members, JsonLines lines, string path, int depth, bool closed)
    {
        var needsComma = false;
        while (true)
        {
            SkipSpace();
            if (AtEnd)
            {
                ReportTruncated(closed, "'}'", path);
                return;
            }

            switch (Current)
            {
                case '}':
                    Advance();
                    return;
                case ']' when closed:
                    ReportFound("',' or '}'", path);
                    Advance();
                    return;
                case ',':
                    SkipComma(needsComma);
                    needsComma = false;
                    continue;
                case '"' or '\'' or '_' or '$':
                case var letter when char.IsLetterOrDigit(letter):
                    break;
                default:
                    ReportFound("a member's name in double quotes", path);
                    Advance();
                    continue;
            }

            var here = Here;
            var (start, name) = (_position, ReadName(path));
            if (needsComma)
            {
                ReportMissingComma(here, $"\"{name}\"", path);
            }

            SkipSpace();
            if (AtEnd)
            {
                ReportTruncated(true, "':' and a value", path);
                return;
            }

            if (Current != ':')
            {
                ReportFound($"':' after the name \"{name}\"", path);
                if (_position == start)
                {
                    Advance();
                }

                needsComma = false;
                continue;
            }

            Advance();
            ReadMember(members, lines, path, name, here, depth);
            needsComma = true;
        }
    }

    private void ReadMember(JsonObject members, JsonLines lines, string path, string name, (int Line, int Column) place, int depth)
    {
        SkipSpace();
        var memberPath = JsonPath.Member(path, name);
        if (AtEnd)
        {
            ReportTruncated(true, $"a value for \"{name}\"", memberPath);
            return;
        }

        if (Current is ',' or '}' or ']')
        {
            ReportFound($"a value for \"{name}\"", memberPath);
            return;
        }

        if (members.ContainsKey(name))
        {
            Report(
                ErrorCode.DuplicateMember,
                DiagnosticSeverity.Warning,
                $"The member \"{name}\" stands here a second time in the same object; the last one counts. Remove "
                + "the others.",
                memberPath,
                place);
        }

        members[name] = ReadValue(lines.AddMember(name, place.Line, place.Column), memberPath, depth);
    }

    private JsonArray ReadElements(JsonLines lines, string path, int depth)
    {
        var elements = new JsonArray();
        var needsComma = false;
        while (true)
        {
            SkipSpace();
            if (AtEnd)
            {
                ReportTruncated(true, "']'", path);
                return elements;
            }

            switch (Current)
            {
                case ']':
                    Advance();
                    return elements;
                case '}':
                    // Most likely the bracket was forgotten and the brace closes what is around the array.
                    ReportFound("',' or ']'", path);
                    return elements;
                case ',':
                    SkipComma(needsComma);
                    needsComma = false;
                    continue;
                case ':':
                    ReportFound("',' or ']'", path);
                    Advance();
                    continue;
            }

            var element = JsonPath.Element(path, elements.Count);
            if (needsComma)
            {
                ReportMissingComma(Here, Shown(), element);
            }

            elements.Add(ReadValue(lines.AddElement(_line, Column), element, depth));
            needsComma = true;
        }
    }

    private void SkipComma(bool follows)
    {
        Advance();
        SkipSpace();
        if (!follows || (!AtEnd && Current is '}' or ']'))
        {
            Lax("a comma with nothing behind it", "a comma only between two members or elements");
        }
    }

    private bool StartsMember()
    {
        if (!(Current is '"' or '\'' || char.IsLetter(Current)))
        {
            return false;
        }

        var quiet = new LenientJsonReader(text, null, ImmutableArray.CreateBuilder<Diagnostic>()) { _position = _position };
        quiet.ReadName(JsonPath.Root);
        quiet.SkipSpace();
        return !quiet.AtEnd && quiet.Current == ':';
    }

    private void Advance()
    {
        if (text[_position++] == '\n')
        {
            _line++;
            _lineStart = _position;
        }
    }

    private void SkipSpace()
    {
        while (!AtEnd)
        {
            if (char.IsWhiteSpace(Current) || Current == '\uFEFF')
            {
                Advance();
            }
            else if (Current == '/' && _position + 1 < text.Length && text[_position + 1] is '/' or '*')
            {
                SkipComment(text[_position + 1] == '/' ? "\n" : "*/");
            }
            else
            {
                return;
            }
        }
    }

    private void SkipComment(string ending)
    {
        Lax("a comment", "no comments");
        var end = text.IndexOf(ending, _position + 2, StringComparison.Ordinal);
        end = end < 0 ? text.Length : end + ending.Length;
        while (_position < end)
        {
            Advance();
        }
    }
}
