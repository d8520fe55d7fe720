using System.Text.Json.Nodes;

namespace Auspex.Expressions.Values;

/// <summary>
/// <c>pipeline()</c>: the run's own members and, beside them, its parameters and the factory's constants.
/// </summary>
internal sealed class PipelineObject(ExpressionContext context) : ObjectValue
{
    private const string ParametersKey = "parameters";
    private const string GlobalParametersKey = "globalParameters";

    public override int Count => Members.Count();

    public override IEnumerable<KeyValuePair<string, ExpressionValue>> Members
    {
        get
        {
            if (context.Pipeline is { } pipeline)
            {
                foreach (var (key, member) in pipeline)
                {
                    if (!IsScope(key))
                    {
                        yield return new(key, JsonConversion.FromNode(member));
                    }
                }
            }

            yield return new(ParametersKey, Scope(context.Parameters));
            yield return new(GlobalParametersKey, Scope(context.GlobalParameters));
        }
    }

    public override bool TryGet(string name, out ExpressionValue value)
    {
        switch (name)
        {
            case ParametersKey:
                value = Scope(context.Parameters);
                return true;
            case GlobalParametersKey:
                value = Scope(context.GlobalParameters);
                return true;
            default:
                value = default;
                if (context.Pipeline is null || !context.Pipeline.TryGetPropertyValue(name, out var member))
                {
                    return false;
                }

                value = JsonConversion.FromNode(member);
                return true;
        }
    }

    private static bool IsScope(string name) => name is ParametersKey or GlobalParametersKey;

    private static ExpressionValue Scope(JsonObject? members) =>
        members is null ? MapObject.Empty : new NodeObject(members);
}

/// <summary>
/// <c>activity('A')</c>: what is known of the activity run. Every activity that ended has an <c>output</c> and an
/// <c>error</c>, null where the run left none, since expressions read <c>error?.message</c> of successful activities. Only an
/// inactive one has no <c>output</c>.
/// </summary>
internal sealed class ActivityObject(JsonObject node) : ObjectValue
{
    private readonly NodeObject _run = new(node);

    public override int Count => Members.Count();

    public override IEnumerable<KeyValuePair<string, ExpressionValue>> Members
    {
        get
        {
            foreach (var member in _run.Members)
            {
                yield return member;
            }

            // An inactive activity has no output, so that reading it fails as Data Factory has it.
            string[] always = _run.TryFind("status", out var status) && status.Type == ExpressionType.String && status.AsText == "Inactive"
                ? ["error"]
                : ["output", "error"];
            foreach (var name in always)
            {
                if (!_run.TryFind(name, out _))
                {
                    yield return new(name, ExpressionValue.Null);
                }
            }
        }
    }

    public override bool TryGet(string name, out ExpressionValue value) => _run.TryGet(name, out value);
}
