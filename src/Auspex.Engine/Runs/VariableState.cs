using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Journal;

namespace Auspex.Engine.Runs;

/// <summary>A pipeline variable: the last value set and the elements appended since.</summary>
internal sealed class VariableState(VariableDefinition definition)
{
    private readonly List<JournalValue> _appended = [];
    private JournalValue? _set;
    private JsonNode? _current;
    private bool _isCurrent;

    public VariableDefinition Definition { get; } = definition;

    /// <summary>The declared type in the words of error messages: String, Boolean, Array, Integer.</summary>
    public string Type { get; } = definition.Type.ToUpperInvariant() switch
    {
        "BOOL" or "BOOLEAN" => "Boolean",
        "ARRAY" => "Array",
        "INT" or "INTEGER" => "Integer",
        _ => "String",
    };

    /// <summary>What expressions see; not to be changed. The values must be loaded.</summary>
    public JsonNode? Current
    {
        get
        {
            if (!_isCurrent)
            {
                _current = _set is { } value ? value.Parse() : Initial();
                if (_current is JsonArray array)
                {
                    _appended.ForEach(element => array.Add(element.Parse()));
                }

                _isCurrent = true;
            }

            return _current;
        }
    }

    /// <summary>The journal values that must be loaded before <see cref="Current"/> is read.</summary>
    public IEnumerable<JournalValue> Values => _set is { } value ? _appended.Prepend(value) : _appended;

    public void Set(JournalValue value)
    {
        _set = value;
        _appended.Clear();
        _isCurrent = false;
    }

    public void Append(JournalValue value)
    {
        _appended.Add(value);

        // Adding to the array at hand keeps 100,000 appends linear; before a load there is none, and nothing to do.
        if (_isCurrent && _current is JsonArray array)
        {
            array.Add(value.Parse());
        }
    }

    private JsonNode? Initial() => Definition.DefaultValue?.DeepClone() ?? Type switch
    {
        "Boolean" => false,
        "Array" => new JsonArray(),
        "Integer" => 0,
        _ => string.Empty,
    };
}
