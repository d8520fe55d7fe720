using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>The parameters and variables of one ARM template.</summary>
/// <param name="template">The template.</param>
/// <param name="values">The <c>parameters</c> of a parameters file, <c>{"X": {"value": ...}}</c>; null when there is none.</param>
internal sealed class ArmScope(JsonObject template, JsonObject? values)
{
    // Defaults and variables may refer to each other, to this depth.
    private const int MaxDepth = 20;

    // What is being resolved: one that is met again refers to itself and has no value.
    private readonly HashSet<string> _open = new(StringComparer.OrdinalIgnoreCase);

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
            return TryResolve($"parameters.{name}", value, out value);
        }

        value = NamesStandForThemselves ? JsonValue.Create(name) : null;
        return NamesStandForThemselves;
    }

    public bool TryVariable(string name, out JsonNode? value)
    {
        value = null;
        return template.ObjectMember("variables")?.TryMember(name, out value) == true
            && TryResolve($"variables.{name}", value, out value);
    }

    /// <summary>Whether the template declares the parameter.</summary>
    public bool Declares(string name) => template.ObjectMember("parameters")?.MemberName(name) is not null;

    /// <summary>Whether the parameter is declared as a secret.</summary>
    public bool IsSecure(string name) =>
        template.ObjectMember("parameters")?.ObjectMember(name)?.TextMember("type")?.StartsWith("secure", StringComparison.OrdinalIgnoreCase) == true;

    private bool TryResolve(string owner, JsonNode? node, out JsonNode? value)
    {
        value = node;
        if (node is not (JsonObject or JsonArray) && !ArmText.IsExpression(node))
        {
            return true;
        }

        if (_open.Count >= MaxDepth || !_open.Add(owner))
        {
            return false;
        }

        try
        {
            if (node is JsonObject or JsonArray)
            {
                // A default or variable that is an object may hold expressions; the unresolved ones stay as they are written.
                value = ArmValues.Resolve(node, this, static (_, _) => { });
                return true;
            }

            return new ArmExpression(node!.GetValue<string>(), this).TryEvaluate(out value, out _);
        }
        finally
        {
            _open.Remove(owner);
        }
    }
}
