using System.Text.Json.Nodes;

namespace Auspex.Expressions.Values;

/// <summary>An array inside an evaluation; never changed once made.</summary>
internal abstract class ArrayValue
{
    public abstract int Count { get; }

    public abstract ExpressionValue this[int index] { get; }
}

/// <summary>
/// An array that stays the JSON it came from, so that reading one item of a large output stays cheap.
/// </summary>
internal sealed class NodeArray(JsonArray node) : ArrayValue
{
    public JsonArray Node => node;

    public override int Count => node.Count;

    public override ExpressionValue this[int index] => JsonConversion.FromNode(node[index]);
}

/// <summary>An array that a function made.</summary>
internal sealed class ListArray(IReadOnlyList<ExpressionValue> items) : ArrayValue
{
    public static ListArray Empty { get; } = new([]);

    public override int Count => items.Count;

    public override ExpressionValue this[int index] => items[index];
}

/// <summary>A run of another array's items, without a copy of them.</summary>
internal sealed class SliceArray(ArrayValue source, int start, int count) : ArrayValue
{
    public override int Count => count;

    public override ExpressionValue this[int index] => source[start + index];
}
