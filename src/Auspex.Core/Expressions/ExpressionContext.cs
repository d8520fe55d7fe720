using System.Text.Json.Nodes;

namespace Auspex.Expressions;

/// <summary>
/// What the references of an expression see. A null member makes the reference an error at that location.
/// </summary>
/// <remarks>Names are matched ignoring case by the evaluator, whatever the dictionaries compare.</remarks>
public sealed record ExpressionContext
{
    /// <summary>
    /// <c>pipeline()</c> without <c>parameters</c> and <c>globalParameters</c>: RunId, DataFactory, Pipeline and so on.
    /// </summary>
    public JsonObject? Pipeline { get; init; }

    /// <summary><c>pipeline().parameters</c>.</summary>
    public JsonObject? Parameters { get; init; }

    /// <summary><c>pipeline().globalParameters</c>.</summary>
    public JsonObject? GlobalParameters { get; init; }

    /// <summary><c>variables('v')</c>: current values by name.</summary>
    public IReadOnlyDictionary<string, JsonNode?>? Variables { get; init; }

    /// <summary>
    /// <c>activity('A')</c>: for each activity in scope an object with <c>output</c>, <c>error</c>, <c>status</c> and
    /// so on.
    /// </summary>
    public IReadOnlyDictionary<string, JsonObject>? Activities { get; init; }

    /// <summary><c>item()</c>; an <see cref="Optional{T}"/> since the item may be JSON null.</summary>
    public Optional<JsonNode?> Item { get; init; }

    /// <summary><c>dataset()</c>: the dataset's parameters.</summary>
    public JsonObject? Dataset { get; init; }

    /// <summary><c>linkedService()</c>: the linked service's parameters.</summary>
    public JsonObject? LinkedService { get; init; }

    /// <summary><c>trigger()</c> and <c>triggerBody()</c>.</summary>
    public JsonObject? Trigger { get; init; }

    /// <summary>The clock that <c>utcNow()</c> reads.</summary>
    public required TimeProvider Clock { get; init; }
}

/// <summary>A value that may be absent, where null is a value of its own.</summary>
public readonly record struct Optional<T>(T Value, bool HasValue)
{
    /// <summary>A present value.</summary>
    public static implicit operator Optional<T>(T value) => new(value, true);
}
