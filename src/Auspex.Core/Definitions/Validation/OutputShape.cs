using System.Collections.Frozen;
using Auspex.Expressions.Typing;

namespace Auspex.Definitions.Validation;

/// <summary>What is known of a value that an activity leaves.</summary>
/// <param name="Types">The types that it may have.</param>
/// <param name="Members">The members of an object; null when anything may be there.</param>
/// <param name="Element">What the elements of an array are; null when they may be anything.</param>
internal sealed record OutputShape(
    ValueTypes Types,
    FrozenDictionary<string, OutputShape>? Members = null,
    OutputShape? Element = null)
{
    /// <summary>
    /// Whether the list of members is complete, so that any other cannot be there; where the service's documents may have left
    /// something out, it is not.
    /// </summary>
    public bool IsComplete { get; init; }

    public static OutputShape Anything { get; } = new(ValueTypes.Any);

    /// <summary>An object of these members, <c>name:letter</c> each: i whole number, n number, b boolean, s text, a array, o object, - anything.</summary>
    public static OutputShape Of(string members, params ReadOnlySpan<(string Name, OutputShape Shape)> further)
    {
        var all = new Dictionary<string, OutputShape>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in members.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.Split(':');
            all[parts[0]] = new OutputShape(Type(parts[1]));
        }

        foreach (var (name, shape) in further)
        {
            all[name] = shape;
        }

        return new OutputShape(ValueTypes.Object, all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }

    public static OutputShape ArrayOf(OutputShape element) => new(ValueTypes.Array, null, element);

    private static ValueTypes Type(string letter) => letter switch
    {
        "i" => ValueTypes.Integer,
        "n" => ValueTypes.Number,
        "b" => ValueTypes.Boolean,
        "s" => ValueTypes.Text,
        "a" => ValueTypes.Array,
        "o" => ValueTypes.Object,
        _ => ValueTypes.Any,
    };
}
