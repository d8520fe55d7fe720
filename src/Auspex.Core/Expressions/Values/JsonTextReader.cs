using System.Globalization;
using System.Text;

namespace Auspex.Expressions.Values;

/// <summary>The text is not JSON; whoever asked for it says so in its own words.</summary>
internal sealed class JsonTextException(string reason, int position) : FormatException($"{reason} at position {position}");

/// <summary>Reads one JSON text from beginning to end.</summary>
internal ref struct JsonTextReader(string text)
{
    // Deep enough for every real document, shallow enough for a small thread stack.
    private const int DepthLimit = 256;

    private int _position;
    private int _depth;

    public ExpressionValue ReadWhole()
    {
        var value = ReadValue();
        SkipSpace();
        return _position == text.Length ? value : throw Unexpected("the end of the text");
    }

    private ExpressionValue ReadValue()
    {
        SkipSpace();
        switch (Current)
        {
            case '{':
                return ReadObject();
            case '[':
                return ReadArray();
            case '"':
                return ReadString();
            case '-' or (>= '0' and <= '9'):
                return ReadNumber();
            case 't':
                return ReadWord("true", true);
            case 'f':
                return ReadWord("false", false);
            case 'n':
                return ReadWord("null", ExpressionValue.Null);
            default:
                throw Unexpected("a value");
        }
    }

    private char Current => _position < text.Length ? text[_position] : '\0';

    private ExpressionValue ReadObject()
    {
        Enter();
        var members = new OrderedDictionary<string, ExpressionValue>(StringComparer.Ordinal);
        SkipSpace();
        if (Current == '}')
        {
            return Leave<ObjectValue>(MapObject.Empty);
        }

        while (true)
        {
            SkipSpace();
            if (Current != '"')
            {
                throw Unexpected("a property name in double quotes");
            }

            var name = ReadString();
            SkipSpace();
            if (Current != ':')
            {
                throw Unexpected("':'");
            }

            _position++;
            members[name] = ReadValue();
            SkipSpace();
            switch (Current)
            {
                case ',':
                    _position++;
                    continue;
                case '}':
                    return Leave<ObjectValue>(new MapObject(members));
                default:
                    throw Unexpected("',' or '}'");
            }
        }
    }

    private ExpressionValue ReadArray()
    {
        Enter();
        var items = new List<ExpressionValue>();
        SkipSpace();
        if (Current == ']')
        {
            return LeaveArray(ListArray.Empty);
        }

        while (true)
        {
            items.Add(ReadValue());
            SkipSpace();
            switch (Current)
            {
                case ',':
                    _position++;
                    continue;
                case ']':
                    return LeaveArray(new ListArray(items));
                default:
                    throw Unexpected("',' or ']'");
            }
        }
    }

    private void Enter()
    {
        _position++;
        if (++_depth > DepthLimit)
        {
            throw new JsonTextException($"Arrays and objects are nested deeper than {DepthLimit} levels", _position);
        }
    }

    private ExpressionValue Leave<T>(T value)
        where T : ObjectValue
    {
        _position++;
        _depth--;
        return value;
    }

    private ExpressionValue LeaveArray(ArrayValue value)
    {
        _position++;
        _depth--;
        return value;
    }

    private string ReadString()
    {
        var start = ++_position;
        var length = text.AsSpan(start).IndexOfAny('"', '\\');
        if (length < 0)
        {
            _position = text.Length;
            throw Unexpected("the closing double quote");
        }

        _position = start + length;
        if (text[_position] == '"')
        {
            _position++;
            return text.Substring(start, length);
        }

        var builder = new StringBuilder(text, start, length, Math.Max(16, length * 2));
        while (_position < text.Length)
        {
            var character = text[_position++];
            if (character == '"')
            {
                return builder.ToString();
            }

            builder.Append(character == '\\' ? ReadEscape() : character);
        }

        throw Unexpected("the closing double quote");
    }

    private char ReadEscape()
    {
        var character = Current;
        _position++;
        switch (character)
        {
            case '"' or '\\' or '/':
                return character;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when _position + 4 <= text.Length && ushort.TryParse(
                text.AsSpan(_position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _position += 4;
                return (char)code;
            default:
                _position--;
                throw Unexpected("an escape sequence of JSON");
        }
    }

    private ExpressionValue ReadNumber()
    {
        var start = _position;
        if (Current == '-')
        {
            _position++;
        }

        var leadingZero = Current == '0';
        if (Digits() is var whole && (whole == 0 || (leadingZero && whole > 1)))
        {
            throw Unexpected("a number without leading zeros");
        }

        if (Current == '.')
        {
            _position++;
            if (Digits() == 0)
            {
                throw Unexpected("a digit");
            }
        }

        if (Current is 'e' or 'E')
        {
            _position++;
            if (Current is '+' or '-')
            {
                _position++;
            }

            if (Digits() == 0)
            {
                throw Unexpected("a digit");
            }
        }

        var value = JsonText.ReadNumber(text[start.._position]);
        return double.IsFinite(value.AsDouble) ? value : throw Unexpected("a number in the range of a double before this");
    }

    private int Digits()
    {
        var start = _position;
        while (char.IsAsciiDigit(Current))
        {
            _position++;
        }

        return _position - start;
    }

    private ExpressionValue ReadWord(string word, ExpressionValue value)
    {
        if (!text.AsSpan(_position).StartsWith(word, StringComparison.Ordinal))
        {
            throw Unexpected("a value");
        }

        _position += word.Length;
        return value;
    }

    private void SkipSpace()
    {
        while (Current is ' ' or '\t' or '\n' or '\r')
        {
            _position++;
        }
    }

    private readonly JsonTextException Unexpected(string expected) => new($"Expected {expected}", _position);
}
