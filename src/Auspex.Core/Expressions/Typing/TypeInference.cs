using System.Collections.Immutable;
using Auspex.Errors;
using Auspex.Expressions.Functions;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Typing;

/// <summary>What is known, before anything runs, of the values that references give.</summary>
internal interface ITypeScope
{
    /// <summary>The types of <c>variables('name')</c>.</summary>
    ValueTypes Variable(string name);

    /// <summary>The types of <c>pipeline().parameters.name</c>.</summary>
    ValueTypes Parameter(string name);

    /// <summary>The types of <c>activity('name')</c> behind these steps.</summary>
    ValueTypes Activity(string name, IReadOnlyList<string> steps);
}

/// <summary>Works out which types an expression may have, and says what can only fail.</summary>
/// <remarks>Only what fails whatever the values are is said: a type that is not known is every type.</remarks>
internal sealed class TypeInference(ITypeScope scope, Action<DiagnosticSeverity, string> report)
{
    private const string Joiner = "concat";

    public ValueTypes Of(Template template) => template switch
    {
        ExpressionTemplate whole => Of(whole.Expression.Node),
        InterpolatedTemplate text => OfParts(text),
        _ => ValueTypes.Text,
    };

    private ValueTypes Of(SyntaxNode node)
    {
        JsonConversion.EnsureStack();
        return node switch
        {
            LiteralNode literal => OfValue(literal.Value.Type),
            CallNode call => OfCall(call),
            AccessNode access => OfAccess(access),
            _ => ValueTypes.Any,
        };
    }

    private ValueTypes OfParts(InterpolatedTemplate text)
    {
        foreach (var part in text.Parts)
        {
            if (part.Expression is { } expression)
            {
                Of(expression.Node);
            }
        }

        return ValueTypes.Text;
    }

    private ValueTypes OfCall(CallNode call)
    {
        ValueTypes[] arguments = [.. call.Arguments.Select(Of)];
        if (call.Function is not { } function || !function.Accepts(arguments.Length))
        {
            return ValueTypes.Any;
        }

        if (function.Family == ReferenceFunctions.FamilyName)
        {
            return OfReference(call, []);
        }

        if (FunctionTypes.Find(function.Name) is not { } types)
        {
            return ValueTypes.Any;
        }

        for (var index = 0; index < arguments.Length; index++)
        {
            CheckArgument(function.Name, types, index, arguments[index]);
        }

        CheckComparison(function.Name, arguments);
        return function.Name switch
        {
            "if" => arguments[1] | arguments[2],
            "coalesce" => arguments.Aggregate(ValueTypes.None, static (all, one) => all | one),
            "first" or "last" when arguments[0] == ValueTypes.Text => ValueTypes.Text,
            "take" or "union" or "intersection" when (arguments[0] & types.Result) is var kept && kept != ValueTypes.None => kept,
            _ => types.Result,
        };
    }

    private void CheckArgument(string function, FunctionType types, int index, ValueTypes found)
    {
        if (found == ValueTypes.None)
        {
            return;
        }

        if ((found & types.Argument(index)) == ValueTypes.None)
        {
            report(DiagnosticSeverity.Error, $"{function}() needs {types.Argument(index).Describe()} as its argument {index + 1}, and gets {found.Describe()}: "
                + "it fails whenever it is evaluated.");
        }
        else if (function == Joiner && (found & ~(ValueTypes.Array | ValueTypes.Object)) == ValueTypes.None)
        {
            report(DiagnosticSeverity.Warning, $"{function}() gets {found.Describe()} as its argument {index + 1}, which becomes JSON text there; arrays are put together by "
                + "union(), and their items by join().");
        }
    }

