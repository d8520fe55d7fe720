using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

/// <summary>A function whose arguments are evaluated before it, left to right.</summary>
internal delegate ExpressionValue EagerFunction(CallArguments arguments);

/// <summary>A function that evaluates only the arguments it needs.</summary>
internal delegate ExpressionValue LazyFunction(FunctionDefinition function, CallNode call, Evaluator evaluator);

/// <summary>One function of the language.</summary>
internal sealed class FunctionDefinition
{
    /// <summary>No upper limit of arguments.</summary>
    public const int Many = int.MaxValue;

    public required string Name { get; init; }

    /// <summary>The heading under which the documentation lists it.</summary>
    public required string Family { get; init; }

    public required int Minimum { get; init; }

    public required int Maximum { get; init; }

    /// <summary>The parameters' names for people, such as <c>text, start, length?</c>.</summary>
    public required string Parameters { get; init; }

    /// <summary>What it gives, in a phrase.</summary>
    public required string Summary { get; init; }

    public EagerFunction? Eager { get; init; }

    public LazyFunction? Lazy { get; init; }

    public bool Accepts(int count) => count >= Minimum && count <= Maximum;
}
