namespace Auspex.Expressions.Syntax;

/// <summary>Splits the text of an expression into tokens, one at a time.</summary>
internal struct Lexer(string text, int position)
{
    private int _position = position;

    public Token Next()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }

        if (_position == text.Length)
        {
            return new Token(TokenKind.End, _position, _position);
        }

        var character = text[_position];
        switch (character)
        {
            case '(':
                return Single(TokenKind.OpenParenthesis);
            case ')':
                return Single(TokenKind.CloseParenthesis);
            case '[':
                return Single(TokenKind.OpenBracket);
            case ']':
                return Single(TokenKind.CloseBracket);
            case '}':
                return Single(TokenKind.CloseBrace);
            case ',':
                return Single(TokenKind.Comma);
            case '?':
                return Single(TokenKind.Question);
            case '.' when !IsDigitAt(_position + 1):
                return Single(TokenKind.Dot);
            case '\'':
                return String();
            case '+' or '-' or '.':
            case >= '0' and <= '9':
                return Number();
            default:
                return IsNameStart(character) ? Name() : throw Unexpected(character);
        }
    }

    public static bool IsNameStart(char character) => character == '_' || char.IsLetter(character);

    private Token Single(TokenKind kind) => new(kind, _position++, _position);

    private Token Name()
    {
        var start = _position;
        while (_position < text.Length && (IsNameStart(text[_position]) || char.IsDigit(text[_position])))
        {
            _position++;
        }

        return new Token(TokenKind.Name, start, _position);
    }

    private Token String()
    {
        var start = _position++;
        while (true)
        {
            var length = text.AsSpan(_position).IndexOf('\'');
            if (length < 0)
            {
                throw ExpressionErrors.Syntax(text, start, "the string that begins here has no closing single quote");
            }

            _position += length + 1;
            if (_position == text.Length || text[_position] != '\'')
            {
                return new Token(TokenKind.String, start, _position);
            }

            _position++;
        }
    }

    private Token Number()
    {
        var start = _position;
        var kind = TokenKind.Integer;
        if (text[_position] is '+' or '-')
        {
            _position++;
        }

        var digits = Digits();
        if (_position < text.Length && text[_position] == '.')
        {
            _position++;
            digits += Digits();
            kind = TokenKind.Float;
        }

        if (digits == 0)
        {
            throw Unexpected(text[start], start);
        }

        if (_position < text.Length && text[_position] is 'e' or 'E')
        {
            _position++;
            if (_position < text.Length && text[_position] is '+' or '-')
            {
                _position++;
            }

            if (Digits() == 0)
            {
                throw ExpressionErrors.Syntax(text, start, "the number that begins here has an exponent without digits");
            }

            kind = TokenKind.Float;
        }

        if (_position < text.Length && IsNameStart(text[_position]))
        {
            throw ExpressionErrors.Syntax(text, start, "the number that begins here runs into a name");
        }

        return new Token(kind, start, _position);
    }

    private int Digits()
    {
        var start = _position;
        while (IsDigitAt(_position))
        {
            _position++;
        }

        return _position - start;
    }

    private readonly bool IsDigitAt(int position) => position < text.Length && char.IsAsciiDigit(text[position]);

    private readonly ExpressionException Unexpected(char character) => Unexpected(character, _position);

    private readonly ExpressionException Unexpected(char character, int position) =>
        ExpressionErrors.Syntax(text, position, character switch
        {
            '"' => "found a double quote; text stands in single quotes",
            '@' => "found '@'; inside an expression functions are called without it",
            '{' => "found '{'; there are no object literals, use json('...')",
            '+' or '-' or '*' or '/' or '=' or '<' or '>' or '!' or '&' or '|' or '%' =>
                $"found '{character}'; there are no operators, use functions such as add, equals or and, " +
                "and brackets for a name with a hyphen",
            _ when char.IsSurrogate(character) || char.IsControl(character) =>
                $"found the character U+{(int)character:X4}, which has no meaning here",
            _ => $"found '{character}', which has no meaning here",
        });
}
