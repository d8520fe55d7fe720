namespace Auspex.Expressions.Values;

/// <summary>The order of numbers.</summary>
internal static class Ordering
{
    /// <summary>Exact for two integers; otherwise as doubles.</summary>
    public static int CompareNumbers(ExpressionValue left, ExpressionValue right) =>
        left.Type == ExpressionType.Integer && right.Type == ExpressionType.Integer
            ? left.AsInteger.CompareTo(right.AsInteger)
            : left.AsDouble.CompareTo(right.AsDouble);
}
