namespace Auspex.Expressions.Values;

/// <summary>
/// Deep equality: types are strict except between the two number types; the order of keys does not matter.
/// </summary>
internal static class Equality
{
    public static bool AreEqual(ExpressionValue left, ExpressionValue right)
    {
        if (left.Type != right.Type)
        {
            return left.IsNumber && right.IsNumber && Ordering.CompareNumbers(left, right) == 0;
        }

        return left.Type switch
        {
            ExpressionType.Null => true,
            ExpressionType.Boolean => left.AsBoolean == right.AsBoolean,
            ExpressionType.Integer => left.AsInteger == right.AsInteger,
            ExpressionType.Float => left.WideDigits == right.WideDigits && left.AsDouble == right.AsDouble,
            ExpressionType.String => string.Equals(left.AsText, right.AsText, StringComparison.Ordinal),
            ExpressionType.Array => ArraysAreEqual(left.AsArray, right.AsArray),
            _ => ObjectsAreEqual(left.AsObject, right.AsObject),
        };
    }

    private static bool ArraysAreEqual(ArrayValue left, ArrayValue right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        JsonConversion.EnsureStack();
        for (var i = 0; i < left.Count; i++)
        {
            if (!AreEqual(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ObjectsAreEqual(ObjectValue left, ObjectValue right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        JsonConversion.EnsureStack();
        foreach (var (key, member) in left.Members)
        {
            if (!right.TryGet(key, out var other) || !AreEqual(member, other))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Hashes in step with <see cref="Equality"/>, for sets of values.</summary>
internal sealed class ValueComparer : IEqualityComparer<ExpressionValue>
{
    public static ValueComparer Instance { get; } = new();

    public bool Equals(ExpressionValue x, ExpressionValue y) => Equality.AreEqual(x, y);

    public int GetHashCode(ExpressionValue obj) => obj.Type switch
    {
        ExpressionType.Boolean => obj.AsBoolean ? 1 : 2,
        ExpressionType.Integer or ExpressionType.Float => obj.AsDouble.GetHashCode(),
        ExpressionType.String => string.GetHashCode(obj.AsText, StringComparison.Ordinal),
        ExpressionType.Array => HashCode.Combine(3, obj.AsArray.Count),
        ExpressionType.Object => HashObject(obj.AsObject),
        _ => 0,
    };

    // Commutative, as the order of keys does not count; one level deep, which tells the rows of a table apart.
    private static int HashObject(ObjectValue value)
    {
        var hash = value.Count;
        foreach (var (key, member) in value.Members)
        {
            var part = member.Type is ExpressionType.Array or ExpressionType.Object ? 0 : Instance.GetHashCode(member);
            hash += HashCode.Combine(string.GetHashCode(key, StringComparison.Ordinal), part);
        }

        return hash;
    }
}
