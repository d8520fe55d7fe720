using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

internal static class LogicalFunctions
{
    private const string AllBooleans = "all of its parameters to be booleans";

    public static void Register(FunctionFamily family)
    {
        const int many = FunctionDefinition.Many;
        family.AddLazy("and", 1, many, "condition...", "whether all are true; stops at the first that is not", And);
        family.Add("equals", 2, many, "value, value...", "deep equality; text minds case, key order does not count",
            AreEqual);
        family.Add("greater", 2, 2, "value, value", "whether the first number or text is larger",
            call => Compare(call) > 0);
        family.Add("greaterOrEquals", 2, 2, "value, value", "whether the first is larger or equal",
            call => Compare(call) >= 0);
        family.AddLazy("if", 3, 3, "condition, whenTrue, whenFalse", "one of two values; the other is not evaluated",
            If);
        family.Add("less", 2, 2, "value, value", "whether the first number or text is smaller",
            call => Compare(call) < 0);
        family.Add("lessOrEquals", 2, 2, "value, value", "whether the first is smaller or equal",
            call => Compare(call) <= 0);
        family.Add("not", 1, 1, "condition", "the opposite", arguments => !arguments.Boolean(0));
        family.AddLazy("or", 1, many, "condition...", "whether any is true; stops at the first that is", Or);
    }

    private static ExpressionValue And(FunctionDefinition function, CallNode call, Evaluator evaluator) =>
        DecidedBy(false, function, call, evaluator);

    private static ExpressionValue Or(FunctionDefinition function, CallNode call, Evaluator evaluator) =>
        DecidedBy(true, function, call, evaluator);

    private static bool DecidedBy(bool deciding, FunctionDefinition function, CallNode call, Evaluator evaluator)
    {
        foreach (var argument in call.Arguments)
        {
            var value = evaluator.Evaluate(argument);
            if (value.Type != ExpressionType.Boolean)
            {
                throw ExpressionErrors.Failed(
                    $"The template language function '{function.Name}' expects {AllBooleans}. " +
                    $"The provided value is of type '{value.TypeName}'.");
            }

            if (value.AsBoolean == deciding)
            {
                return deciding;
            }
        }

        return !deciding;
    }

    private static ExpressionValue If(FunctionDefinition function, CallNode call, Evaluator evaluator)
    {
        var condition = evaluator.Evaluate(call.Arguments[0]);
        return condition.Type == ExpressionType.Boolean
            ? evaluator.Evaluate(call.Arguments[condition.AsBoolean ? 1 : 2])
            : throw ExpressionErrors.ArgumentType(function, 0, "a boolean", condition);
    }

    private static ExpressionValue AreEqual(CallArguments arguments)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            if (!AreEqual(arguments[0], arguments[i]))
            {
                return false;
            }
        }

        return true;
    }

    // The documentation says that true equals 1, so a Boolean next to a number counts as 0 or 1. Not inside arrays and
    // objects.
    private static bool AreEqual(ExpressionValue left, ExpressionValue right) => (left.Type, right.Type) switch
    {
        (ExpressionType.Boolean, ExpressionType.Integer or ExpressionType.Float) => (left.AsBoolean ? 1 : 0) == right.AsDouble,
        (ExpressionType.Integer or ExpressionType.Float, ExpressionType.Boolean) => left.AsDouble == (right.AsBoolean ? 1 : 0),
        _ => Equality.AreEqual(left, right),
    };

    private static int Compare(CallArguments arguments)
    {
        var (left, right) = (arguments[0], arguments[1]);
        if (left.IsNumber && right.IsNumber)
        {
            return Ordering.CompareNumbers(left, right);
        }

        if (left.Type == ExpressionType.String && right.Type == ExpressionType.String)
        {
            return string.Compare(left.AsText, right.AsText, StringComparison.OrdinalIgnoreCase);
        }

        var name = arguments.Function.Name;
        throw IsComparable(left) && IsComparable(right)
            ? ExpressionErrors.Failed(
                $"The template language function '{name}' expects two parameter of matching types. The function was " +
                $"invoked with values of type '{left.TypeName}' and '{right.TypeName}' that do not match.")
            : ExpressionErrors.Failed(
                $"The template language function '{name}' expects two parameter of matching types, which have to be " +
                "either integer or decimal numbers, or strings. The function was invoked with values of type " +
                $"'{left.TypeName}' and '{right.TypeName}'.");
    }

    private static bool IsComparable(ExpressionValue value) => value.IsNumber || value.Type == ExpressionType.String;
}
