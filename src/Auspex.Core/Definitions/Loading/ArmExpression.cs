using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>Evaluates one ARM template expression over the small set of functions that factory exports use.</summary>
internal sealed class ArmExpression(string text, ArmScope scope)
{
    private int _at = 1;
    private string? _problem;

    /// <summary>Evaluates the whole; on failure <paramref name="problem"/> says why.</summary>
    public bool TryEvaluate(out JsonNode? value, out string? problem)
    {
        value = Value();
        Space();
        if (_problem is null && _at != text.Length - 1)
        {
            Fail($"'{text[_at..^1]}' after the expression is not understood");
        }

        problem = _problem;
        return _problem is null;
    }

    private JsonNode? Value()
    {
        Space();
        if (_at >= text.Length - 1)
        {
            return Fail("the expression ends too early");
        }

        var value = text[_at] == '\'' ? JsonValue.Create(Quoted())
            : char.IsAsciiDigit(text[_at]) || text[_at] == '-' ? Number()
            : Call();
        while (_problem is null && _at < text.Length - 1 && text[_at] is '.' or '[')
        {
            value = Step(value);
        }

        return value;
    }

    private JsonNode? Call()
    {
        var start = _at;
        while (_at < text.Length - 1 && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '.'))
        {
            _at++;
        }

        var name = text[start.._at];
        Space();
        if (name.Length == 0 || text[_at] != '(')
        {
            return Fail($"'{text[start..^1]}' is no function call");
        }

        _at++;
        var arguments = new List<JsonNode?>();
        for (Space(); text[_at] != ')'; Space())
        {
            arguments.Add(Value());
            Space();
            if (_problem is not null)
            {
                return null;
            }

            if (text[_at] == ',')
            {
                _at++;
            }
            else if (text[_at] != ')')
            {
                return Fail($"')' is missing in the call of {name}");
            }
        }

        _at++;
        return ArmFunctions.TryCall(name, arguments, scope, out var result, out var problem) ? result : Fail(problem);
    }

    private JsonNode? Step(JsonNode? value)
    {
        if (text[_at++] == '.')
        {
            var start = _at;
            while (_at < text.Length - 1 && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
            {
                _at++;
            }

            var name = text[start.._at];
            return value is JsonObject json && json.TryMember(name, out var member)
                ? member
                : Fail($"there is no member '{name}'");
        }

        var index = Value();
        Space();
        if (_problem is not null || text[_at] != ']')
        {
            return Fail("']' is missing");
        }

        _at++;
        return (value, index.AsInteger(), index.AsText()) switch
        {
            (JsonArray array, { } position, _) when position >= 0 && position < array.Count => array[(int)position],
            (JsonObject json, _, { } name) when json.TryMember(name, out var member) => member,
            _ => Fail("there is no such element"),
        };
    }

    private string Quoted()
    {
        var value = new StringBuilder();
        for (_at++; _at < text.Length - 1; _at++)
        {
            if (text[_at] != '\'')
            {
                value.Append(text[_at]);
            }
            else if (text[_at + 1] == '\'')
            {
                value.Append('\'');
                _at++;
            }
            else
            {
                _at++;
                return value.ToString();
            }
        }

        Fail("a text has no closing quote");
        return string.Empty;
    }

    private JsonNode? Number()
    {
        var start = _at++;
        while (_at < text.Length - 1 && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }

        return long.TryParse(text[start.._at], CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : Fail($"'{text[start.._at]}' is no number");
    }

    private void Space()
    {
        while (_at < text.Length - 1 && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private JsonNode? Fail(string? problem)
    {
        _problem ??= problem;
        return null;
    }
}
