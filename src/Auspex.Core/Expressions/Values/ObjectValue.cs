using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Auspex.Expressions.Values;

/// <summary>An object inside an evaluation; keeps the order of its keys and is never changed once made.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "The language's own word for the type.")]
internal abstract class ObjectValue
{
    public abstract int Count { get; }

    public abstract IEnumerable<KeyValuePair<string, ExpressionValue>> Members { get; }

    /// <summary>Finds a key by exactly this name.</summary>
    public abstract bool TryGet(string name, out ExpressionValue value);

    /// <summary>
    /// Finds a key as property access does: the exact name wins, else the first that is equal ignoring case.
    /// </summary>
    public virtual bool TryFind(string name, out ExpressionValue value)
    {
        if (TryGet(name, out value))
        {
            return true;
        }

        foreach (var (key, member) in Members)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = member;
                return true;
            }
        }

        value = default;
        return false;
    }
}

/// <summary>An object that stays the JSON it came from.</summary>
internal sealed class NodeObject(JsonObject node) : ObjectValue
{
    public JsonObject Node => node;

    public override int Count => node.Count;

    public override IEnumerable<KeyValuePair<string, ExpressionValue>> Members
    {
        get
        {
            foreach (var (key, member) in node)
            {
                yield return new(key, JsonConversion.FromNode(member));
            }
        }
    }

    public override bool TryGet(string name, out ExpressionValue value)
    {
        var found = node.TryGetPropertyValue(name, out var member);
        value = found ? JsonConversion.FromNode(member) : default;
        return found;
    }

    public override bool TryFind(string name, out ExpressionValue value)
    {
        if (TryGet(name, out value))
        {
            return true;
        }

        foreach (var (key, member) in node)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = JsonConversion.FromNode(member);
                return true;
            }
        }

        return false;
    }
}

/// <summary>An object that a function made.</summary>
internal sealed class MapObject(OrderedDictionary<string, ExpressionValue> members) : ObjectValue
{
    public static MapObject Empty { get; } = new([]);

    public override int Count => members.Count;

    public override IEnumerable<KeyValuePair<string, ExpressionValue>> Members => members;

    public override bool TryGet(string name, out ExpressionValue value) => members.TryGetValue(name, out value);
}
