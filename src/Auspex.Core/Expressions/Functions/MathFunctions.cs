using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

internal static class MathFunctions
{
    private const int RangeCountLimit = 100_000;

    public static void Register(FunctionFamily family)
    {
        const int many = FunctionDefinition.Many;
        family.Add("add", 2, 2, "number, number", "the sum", Add);
        family.Add("div", 2, 2, "dividend, divisor", "the quotient; of two integers the whole part, toward zero", Div);
        family.Add("max", 1, many, "number... or array", "the largest number", call => Extreme(call, 1));
        family.Add("min", 1, many, "number... or array", "the smallest number", call => Extreme(call, -1));
        family.Add("mod", 2, 2, "dividend, divisor", "the remainder, with the dividend's sign", Mod);
        family.Add("mul", 2, 2, "number, number", "the product", Mul);
        family.Add("rand", 2, 2, "low, high", "a random integer, low included and high not", Rand);
        family.Add("range", 2, 2, "start, count", "an array of consecutive integers", Range);
        family.Add("sub", 2, 2, "minuend, subtrahend", "the difference", Sub);
    }

    private static ExpressionValue Add(CallArguments arguments)
    {
        var (left, right) = (arguments.Number(0), arguments.Number(1));
        if (!AreIntegers(left, right))
        {
            return Finite(arguments, left.AsDouble + right.AsDouble);
        }

        var sum = (Int128)left.AsInteger + right.AsInteger;
        return Checked(arguments, sum);
    }

    private static ExpressionValue Sub(CallArguments arguments)
    {
        var (left, right) = (arguments.Number(0), arguments.Number(1));
        return AreIntegers(left, right)
            ? Checked(arguments, (Int128)left.AsInteger - right.AsInteger)
            : Finite(arguments, left.AsDouble - right.AsDouble);
    }

    private static ExpressionValue Mul(CallArguments arguments)
    {
        var (left, right) = (arguments.Number(0), arguments.Number(1));
        return AreIntegers(left, right)
            ? Checked(arguments, (Int128)left.AsInteger * right.AsInteger)
            : Finite(arguments, left.AsDouble * right.AsDouble);
    }

    private static ExpressionValue Div(CallArguments arguments)
    {
        var (left, right) = Divisible(arguments);
        return AreIntegers(left, right)
            ? Checked(arguments, (Int128)left.AsInteger / right.AsInteger)
            : Finite(arguments, left.AsDouble / right.AsDouble);
    }

    private static ExpressionValue Mod(CallArguments arguments)
    {
        var (left, right) = Divisible(arguments);
        return AreIntegers(left, right)
            ? Checked(arguments, (Int128)left.AsInteger % right.AsInteger)
            : Finite(arguments, left.AsDouble % right.AsDouble);
    }

    private static (ExpressionValue Dividend, ExpressionValue Divisor) Divisible(CallArguments arguments)
    {
        var (dividend, divisor) = (arguments.Number(0), arguments.Number(1));
        return divisor.AsDouble == 0
            ? throw ExpressionErrors.Failed(
                $"Attempt to divide an integral or decimal value by zero in function '{arguments.Function.Name}'.")
            : (dividend, divisor);
    }

    private static ExpressionValue Extreme(CallArguments arguments, int sign)
    {
        var array = arguments.Count == 1 && arguments[0].Type == ExpressionType.Array ? arguments[0].AsArray : null;
        var count = array?.Count ?? arguments.Count;
        if (count == 0)
        {
            throw arguments.Invalid("The array must have at least one number.");
        }

        var best = ExpressionValue.Null;
        for (var i = 0; i < count; i++)
        {
            var number = array is null ? arguments.Number(i) : array[i];
            if (!number.IsNumber)
            {
                throw arguments.WrongType(0, "an array of integers or decimal numbers");
            }

            if (i == 0 || sign * Ordering.CompareNumbers(number, best) > 0)
            {
                best = number;
            }
        }

        return best;
    }

    private static ExpressionValue Rand(CallArguments arguments)
    {
        var (low, high) = (arguments.Integer(0), arguments.Integer(1));
        return low <= high
            ? Random.Shared.NextInt64(low, high)
            : throw arguments.OutOfRange("'minimum' must be no larger than 'maximum'");
    }

    private static ExpressionValue Range(CallArguments arguments)
    {
        var (start, count) = (arguments.Integer(0), arguments.Integer(1));
        if (count is < 0 or > RangeCountLimit)
        {
            throw arguments.OutOfRange($"'count' must be an integer from 0 to {RangeCountLimit}");
        }

        if (start is < int.MinValue or > int.MaxValue || start + count > int.MaxValue)
        {
            throw arguments.OutOfRange($"the sum of 'start index' and 'count' must be no larger than {int.MaxValue}");
        }

        var items = new ExpressionValue[count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = start + i;
        }

        return new ListArray(items);
    }

    private static bool AreIntegers(ExpressionValue left, ExpressionValue right) =>
        left.Type == ExpressionType.Integer && right.Type == ExpressionType.Integer;

    // 128 bits hold every sum, product and quotient of two 64-bit integers, long.MinValue / -1 included.
    private static ExpressionValue Checked(CallArguments arguments, Int128 result) =>
        result >= long.MinValue && result <= long.MaxValue ? (long)result : throw arguments.Overflow();

    private static ExpressionValue Finite(CallArguments arguments, double result) =>
        double.IsFinite(result) ? result : throw arguments.Overflow();
}
