namespace Auspex.Expressions.Syntax;

internal enum TokenKind : byte
{
    End,
    String,
    Integer,
    Float,
    Name,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    CloseBrace,
    Comma,
    Dot,
    Question,
}

/// <summary>One word of an expression: its kind and where it stands in the text.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End);