    // Numbers are compared with numbers and texts with texts.
    private void CheckComparison(string function, ValueTypes[] arguments)
    {
        if (function is "greater" or "greaterOrEquals" or "less" or "lessOrEquals"
            && arguments is [var left, var right]
            && ((Only(left, ValueTypes.Number) && Only(right, ValueTypes.Text)) || (Only(left, ValueTypes.Text) && Only(right, ValueTypes.Number))))
        {
            report(DiagnosticSeverity.Error, $"{function}() compares {left.Describe()} with {right.Describe()}, which fails; convert one of them, as in int(...).");
        }
    }

    private ValueTypes OfAccess(AccessNode access)
    {
        foreach (var step in access.Steps)
        {
            Of(step.Key);
        }

        if (access.Target is CallNode { Function.Family: ReferenceFunctions.FamilyName } call)
        {
            return OfReference(call, access.Steps);
        }

        return Behind(Of(access.Target), access.Steps, ((access.Target as CallNode)?.Name ?? "the value") + (access.Target is CallNode ? "()" : ""));
    }

    private ValueTypes OfReference(CallNode call, ImmutableArray<AccessStep> steps)
    {
        var name = call.Arguments is [LiteralNode { Value: { Type: ExpressionType.String } value }] ? value.AsText : null;
        switch (call.Function!.Name)
        {
            case "variables" when name is not null:
                return Behind(scope.Variable(name), steps, $"the variable '{name}'");
            case "activity" when name is not null && Names(steps) is { } path:
                return scope.Activity(name, path);
            case "pipeline" when steps is [var first, var second, .. var rest]
                && string.Equals(first.Name, "parameters", StringComparison.OrdinalIgnoreCase) && second.Name is { } parameter:
                return Behind(scope.Parameter(parameter), rest, $"the parameter '{parameter}'");
            case "pipeline" when steps is [var only] && only.Name is { } member
                && member.ToUpperInvariant() is "RUNID" or "PIPELINE" or "DATAFACTORY" or "TRIGGERNAME" or "TRIGGERTIME" or "TRIGGERID" or "TRIGGERTYPE" or "GROUPID":
                return ValueTypes.Text;
            default:
                return ValueTypes.Any;
        }
    }

    // What lies behind a step is not known; that there is nothing to step into may be.
    private ValueTypes Behind(ValueTypes types, ImmutableArray<AccessStep> steps, string what)
    {
        if (steps.IsEmpty)
        {
            return types;
        }

        if (types != ValueTypes.None && (types & (ValueTypes.Object | ValueTypes.Array | ValueTypes.Null)) == ValueTypes.None)
        {
            report(DiagnosticSeverity.Error, $"The expression reads a member of {what}, which is {types.Describe()} and has none.");
        }
        else if (types == ValueTypes.Array && steps[0].Name is { } name)
        {
            report(DiagnosticSeverity.Error, $"The expression reads '{name}' of {what}, which is an array; an element is read by its index, as in [0].");
        }

        return ValueTypes.Any;
    }

    // Null where a step is computed, and with it everything behind it.
    private static string[]? Names(ImmutableArray<AccessStep> steps)
    {
        var names = new string[steps.Length];
        for (var index = 0; index < names.Length; index++)
        {
            if ((steps[index].Name ?? (steps[index].Key is LiteralNode { Value.Type: ExpressionType.Integer } ? "[]" : null)) is not { } name)
            {
                return null;
            }

            names[index] = name;
        }

        return names;
    }

    private static bool Only(ValueTypes types, ValueTypes allowed) => types != ValueTypes.None && (types & ~allowed) == ValueTypes.None;

    private static ValueTypes OfValue(ExpressionType type) => type switch
    {
        ExpressionType.Null => ValueTypes.Null,
        ExpressionType.Boolean => ValueTypes.Boolean,
        ExpressionType.Integer => ValueTypes.Integer,
        ExpressionType.Float => ValueTypes.Float,
        ExpressionType.String => ValueTypes.Text,
        ExpressionType.Array => ValueTypes.Array,
        _ => ValueTypes.Object,
    };
}
