using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Auspex.Engine.Journal;
using Auspex.Expressions;

namespace Auspex.Engine.Runs;

/// <summary>What expressions see from a place in a run.</summary>
/// <remarks>The journal values of the run must be loaded; what is built here is read by the evaluator and not kept.</remarks>
internal sealed class RunContext
{
    private readonly RunState _run;
    private readonly TimeProvider _clock;
    private readonly JsonObject _pipeline;
    private readonly JsonObject _parameters;
    private readonly JsonObject? _globalParameters;
    private readonly VariableValues _variables;

    public RunContext(RunState run, TimeProvider clock)
    {
        _run = run;
        _clock = clock;
        _pipeline = SystemVariables(run.Created);
        _parameters = run.Created.Parameters.ParseObject()!;
        _globalParameters = run.Created.GlobalParameters.ParseObject();
        _variables = new VariableValues(run);
        foreach (var (name, value) in run.Created.SecureParameters?.ParseObject() ?? [])
        {
            _parameters[name] = value?.DeepClone();
        }
    }

    /// <summary>What expressions see that are evaluated after the activity began: the pipeline and its parameters, nothing that changes.</summary>
    public ExpressionContext OfPipeline => new()
    {
        Pipeline = _pipeline,
        Parameters = _parameters,
        GlobalParameters = _globalParameters,
        Clock = _clock,
    };

    public ExpressionContext At(ScopeState scope) => new()
    {
        Pipeline = _pipeline,
        Parameters = _parameters,
        GlobalParameters = _globalParameters,
        Variables = _variables,
        Activities = new ScopeActivities(_run, scope),
        Item = ItemAt(scope),
        Clock = _clock,
    };

    private static Optional<JsonNode?> ItemAt(ScopeState scope)
    {
        for (var at = scope; at.Owner is { } owner; at = owner.Scope)
        {
            if (owner.Loop is { Items: not null } loop)
            {
                return loop.ItemAt(at.Index);
            }
        }

        return default;
    }

    private static JsonObject SystemVariables(RunCreated created) => new()
    {
        ["DataFactory"] = created.Factory,
        ["Pipeline"] = created.Pipeline,
        ["RunId"] = created.RunId.Value,
        ["GroupId"] = (created.GroupId ?? created.RunId).Value,
        ["TriggerType"] = created.TriggerType,
        ["TriggerId"] = created.TriggerId ?? created.RunId.Value,
        ["TriggerName"] = created.TriggerName,
        ["TriggerTime"] = ActivityView.TimeText(created.At),
        ["TriggeredByPipelineName"] = created.ParentPipeline,
        ["TriggeredByPipelineRunId"] = created.ParentRunId?.Value,
    };

    /// <summary>The variables' present values, read when an expression asks for one.</summary>
    private sealed class VariableValues(RunState run) : IReadOnlyDictionary<string, JsonNode?>
    {
        public IEnumerable<string> Keys => run.Variables.Keys;

        public IEnumerable<JsonNode?> Values => run.Variables.Values.Select(variable => variable.Current);

        public int Count => run.Variables.Count;

        public JsonNode? this[string key] => run.Variables[key].Current;

        public bool ContainsKey(string key) => run.Variables.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonNode? value)
        {
            var found = run.Variables.TryGetValue(key, out var variable);
            value = variable?.Current;
            return found;
        }

        public IEnumerator<KeyValuePair<string, JsonNode?>> GetEnumerator() =>
            run.Variables.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Current)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
