namespace Auspex.Expressions.Values;

/// <summary>The types of the language; the names are those that messages use.</summary>
internal enum ExpressionType : byte
{
    Null,
    Boolean,
    Integer,
    Float,
    String,
    Array,
    Object,
}

/// <summary>
/// A value inside an evaluation. Scalars need no heap object, arrays and objects may still be JSON nodes.
/// </summary>
internal readonly struct ExpressionValue
{
    private readonly object? _reference;
    private readonly long _bits;

    private ExpressionValue(ExpressionType type, long bits, object? reference)
    {
        Type = type;
        _bits = bits;
        _reference = reference;
    }

    public static ExpressionValue Null => default;

    public ExpressionType Type { get; }

    public string TypeName => Type switch
    {
        ExpressionType.Null => "Null",
        ExpressionType.Boolean => "Boolean",
        ExpressionType.Integer => "Integer",
        ExpressionType.Float => "Float",
        ExpressionType.String => "String",
        ExpressionType.Array => "Array",
        _ => "Object",
    };

    public bool IsNull => Type == ExpressionType.Null;

    public bool IsNumber => Type is ExpressionType.Integer or ExpressionType.Float;

    public bool AsBoolean => _bits != 0;

    public long AsInteger => _bits;

    /// <summary>The number as a double, whichever of the two number types it is.</summary>
    public double AsDouble => Type == ExpressionType.Integer ? _bits : BitConverter.Int64BitsToDouble(_bits);

    public string AsText => (string)_reference!;

    public ArrayValue AsArray => (ArrayValue)_reference!;

    public ObjectValue AsObject => (ObjectValue)_reference!;

    /// <summary>
    /// The digits of a JSON integer beyond 64 bits, which a double would round; null for every other value.
    /// </summary>
    public string? WideDigits => Type == ExpressionType.Float ? (string?)_reference : null;

    public static implicit operator ExpressionValue(bool value) => new(ExpressionType.Boolean, value ? 1 : 0, null);

    public static implicit operator ExpressionValue(long value) => new(ExpressionType.Integer, value, null);

    public static implicit operator ExpressionValue(double value) =>
        new(ExpressionType.Float, BitConverter.DoubleToInt64Bits(value), null);

    public static implicit operator ExpressionValue(string value) => new(ExpressionType.String, 0, value);

    public static implicit operator ExpressionValue(ArrayValue value) => new(ExpressionType.Array, 0, value);

    public static implicit operator ExpressionValue(ObjectValue value) => new(ExpressionType.Object, 0, value);

    public static ExpressionValue WideInteger(double value, string digits) =>
        new(ExpressionType.Float, BitConverter.DoubleToInt64Bits(value), digits);
}
