using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

/// <summary>The two functions that treat arrays and objects as sets.</summary>
internal static class SetFunctions
{
    public static ExpressionValue Union(CallArguments arguments)
    {
        if (KindOf(arguments) == ExpressionType.Array)
        {
            var seen = new HashSet<ExpressionValue>(ValueComparer.Instance);
            var items = new List<ExpressionValue>();
            foreach (var argument in arguments.Values)
            {
                AddDistinct(argument.AsArray, seen, items);
            }

            return new ListArray(items);
        }

        var members = new OrderedDictionary<string, ExpressionValue>(StringComparer.Ordinal);
        foreach (var argument in arguments.Values)
        {
            foreach (var (key, member) in argument.AsObject.Members)
            {
                members[key] = member;
            }
        }

        return new MapObject(members);
    }

    public static ExpressionValue Intersection(CallArguments arguments)
    {
        if (KindOf(arguments) == ExpressionType.Array)
        {
            var kept = new List<ExpressionValue>();
            AddDistinct(arguments[0].AsArray, new HashSet<ExpressionValue>(ValueComparer.Instance), kept);
            foreach (var argument in arguments.Values[1..])
            {
                var other = SetOf(argument.AsArray);
                kept.RemoveAll(item => !other.Contains(item));
            }

            return new ListArray(kept);
        }

        var members = new OrderedDictionary<string, ExpressionValue>(StringComparer.Ordinal);
        foreach (var (key, member) in arguments[0].AsObject.Members)
        {
            if (AllHave(arguments.Values[1..], key, member))
            {
                members.Add(key, member);
            }
        }

        return new MapObject(members);
    }

    private static bool AllHave(ReadOnlySpan<ExpressionValue> objects, string key, ExpressionValue member)
    {
        foreach (var other in objects)
        {
            if (!other.AsObject.TryGet(key, out var value) || !Equality.AreEqual(member, value))
            {
                return false;
            }
        }

        return true;
    }

    private static ExpressionType KindOf(CallArguments arguments)
    {
        var kind = arguments[0].Type;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Type is not (ExpressionType.Array or ExpressionType.Object))
            {
                throw arguments.WrongType(i, "an array or an object");
            }

            if (arguments[i].Type != kind)
            {
                throw ExpressionErrors.Failed(
                    $"The template language function '{arguments.Function.Name}' expects parameters of same type, " +
                    $"but found '{arguments[0].TypeName},{arguments[i].TypeName}' distinct types.");
            }
        }

        return kind;
    }

    private static void AddDistinct(ArrayValue array, HashSet<ExpressionValue> seen, List<ExpressionValue> items)
    {
        for (var i = 0; i < array.Count; i++)
        {
            var item = array[i];
            if (seen.Add(item))
            {
                items.Add(item);
            }
        }
    }

    private static HashSet<ExpressionValue> SetOf(ArrayValue array)
    {
        var set = new HashSet<ExpressionValue>(ValueComparer.Instance);
        for (var i = 0; i < array.Count; i++)
        {
            set.Add(array[i]);
        }

        return set;
    }
}
