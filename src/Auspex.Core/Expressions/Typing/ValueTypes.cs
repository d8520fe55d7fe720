namespace Auspex.Expressions.Typing;

/// <summary>The types that a value may have.</summary>
[Flags]
internal enum ValueTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,
    Float = 8,
    Text = 16,
    Array = 32,
    Object = 64,
    Number = Integer | Float,
    Scalar = Boolean | Number | Text,
    Any = 127,
}

/// <summary>The types in the words of messages.</summary>
internal static class ValueTypeNames
{
    /// <summary>Such as <c>an array or an object</c>.</summary>
    public static string Describe(this ValueTypes types)
    {
        var names = new List<string>();
        void Add(ValueTypes type, string name)
        {
            if (types.HasFlag(type))
            {
                names.Add(name);
            }
        }

        Add(ValueTypes.Null, "null");
        Add(ValueTypes.Boolean, "a boolean");
        if (types.HasFlag(ValueTypes.Number))
        {
            names.Add("a number");
        }
        else
        {
            Add(ValueTypes.Integer, "a whole number");
            Add(ValueTypes.Float, "a decimal number");
        }

        Add(ValueTypes.Text, "text");
        Add(ValueTypes.Array, "an array");
        Add(ValueTypes.Object, "an object");
        return names.Count switch
        {
            0 => "nothing",
            1 => names[0],
            _ => $"{string.Join(", ", names[..^1])} or {names[^1]}",
        };
    }

    /// <summary>The type that a declaration such as <c>Bool</c> names; any for one that is not known.</summary>
    public static ValueTypes OfDeclaration(string type) => type.ToUpperInvariant() switch
    {
        "STRING" or "SECURESTRING" => ValueTypes.Text,
        "BOOL" or "BOOLEAN" => ValueTypes.Boolean,
        "INT" or "INTEGER" => ValueTypes.Integer,
        "FLOAT" or "DOUBLE" or "NUMBER" => ValueTypes.Number,
        "ARRAY" => ValueTypes.Array,
        "OBJECT" => ValueTypes.Object,
        _ => ValueTypes.Any,
    };
}
