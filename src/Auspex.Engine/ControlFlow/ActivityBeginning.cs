using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Engine.ControlFlow;

/// <summary>What begins an activity: its expressions are evaluated here, once, and what comes of them is journaled.</summary>
/// <param name="Run">The run; changes by <paramref name="Emit"/> only.</param>
/// <param name="Activity">The activity that begins.</param>
/// <param name="Context">What its expressions see.</param>
/// <param name="Vault">Keeps values too large or too secret for the journal.</param>
/// <param name="Now">The time of this step.</param>
/// <param name="Options">The host's.</param>
/// <param name="Emit">Folds an event in and has it journaled with the rest of the step.</param>
internal sealed record ActivityBeginning(
    RunState Run,
    ActivityState Activity,
    ExpressionContext Context,
    ValueVault Vault,
    DateTimeOffset Now,
    EngineOptions Options,
    Action<RunEvent> Emit)
{
    public string Name => Activity.Name;

    public JsonObject TypeProperties => Activity.Plan.Definition.TypeProperties;

    public bool SecureInput => Activity.Plan.Definition.Policy.SecureInput;

    public bool SecureOutput => Activity.Plan.Definition.Policy.SecureOutput;

    /// <summary>A property of <c>typeProperties</c>, evaluated; null when it is not there.</summary>
    public JsonNode? Evaluate(string property) => ExpressionEvaluator.Evaluate(Raw(property), Context);

    /// <summary>A property as written, its name matched ignoring case if it is not there exactly.</summary>
    public JsonNode? Raw(string property) =>
        TypeProperties.TryGetPropertyValue(property, out var exact) ? exact
            : TypeProperties.FirstOrDefault(
                member => member.Key.Equals(property, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Journals that the activity begins with this input.</summary>
    public async ValueTask StartAsync(JsonObject input)
    {
        var value = await Vault.StoreAsync(new ResolvedInput(input, UserProperties: UserProperties()).ToJson(), SecureInput);
        Emit(new ActivityStarted(Now, Activity.Path, 1, value));
    }

    /// <summary>Journals that the activity ended well.</summary>
    public async ValueTask SucceedAsync(JsonObject? output)
    {
        var value = output is null or { Count: 0 } ? null : await Vault.StoreAsync(output, SecureOutput);
        Emit(new ActivitySucceeded(Now, Activity.Path, value));
    }

    /// <summary>The evaluated user properties; null when there are none.</summary>
    public JsonObject? UserProperties()
    {
        if (Activity.Plan.Definition.Source.ArrayMember("userProperties") is not { Count: > 0 } properties)
        {
            return null;
        }

        var evaluated = new JsonObject();
        foreach (var property in properties.OfType<JsonObject>())
        {
            if (property["name"] is JsonValue name)
            {
                evaluated[name.ToString()] = ExpressionEvaluator.EvaluateToText(property["value"], Context);
            }
        }

        return evaluated;
    }

    /// <summary>The failure of a value that is not what its place demands.</summary>
    public static ActivityException Invalid(string message) =>
        new(ErrorCode.ActivityTemplate, Failures.InvalidTemplate, message, FailureType.UserError);

    /// <summary>How a property stands in the definition, for messages: an expression's text.</summary>
    public string TextOf(string property) => Raw(property) switch
    {
        JsonObject expression when (expression["value"] ?? expression["content"]) is { } text => text.ToString(),
        { } other => other.ToString(),
        null => string.Empty,
    };
}
