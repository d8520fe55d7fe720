using System.Collections.Immutable;
using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>The words, values and marks of one ARFF line.</summary>
internal sealed class ArffTokens(string line)
{
    private int _position;

    public bool IsAtEnd
    {
        get
        {
            SkipBlanks();
            return _position >= line.Length;
        }
    }

    /// <summary>A keyword: up to the next blank.</summary>
    public string Word()
    {
        SkipBlanks();
        var start = _position;
        while (_position < line.Length && !char.IsWhiteSpace(line[_position]) && line[_position] != '{')
        {
            _position++;
        }

        return line[start.._position];
    }

    public bool Take(char mark)
    {
        SkipBlanks();
        if (_position < line.Length && line[_position] == mark)
        {
            _position++;
            return true;
        }

        return false;
    }

    /// <summary>Values are separated by commas or tabs.</summary>
    public bool TakeComma() => Take(',') || (_position > 0 && _position < line.Length && line[_position - 1] == '\t');

    /// <summary>A value, quotes undone.</summary>
    /// <exception cref="TableFormatException">A quote is not closed.</exception>
    public (string Text, bool IsQuoted) Value(string file, int number)
    {
        SkipBlanks();
        if (_position < line.Length && line[_position] is '\'' or '"')
        {
            return (Quoted() ?? throw ArffReader.Broken(file, number, "a quote is not closed"), true);
        }

        var start = _position;
        while (_position < line.Length && line[_position] is not (',' or '}' or '\t' or ' '))
        {
            _position++;
        }

        return (line[start.._position], false);
    }

    /// <summary>A quoted value; null when its quote is not closed.</summary>
    public string? Quoted()
    {
        var quote = line[_position++];
        var text = new StringBuilder();
        for (; _position < line.Length; _position++)
        {
            var character = line[_position];
            if (character == quote)
            {
                _position++;
                return text.ToString();
            }

            if (character == '\\' && _position + 1 < line.Length)
            {
                _position++;
                character = line[_position] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    var other => other,
                };
            }

            text.Append(character);
        }

        return null;
    }

    /// <summary>A name or level, quoted or up to the next blank, comma or brace; null when there is none.</summary>
    public string? Name()
    {
        SkipBlanks();
        if (_position >= line.Length)
        {
            return null;
        }

        if (line[_position] is '\'' or '"')
        {
            return Quoted();
        }

        var start = _position;
        while (_position < line.Length && line[_position] is not (',' or '{' or '}') && !char.IsWhiteSpace(line[_position]))
        {
            _position++;
        }

        return _position > start ? line[start.._position] : null;
    }

    private void SkipBlanks()
    {
        while (_position < line.Length && char.IsWhiteSpace(line[_position]))
        {
            _position++;
        }
    }
}

/// <summary>An attribute of an ARFF file as a column.</summary>
/// <param name="Field">The column; numbers are doubles, but whole ones where the file says integer.</param>
/// <param name="DateFormat">A date's format; null for the usual ones.</param>
internal sealed record ArffAttribute(TableField Field, string? DateFormat)
{
    /// <summary>Reads what stands behind <c>@attribute</c>; null when it is malformed.</summary>
    public static ArffAttribute? Parse(ArffTokens tokens)
    {
        if (tokens.Name() is not { } name)
        {
            return null;
        }

        if (tokens.Take('{'))
        {
            var levels = ImmutableArray.CreateBuilder<string>();
            while (!tokens.Take('}'))
            {
                if ((levels.Count > 0 && !tokens.TakeComma()) || tokens.Name() is not { } level || levels.Contains(level))
                {
                    return null;
                }

                levels.Add(level);
            }

            return new ArffAttribute(
                new TableField { Name = name, Type = ColumnType.String, Categories = new CategoryDomain(levels.ToImmutable()) }, null);
        }

        ColumnType? type = tokens.Word().ToUpperInvariant() switch
        {
            "NUMERIC" or "REAL" => ColumnType.Double,
            "INTEGER" => ColumnType.Int64,
            "STRING" => ColumnType.String,
            "DATE" => ColumnType.DateTime,
            _ => null,
        };
        return type is { } known
            ? new ArffAttribute(new TableField { Name = name, Type = known }, known == ColumnType.DateTime ? tokens.Name() : null)
            : null;
    }
}
