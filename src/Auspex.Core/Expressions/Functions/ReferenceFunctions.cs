using System.Text.Json.Nodes;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

/// <summary>What an expression sees of the run around it.</summary>
internal static class ReferenceFunctions
{
    public const string FamilyName = "References";

    public static void Register(FunctionFamily family)
    {
        family.Add("activity", 1, 1, "name", "an activity that ran before: output, error, status", Activity);
        family.Add("dataset", 0, 0, "", "the dataset's own parameters", call => Members(call, call.Context.Dataset));
        family.Add("item", 0, 0, "", "the element of the enclosing ForEach or Filter", Item);
        family.Add("linkedService", 0, 0, "", "the linked service's own parameters",
            call => Members(call, call.Context.LinkedService));
        family.Add("pipeline", 0, 0, "", "the run: RunId and so on, parameters, globalParameters", Pipeline);
        family.Add("trigger", 0, 0, "", "what started the run; in trigger definitions",
            call => Members(call, call.Context.Trigger));
        family.Add("triggerBody", 0, 0, "", "the event that started the run; in trigger definitions", TriggerBody);
        family.Add("variables", 1, 1, "name", "a variable's current value", Variables);
    }

    private static ExpressionValue Members(CallArguments arguments, JsonObject? members) => members is null
        ? throw ExpressionErrors.NotHere(arguments.Function.Name)
        : new NodeObject(members);

    private static ExpressionValue Pipeline(CallArguments arguments)
    {
        var context = arguments.Context;
        return context.Pipeline is null && context.Parameters is null && context.GlobalParameters is null
            ? throw ExpressionErrors.NotHere(arguments.Function.Name)
            : new PipelineObject(context);
    }

    private static ExpressionValue Item(CallArguments arguments) => arguments.Context.Item.HasValue
        ? JsonConversion.FromNode(arguments.Context.Item.Value)
        : throw ExpressionErrors.NotHere(arguments.Function.Name);

    private static ExpressionValue TriggerBody(CallArguments arguments)
    {
        var trigger = Members(arguments, arguments.Context.Trigger).AsObject;
        if (trigger.TryFind("body", out var body))
        {
            return body;
        }

        return trigger.TryFind("outputs", out var outputs) && outputs.Type == ExpressionType.Object
            && outputs.AsObject.TryFind("body", out body)
            ? body
            : ExpressionValue.Null;
    }

    private static ExpressionValue Variables(CallArguments arguments)
    {
        var variables = arguments.Context.Variables ?? throw ExpressionErrors.NotHere(arguments.Function.Name);
        var name = arguments.Text(0);
        return TryFind(variables, name, out var value)
            ? JsonConversion.FromNode(value)
            : throw ExpressionErrors.Failed($"The template variable '{ExpressionErrors.Quoted(name)}' cannot be found.");
    }

    private static ExpressionValue Activity(CallArguments arguments)
    {
        var activities = arguments.Context.Activities ?? throw ExpressionErrors.NotHere(arguments.Function.Name);
        var name = arguments.Text(0);
        return TryFind(activities, name, out var activity)
            ? new ActivityObject(activity!)
            : throw ExpressionErrors.Failed(
                $"The template action '{ExpressionErrors.Quoted(name)}' is not defined at current scope.");
    }

    private static bool TryFind<T>(IReadOnlyDictionary<string, T> entries, string name, out T? value)
    {
        if (entries.TryGetValue(name, out value))
        {
            return true;
        }

        foreach (var (key, entry) in entries)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = entry;
                return true;
            }
        }

        return false;
    }
}
