using System.Runtime.CompilerServices;
using Auspex.Expressions.Functions;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Expressions;

/// <summary>Computes the value of a parsed expression.</summary>
internal readonly ref struct Evaluator(ExpressionContext context, string source)
{
    public ExpressionContext Context => context;

    public ExpressionValue Evaluate(SyntaxNode node) => node switch
    {
        LiteralNode literal => literal.Value,
        CallNode call => Call(call),
        AccessNode access => Access(access),
        _ => throw new InvalidOperationException($"No rule evaluates {node.GetType().Name}."),
    };

    private ExpressionValue Call(CallNode call)
    {
        var function = call.Function ?? throw ExpressionErrors.UnknownFunction(call.Name);
        if (!function.Accepts(call.Arguments.Length))
        {
            throw ExpressionErrors.ArgumentCount(function, call.Arguments.Length);
        }

        JsonConversion.EnsureStack();
        if (function.Lazy is { } lazy)
        {
            return lazy(function, call, this);
        }

        if (call.Arguments.Length > FewArguments.Length)
        {
            return Call(function, call, new ExpressionValue[call.Arguments.Length]);
        }

        var few = default(FewArguments);
        return Call(function, call, ((Span<ExpressionValue>)few)[..call.Arguments.Length]);
    }

    private ExpressionValue Call(FunctionDefinition function, CallNode call, Span<ExpressionValue> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Evaluate(call.Arguments[i]);
        }

        return function.Eager!(new CallArguments(function, values, context));
    }

    private ExpressionValue Access(AccessNode access)
    {
        var value = Evaluate(access.Target);
        foreach (var step in access.Steps)
        {
            value = Select(value, Evaluate(step.Key), step.IsGuarded);
        }

        return value;
    }

    private ExpressionValue Select(ExpressionValue target, ExpressionValue key, bool guarded)
    {
        switch (target.Type)
        {
            case ExpressionType.Object when key.Type == ExpressionType.String:
                return Property(target.AsObject, key.AsText, guarded);
            case ExpressionType.Array when key.Type == ExpressionType.Integer:
                return Item(target.AsArray, key.AsInteger, guarded);
            case ExpressionType.Null when guarded:
                return ExpressionValue.Null;
            case ExpressionType.Array:
                throw ExpressionErrors.Access(
                    source,
                    $"property '{Shown(key)}' cannot be selected. Array elements can only be selected using an integer index.");
            case ExpressionType.Object:
                throw ExpressionErrors.Access(
                    source,
                    $"property '{Shown(key)}' cannot be selected. A property of an object is selected by its name, a string; " +
                    $"the provided key is of type '{key.TypeName}'.");
            default:
                throw ExpressionErrors.Access(
                    source,
                    $"property '{Shown(key)}' cannot be selected. " +
                    $"Property selection is not supported on values of type '{target.TypeName}'.");
        }
    }

    private ExpressionValue Property(ObjectValue target, string name, bool guarded)
    {
        if (target.TryFind(name, out var value) || guarded)
        {
            return value;
        }

        var available = string.Join(", ", target.Members.Select(member => member.Key));
        throw ExpressionErrors.Access(
            source,
            $"property '{ExpressionErrors.Quoted(name)}' doesn't exist, available properties are '{available}'.");
    }

    private ExpressionValue Item(ArrayValue target, long index, bool guarded)
    {
        if (index >= 0 && index < target.Count)
        {
            return target[(int)index];
        }

        return guarded
            ? ExpressionValue.Null
            : throw ExpressionErrors.Access(
                source,
                $"array index '{index}' is outside bounds (0, {target.Count - 1}) of array.");
    }

    private static string Shown(ExpressionValue key) => ExpressionErrors.Quoted(TextRendering.ToText(key));

    // Room for the arguments of nearly every call on the stack.
    [InlineArray(Length)]
    private struct FewArguments
    {
        public const int Length = 4;

        private ExpressionValue _first;
    }
}
