using System.Collections.Immutable;

namespace Auspex.Expressions;

/// <summary>What a reference names.</summary>
public enum ExpressionReferenceKind
{
    /// <summary><c>activity('A')</c>.</summary>
    Activity,

    /// <summary><c>variables('v')</c>.</summary>
    Variable,

    /// <summary><c>pipeline().parameters.p</c>.</summary>
    Parameter,

    /// <summary><c>pipeline().globalParameters.g</c>.</summary>
    GlobalParameter,

    /// <summary><c>pipeline().RunId</c> and its like.</summary>
    SystemVariable,

    /// <summary><c>item()</c>.</summary>
    Item,

    /// <summary><c>dataset().p</c>.</summary>
    Dataset,

    /// <summary><c>linkedService().p</c>.</summary>
    LinkedService,

    /// <summary><c>trigger()</c>.</summary>
    Trigger,

    /// <summary><c>triggerBody()</c>.</summary>
    TriggerBody,
}

/// <summary>One step into the value of a reference.</summary>
/// <param name="Name">The property's name, or an index in digits.</param>
/// <param name="IsGuarded">Whether <c>?</c> stands before the step, so that its absence gives null.</param>
public readonly record struct ReferenceStep(string Name, bool IsGuarded);

/// <summary>A use of something outside the expression.</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Name">
/// The name of the activity, variable, parameter or system variable as written; null when it is computed or absent
/// (<c>variables(concat('a','b'))</c>, <c>pipeline().parameters</c> as a whole), and for kinds without names.
/// </param>
/// <param name="Path">
/// The steps behind the name, such as <c>output</c>, <c>firstRow</c>, <c>c</c>; it ends before the first computed one.
/// </param>
/// <param name="IsGuarded">Whether <c>?</c> stands before the name itself, as in <c>dataset()?.p</c>.</param>
/// <param name="JsonPath">Where the string stands in the searched JSON value; <c>$</c> for a string of its own.</param>
public sealed record ExpressionReference(
    ExpressionReferenceKind Kind,
    string? Name,
    ImmutableArray<ReferenceStep> Path,
    bool IsGuarded,
    string JsonPath);
