using System.Collections.Immutable;

namespace Auspex.Expressions.Syntax;

/// <summary>What a string value means.</summary>
internal abstract record Template;

/// <summary>Text without expressions, its escapes already resolved.</summary>
internal sealed record LiteralTemplate(string Text) : Template;

/// <summary><c>@expression</c>: the result keeps its type.</summary>
internal sealed record ExpressionTemplate(ExpressionText Expression) : Template;

/// <summary>Text with <c>@{expression}</c> in it: the result is a string.</summary>
internal sealed record InterpolatedTemplate(ImmutableArray<TemplatePart> Parts) : Template;

/// <summary>A parsed expression with the text that it was parsed from, which messages quote.</summary>
internal sealed record ExpressionText(SyntaxNode Node, string Source);

/// <summary>A piece of interpolated text: either text or an expression.</summary>
internal readonly record struct TemplatePart(string? Text, ExpressionText? Expression);
