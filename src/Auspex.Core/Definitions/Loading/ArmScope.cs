using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>The parameters and variables of one ARM template.</summary>
/// <param name="template">The template.</param>
/// <param name="values">The <c>parameters</c> of a parameters file, <c>{"X": {"value": ...}}</c>; null when there is none.</param>
internal sealed class ArmScope(JsonObject template, JsonObject? values)
{
    // Defaults and variables may refer to each other; deeper than this it is a circle.
    private const int MaxDepth = 20;

    private int _depth;

    /// <summary>While a name is evaluated a parameter without a value stands for itself: only the part behind the last slash matters.</summary>
    public bool NamesStandForThemselves { get; set; }

    public bool TryParameter(string name, out JsonNode? value)
    {
        if (values?.ObjectMember(name)?.TryMember("value", out value) == true)
        {
            return true;
        }

        if (template.ObjectMember("parameters")?.ObjectMember(name)?.TryMember("defaultValue", out value) == true)
        {
            return TryResolve(value, out value);
        }

        value = NamesStandForThemselves ? JsonValue.Create(name) : null;
        return NamesStandForThemselves;
    }

    public bool TryVariable(string name, out JsonNode? value)
    {
        value = null;
        return template.ObjectMember("variables")?.TryMember(name, out value) == true && TryResolve(value, out value);
    }

    /// <summary>Whether the template declares the parameter.</summary>
    public bool Declares(string name) => template.ObjectMember("parameters")?.MemberName(name) is not null;

    /// <summary>Whether the parameter is declared as a secret.</summary>
    public bool IsSecure(string name) =>
        template.ObjectMember("parameters")?.ObjectMember(name)?.TextMember("type")?.StartsWith("secure", StringComparison.OrdinalIgnoreCase) == true;

    private bool TryResolve(JsonNode? node, out JsonNode? value)
    {
        value = node;
        if (node is JsonObject or JsonArray)
        {
            // A default or variable that is an object may hold expressions; the unresolved ones stay as they are written.
            value = ArmValues.Resolve(node, this, static (_, _) => { });
            return true;
        }

        if (!ArmText.IsExpression(node) || _depth >= MaxDepth)
        {
            return !ArmText.IsExpression(node);
        }

        _depth++;
        var success = new ArmExpression(node!.GetValue<string>(), this).TryEvaluate(out value, out _);
        _depth--;
        return success;
    }
}
