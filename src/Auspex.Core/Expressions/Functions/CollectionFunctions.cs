using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

internal static class CollectionFunctions
{
    private const string Any = "an object, an array or a string";
    private const string Sequence = "an array or a string";

    public static void Register(FunctionFamily family)
    {
        const int many = FunctionDefinition.Many;
        family.Add(
            "contains", 2, 2, "collection, value", "whether a text has a part, an array an item, an object a key",
            Contains);
        family.Add("empty", 1, 1, "collection", "whether it has nothing in it; null counts as empty", Empty);
        family.Add("first", 1, 1, "collection", "the first character or item", First);
        family.Add("intersection", 2, many, "collection...", "what all arrays or all objects have in common",
            SetFunctions.Intersection);
        family.Add("join", 2, 2, "array, separator", "the items' texts with separators between them", Join);
        family.Add("last", 1, 1, "collection", "the last character or item", Last);
        family.Add("length", 1, 1, "collection", "the number of characters (UTF-16 units) or items", Length);
        family.Add("skip", 2, 2, "array, count", "the array without its first items", Skip);
        family.Add("take", 2, 2, "collection, count", "the first characters or items", Take);
        family.Add("union", 2, many, "collection...", "all items once, or all members, where later ones win",
            SetFunctions.Union);
    }

    private static ExpressionValue Contains(CallArguments arguments)
    {
        var (collection, value) = (arguments[0], arguments[1]);
        switch (collection.Type)
        {
            case ExpressionType.String:
                return collection.AsText.Contains(TextRendering.ToText(value), StringComparison.Ordinal);
            case ExpressionType.Array:
                var array = collection.AsArray;
                for (var i = 0; i < array.Count; i++)
                {
                    if (Equality.AreEqual(array[i], value))
                    {
                        return true;
                    }
                }

                return false;
            case ExpressionType.Object:
                return collection.AsObject.TryFind(arguments.Text(1), out _);
            default:
                throw arguments.WrongType(0, Any);
        }
    }

    private static ExpressionValue Empty(CallArguments arguments) => arguments[0].Type switch
    {
        ExpressionType.Null => true,
        ExpressionType.String => arguments[0].AsText.Length == 0,
        ExpressionType.Array => arguments[0].AsArray.Count == 0,
        ExpressionType.Object => arguments[0].AsObject.Count == 0,
        _ => throw arguments.WrongType(0, Any),
    };

    private static ExpressionValue First(CallArguments arguments) => arguments[0].Type switch
    {
        ExpressionType.String => arguments[0].AsText is { Length: > 1 } text ? text[..1] : arguments[0],
        ExpressionType.Array => arguments[0].AsArray is { Count: > 0 } array ? array[0] : ExpressionValue.Null,
        _ => throw arguments.WrongType(0, Sequence),
    };

    private static ExpressionValue Last(CallArguments arguments) => arguments[0].Type switch
    {
        ExpressionType.String => arguments[0].AsText is { Length: > 1 } text ? text[^1..] : arguments[0],
        ExpressionType.Array => arguments[0].AsArray is { Count: > 0 } array ? array[array.Count - 1] : ExpressionValue.Null,
        _ => throw arguments.WrongType(0, Sequence),
    };

    private static ExpressionValue Length(CallArguments arguments) => arguments[0].Type switch
    {
        ExpressionType.String => (long)arguments[0].AsText.Length,
        ExpressionType.Array => (long)arguments[0].AsArray.Count,
        _ => throw arguments.WrongType(0, Sequence),
    };

    private static ExpressionValue Join(CallArguments arguments)
    {
        var (array, separator) = (arguments.Array(0), arguments.Text(1));
        var pieces = new string[array.Count];
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = TextRendering.ToText(array[i]);
        }

        return string.Join(separator, pieces);
    }

    private static ExpressionValue Skip(CallArguments arguments)
    {
        var array = arguments.Array(0);
        var count = CountOf(arguments, array.Count);
        return count == 0 ? array : new SliceArray(array, count, array.Count - count);
    }

    private static ExpressionValue Take(CallArguments arguments)
    {
        switch (arguments[0].Type)
        {
            case ExpressionType.String:
                var text = arguments[0].AsText;
                return text[..CountOf(arguments, text.Length)];
            case ExpressionType.Array:
                var array = arguments[0].AsArray;
                return new SliceArray(array, 0, CountOf(arguments, array.Count));
            default:
                throw arguments.WrongType(0, Sequence);
        }
    }

    private static int CountOf(CallArguments arguments, int available)
    {
        var count = arguments.Integer(1);
        return count < 0
            ? throw arguments.OutOfRange("'count' must be a positive integer")
            : (int)Math.Min(count, available);
    }
}
