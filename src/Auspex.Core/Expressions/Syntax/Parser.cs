using System.Collections.Immutable;
using System.Globalization;
using Auspex.Expressions.Functions;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Syntax;

/// <summary>
/// Reads one expression into a tree. The text is the whole string value, so that positions count from its start.
/// </summary>
internal ref struct Parser
{
    // No expression of the 8,192 characters that the service accepts needs more; a recursive tree this deep still fits
    // the smallest thread stack in use.
    private const int DepthLimit = 1000;

    private readonly string _text;
    private Lexer _lexer;
    private Token _current;
    private int _depth;

    private Parser(string text, int start)
    {
        _text = text;
        _lexer = new Lexer(text, start);
        _current = _lexer.Next();
    }

    /// <summary>Parses from a position to the end of the text.</summary>
    public static SyntaxNode ParseToEnd(string text, int start)
    {
        var parser = new Parser(text, start);
        var node = parser.Expression("an expression");
        return parser._current.Kind == TokenKind.End ? node : throw parser.Unexpected("the end of the expression");
    }

    /// <summary>
    /// Parses from behind <c>@{</c> to its closing brace; <paramref name="end"/> is the brace's position.
    /// </summary>
    public static SyntaxNode ParseToBrace(string text, int start, out int end)
    {
        var parser = new Parser(text, start);
        var node = parser.Expression("an expression");
        if (parser._current.Kind != TokenKind.CloseBrace)
        {
            throw parser.Unexpected("'}'");
        }

        end = parser._current.Start;
        return node;
    }

    private SyntaxNode Expression(string wanted)
    {
        if (++_depth > DepthLimit)
        {
            throw ExpressionErrors.Syntax(
                _text, _current.Start, $"the expression is nested deeper than {DepthLimit} levels; split it");
        }

        JsonConversion.EnsureStack();
        var target = Primary(wanted);
        var steps = Steps();
        _depth--;
        return steps.IsEmpty ? target : new AccessNode(target, steps);
    }

    private SyntaxNode Primary(string wanted)
    {
        var token = _current;
        switch (token.Kind)
        {
            case TokenKind.String:
                Advance();
                return new LiteralNode(token.Start, StringLiteral(token));
            case TokenKind.Integer:
                Advance();
                return new LiteralNode(token.Start, IntegerLiteral(token));
            case TokenKind.Float:
                Advance();
                return new LiteralNode(token.Start, FloatLiteral(token));
            case TokenKind.Name:
                Advance();
                return Named(token);
            case TokenKind.OpenParenthesis:
                throw ExpressionErrors.Syntax(
                    _text, token.Start, "found '('; an expression does not stand in parentheses of its own");
            default:
                throw Unexpected(wanted);
        }
    }

    private SyntaxNode Named(Token token)
    {
        var name = _text.AsSpan(token.Start, token.End - token.Start);
        if (_current.Kind == TokenKind.OpenParenthesis)
        {
            Advance();
            var arguments = Arguments();
            var function = FunctionCatalog.Find(name);
            return new CallNode(token.Start, name.ToString(), function, arguments);
        }

        if (name.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            return new LiteralNode(token.Start, true);
        }

        if (name.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            return new LiteralNode(token.Start, false);
        }

        return name.Equals("null", StringComparison.OrdinalIgnoreCase)
            ? new LiteralNode(token.Start, ExpressionValue.Null)
            : throw ExpressionErrors.Syntax(
                _text,
                token.Start,
                $"found the name '{name}' without parentheses; only functions have names, text stands in single quotes");
    }

    private ImmutableArray<SyntaxNode> Arguments()
    {
        if (_current.Kind == TokenKind.CloseParenthesis)
        {
            Advance();
            return [];
        }

        var arguments = ImmutableArray.CreateBuilder<SyntaxNode>();
        while (true)
        {
            arguments.Add(Expression("an argument"));
            switch (_current.Kind)
            {
                case TokenKind.Comma:
                    Advance();
                    continue;
                case TokenKind.CloseParenthesis:
                    Advance();
                    return arguments.DrainToImmutable();
                default:
                    throw Unexpected("',' or ')'");
            }
        }
    }

    private ImmutableArray<AccessStep> Steps()
    {
        ImmutableArray<AccessStep>.Builder? steps = null;
        while (_current.Kind is TokenKind.Question or TokenKind.Dot or TokenKind.OpenBracket)
        {
            var guarded = _current.Kind == TokenKind.Question;
            if (guarded)
            {
                Advance();
            }

            steps ??= ImmutableArray.CreateBuilder<AccessStep>();
            steps.Add(new AccessStep(Key(), guarded));
        }

        return steps?.DrainToImmutable() ?? [];
    }

    private SyntaxNode Key()
    {
        switch (_current.Kind)
        {
            case TokenKind.Dot:
                Advance();
                var token = _current;
                if (token.Kind != TokenKind.Name)
                {
                    throw Unexpected("a property name; other names than letters, digits and '_' stand in brackets: ['a-b']");
                }

                Advance();
                return new LiteralNode(token.Start, _text[token.Start..token.End]);
            case TokenKind.OpenBracket:
                Advance();
                var key = Expression("an index or a property name in quotes");
                if (_current.Kind != TokenKind.CloseBracket)
                {
                    throw Unexpected("']'");
                }

                Advance();
                return key;
            default:
                throw Unexpected("'.' or '[' after '?'");
        }
    }

    private readonly ExpressionValue StringLiteral(Token token)
    {
        var inner = _text[(token.Start + 1)..(token.End - 1)];
        return inner.Replace("''", "'", StringComparison.Ordinal);
    }

    private readonly ExpressionValue IntegerLiteral(Token token) =>
        long.TryParse(
            _text.AsSpan(token.Start, token.End - token.Start),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var value)
            ? value
            : throw ExpressionErrors.Syntax(_text, token.Start, "the integer that begins here does not fit in 64 bits");

    private readonly ExpressionValue FloatLiteral(Token token)
    {
        var value = double.Parse(
            _text.AsSpan(token.Start, token.End - token.Start), NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? value
            : throw ExpressionErrors.Syntax(_text, token.Start, "the number that begins here is too large");
    }

    private void Advance() => _current = _lexer.Next();

    private readonly ExpressionException Unexpected(string wanted)
    {
        var found = _current.Kind == TokenKind.End
            ? "the end of the text"
            : $"'{ExpressionErrors.Quoted(_text[_current.Start.._current.End])}'";
        return ExpressionErrors.Syntax(_text, _current.Start, $"expected {wanted}, found {found}");
    }
}
