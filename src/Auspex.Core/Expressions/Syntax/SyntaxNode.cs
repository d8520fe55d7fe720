using System.Collections.Immutable;
using Auspex.Expressions.Functions;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Syntax;

/// <summary>A parsed expression.</summary>
/// <param name="Start">Where it begins in the text.</param>
internal abstract record SyntaxNode(int Start);

/// <summary>A number, a string, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
internal sealed record LiteralNode(int Start, ExpressionValue Value) : SyntaxNode(Start);

/// <summary>A call.</summary>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Name">As written.</param>
/// <param name="Function">Null when there is no such function, which is an error only once the call is evaluated.</param>
/// <param name="Arguments">In order.</param>
internal sealed record CallNode(
    int Start,
    string Name,
    FunctionDefinition? Function,
    ImmutableArray<SyntaxNode> Arguments) : SyntaxNode(Start);

/// <summary>
/// A value and the steps into it. One node for the whole chain, so that a long one is not a deep one.
/// </summary>
internal sealed record AccessNode(SyntaxNode Target, ImmutableArray<AccessStep> Steps) : SyntaxNode(Target.Start);

/// <summary>One step: <c>.name</c>, <c>['name']</c>, <c>[0]</c>, <c>[expression]</c>.</summary>
/// <param name="Key">What stands in brackets; for <c>.name</c> a literal.</param>
/// <param name="IsGuarded">Whether <c>?</c> stands before it.</param>
internal sealed record AccessStep(SyntaxNode Key, bool IsGuarded)
{
    /// <summary>The name, where it is known without evaluation.</summary>
    public string? Name =>
        Key is LiteralNode { Value.Type: ExpressionType.String } literal ? literal.Value.AsText : null;
}
