using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Engine.ControlFlow;

/// <summary>SetVariable, return values included, and AppendVariable.</summary>
internal static class VariableSetting
{
    private const string ReturnValueName = "pipelineReturnValue";

    public static async ValueTask BeginSetAsync(ActivityBeginning beginning)
    {
        var name = VariableName(beginning);
        if (ActivityPolicyReader.ReadBoolean(beginning.Raw("setSystemVariable")) == true
            && name.Equals(ReturnValueName, StringComparison.OrdinalIgnoreCase))
        {
            await SetReturnValueAsync(beginning);
            return;
        }

        var variable = Find(beginning, name);
        RefuseSelfReference(beginning, name);
        var value = Convert(variable, beginning.Evaluate("value"));
        await beginning.StartAsync(new JsonObject { ["variableName"] = name, ["value"] = value?.DeepClone() });
        if (!Fits(variable.Type, value))
        {
            throw ActivityBeginning.Invalid(
                $"The variable '{name}' of type '{variable.Type}' cannot be initialized or updated with value of type "
                + $"'{ActivityPolicyReader.TypeName(value)}'. The variable '{name}' only supports values of types '{variable.Type}'.");
        }

        beginning.Emit(new VariableSet(
            beginning.Now, beginning.Activity.Path, variable.Definition.Name, await StoreAsync(beginning, value)));
        await beginning.SucceedAsync(Output(beginning, name, value));
    }

    public static async ValueTask BeginAppendAsync(ActivityBeginning beginning)
    {
        var name = VariableName(beginning);
        var variable = Find(beginning, name);
        if (variable.Type != "Array")
        {
            throw ActivityBeginning.Invalid(
                $"The variable '{name}' of type '{variable.Type}' cannot be appended to. AppendVariable only supports variables of type 'Array'.");
        }

        RefuseSelfReference(beginning, name);
        var value = beginning.Evaluate("value");
        await beginning.StartAsync(new JsonObject { ["variableName"] = name, ["value"] = value?.DeepClone() });
        beginning.Emit(new VariableAppended(
            beginning.Now, beginning.Activity.Path, variable.Definition.Name, await StoreAsync(beginning, value)));
        await beginning.SucceedAsync(Output(beginning, name, value));
    }

    private static async ValueTask SetReturnValueAsync(ActivityBeginning beginning)
    {
        var values = ReturnValues.Evaluate(beginning);
        await beginning.StartAsync(new JsonObject { ["variableName"] = ReturnValueName, ["value"] = values.DeepClone() });
        var value = await StoreAsync(beginning, values);
        if (beginning.Options.MaxOutputBytes is > 0 and var most && value.Utf8.Length > most)
        {
            var failure = Failures.OfOutput(beginning.Activity, value.Utf8.Length, most);
            throw new ActivityException(ErrorCode.ActivityTemplate, failure.ErrorCode, failure.Message, failure.FailureType);
        }

        beginning.Emit(new ReturnValueSet(beginning.Now, beginning.Activity.Path, value));
        await beginning.SucceedAsync(Output(beginning, ReturnValueName, values));
    }

    // The output repeats the input: a secret input must not come to light in an output that is none.
    private static JsonObject Output(ActivityBeginning beginning, string name, JsonNode? value) =>
        beginning is { SecureInput: true, SecureOutput: false }
            ? new JsonObject { ["name"] = name }
            : new JsonObject { ["name"] = name, ["value"] = value?.DeepClone() };

    private static ValueTask<JournalValue> StoreAsync(ActivityBeginning beginning, JsonNode? value) =>
        beginning.Vault.StoreAsync(value, beginning.SecureInput || beginning.SecureOutput);

    private static string VariableName(ActivityBeginning beginning) =>
        beginning.Raw("variableName") is JsonValue text && text.TryGetValue<string>(out var name) && name.Length > 0
            ? name
            : throw ActivityBeginning.Invalid(
                $"Please provide value for the required property 'variableName' of activity '{beginning.Name}'.");

    private static VariableState Find(ActivityBeginning beginning, string name) =>
        beginning.Run.Variables.GetValueOrDefault(name)
        ?? throw ActivityBeginning.Invalid(
            $"The template variable '{name}' cannot be found. Declared variables: "
            + $"{string.Join(", ", beginning.Run.Variables.Keys.Select(declared => $"'{declared}'"))}.");

    private static void RefuseSelfReference(ActivityBeginning beginning, string name)
    {
        if (SelfReference.Mentions(beginning.Raw("value"), name))
        {
            throw ActivityBeginning.Invalid(
                "The expression contains self referencing variable. A variable cannot be referenced in its own expression: "
                + $"'{name}'. Use a second variable to hold the value in between.");
        }
    }

    // Numbers and Booleans written as text are everywhere in real files; a text that is none fails as in Data Factory.
    private static JsonNode? Convert(VariableState variable, JsonNode? value) => variable.Type switch
    {
        "Boolean" when value is JsonValue text && text.TryGetValue<string>(out _)
            && ActivityPolicyReader.ReadBoolean(value) is { } parsed => parsed,
        "Integer" when value is JsonValue text && text.TryGetValue<string>(out _)
            && ActivityPolicyReader.TryReadInteger(value, out var number) => number,
        _ => value,
    };

    // Null is what an unset optional parameter reads as; Data Factory's engine takes it for any type.
    private static bool Fits(string type, JsonNode? value) => value is null || type switch
    {
        "Integer" => ActivityPolicyReader.TypeName(value) == "Integer",
        _ => ActivityPolicyReader.TypeName(value) == type,
    };
}
