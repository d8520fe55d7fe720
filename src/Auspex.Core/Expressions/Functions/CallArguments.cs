using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

/// <summary>The evaluated arguments of one call, read by the types that a function wants.</summary>
internal readonly ref struct CallArguments(
    FunctionDefinition function,
    ReadOnlySpan<ExpressionValue> values,
    ExpressionContext context)
{
    private readonly ReadOnlySpan<ExpressionValue> _values = values;

    public FunctionDefinition Function => function;

    public ExpressionContext Context => context;

    public ReadOnlySpan<ExpressionValue> Values => _values;

    public int Count => _values.Length;

    public ExpressionValue this[int index] => _values[index];

    public string Text(int index) =>
        _values[index].Type == ExpressionType.String ? _values[index].AsText : throw WrongType(index, "a string");

    /// <summary>An optional text: null when the call does not have that many arguments.</summary>
    public string? TextOrNone(int index) => index < Count ? Text(index) : null;

    public long Integer(int index) =>
        _values[index].Type == ExpressionType.Integer ? _values[index].AsInteger : throw WrongType(index, "an integer");

    public bool Boolean(int index) =>
        _values[index].Type == ExpressionType.Boolean ? _values[index].AsBoolean : throw WrongType(index, "a boolean");

    public ArrayValue Array(int index) =>
        _values[index].Type == ExpressionType.Array ? _values[index].AsArray : throw WrongType(index, "an array");

    public ExpressionValue Number(int index) =>
        _values[index].IsNumber ? _values[index] : throw WrongType(index, "an integer or a decimal number");

    public ExpressionException WrongType(int index, string expected) =>
        ExpressionErrors.ArgumentType(function, index, expected, _values[index]);

    public ExpressionException Invalid(string reason, Exception? inner = null) =>
        ExpressionErrors.ArgumentInvalid(function, reason, inner);

    public ExpressionException NotConvertible() => ExpressionErrors.NotConvertible(function);

    public ExpressionException OutOfRange(string rule) => ExpressionErrors.OutOfRange(function, rule);

    public ExpressionException Overflow() => ExpressionErrors.Overflow(function);
}
