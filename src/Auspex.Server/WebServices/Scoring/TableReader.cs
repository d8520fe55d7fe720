using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Scoring;

/// <summary>Reads one input of a request, in whichever of the two shapes it comes.</summary>
internal sealed class TableReader(InputShape input)
{
    // Most calls bring one row; a second makes room for many.
    private const int FirstCapacity = 1;

    private readonly ColumnBuilder[] _columns = [.. input.Schema.Fields.Select(field => ColumnBuilder.For(field.Type, FirstCapacity))];
    private readonly bool[] _given = new bool[input.Schema.Fields.Length];
    private readonly CellReader _cells = new();
    private int _rows;

    /// <summary>Reads the value at which the reader stands.</summary>
    /// <exception cref="ServiceErrorException">400: columns or values do not fit.</exception>
    public TableBatch Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                ReadRows(ref reader);
                break;
            case JsonTokenType.StartObject when IsTable(reader):
                ReadTable(ref reader);
                break;
            case JsonTokenType.StartObject:
                ReadRow(ref reader);
                CheckGiven();
                break;
            default:
                throw Mismatch("has neither rows nor 'ColumnNames' and 'Values'");
        }

        return new TableBatch(input.Schema, [.. _columns.Select(column => column.Build())], _rows);
    }

    // A row may have a column that is called Values; its value is no array, though.
    private static bool IsTable(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMember = reader.ValueTextEquals("Values"u8) || reader.ValueTextEquals("ColumnNames"u8);
            reader.Read();
            if (isMember && reader.TokenType == JsonTokenType.StartArray)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private void ReadTable(ref Utf8JsonReader reader)
    {
        int[]? map = null;
        var postponed = default(Utf8JsonReader);
        var isPostponed = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isNames = reader.ValueTextEquals("ColumnNames"u8);
            var isValues = reader.ValueTextEquals("Values"u8);
            reader.Read();
            if (isNames && reader.TokenType == JsonTokenType.StartArray)
            {
                map = ReadColumnNames(ref reader);
            }
            else if (isValues && reader.TokenType == JsonTokenType.StartArray && map is not null)
            {
                ReadValues(ref reader, map);
            }
            else if (isValues && reader.TokenType == JsonTokenType.StartArray)
            {
                // The names come later in the text; the values are read again once they are known.
                postponed = reader;
                isPostponed = true;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        if (map is null)
        {
            throw Mismatch("has no 'ColumnNames'");
        }

        if (isPostponed)
        {
            ReadValues(ref postponed, map);
        }
    }

    private int[] ReadColumnNames(ref Utf8JsonReader reader)
    {
        var map = new List<int>(_columns.Length);
        List<string>? unknown = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Mismatch("has a column name that is no text");
            }

            // Callers mostly name the columns in their order.
            var column = map.Count < _columns.Length && reader.ValueTextEquals(input.Utf8Names[map.Count])
                ? map.Count
                : input.IndexOf(reader.GetString()!);
            if (column < 0)
            {
                (unknown ??= []).Add(reader.GetString()!);
            }
            else if (_given[column])
            {
                throw Mismatch($"names column '{ServiceErrors.Shorten(reader.GetString()!)}' twice");
            }
            else
            {
                _given[column] = true;
                map.Add(column);
            }
        }

        if (unknown is not null)
        {
            throw Unknown(unknown);
        }

        CheckGiven();
        return [.. map];
    }

    private void ReadValues(ref Utf8JsonReader reader, int[] map)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw Mismatch($"has in 'Values' a row {_rows + 1} that is no array");
            }

            var cell = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (cell == map.Length)
                {
                    throw Mismatch($"has more values in row {_rows + 1} than the {map.Length} columns named");
                }

                ReadCell(ref reader, map[cell++]);
            }

            if (cell < map.Length)
            {
                throw Mismatch($"has {cell} values in row {_rows + 1}; expected {map.Length} as columns are named");
            }

            CompleteRow();
        }
    }

    private void ReadRows(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Mismatch($"has a row {_rows + 1} that is no object with a member per column");
            }

            ReadRow(ref reader);
        }

        if (_rows > 0)
        {
            CheckGiven();
        }
    }

    private void ReadRow(ref Utf8JsonReader reader)
    {
        List<string>? unknown = null;
        var expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Rows mostly have their members in the order of the columns.
            var column = expected < _columns.Length && reader.ValueTextEquals(input.Utf8Names[expected]) ? expected : -1;
            string? name = null;
            if (column < 0)
            {
                name = reader.GetString()!;
                column = input.IndexOf(name);
            }

            reader.Read();
            if (column < 0)
            {
                (unknown ??= []).Add(name!);
                reader.Skip();
                continue;
            }

            if (_columns[column].Count > _rows)
            {
                throw Mismatch($"gives column '{input.Schema.Fields[column].Name}' twice in row {_rows + 1}");
            }

            ReadCell(ref reader, column);
            _given[column] = true;
            expected = column + 1;
        }

        if (unknown is not null)
        {
            throw Unknown(unknown);
        }

        CompleteRow();
    }

    private void ReadCell(ref Utf8JsonReader reader, int column)
    {
        var field = input.Schema.Fields[column];
        if (!_cells.TryAppend(ref reader, field.Type, _columns[column]))
        {
            throw ServiceErrors.BadUserArgument(
                "InputParseError",
                $"Parsing of input '{input.Name}' failed: row {_rows + 1}, column '{field.Name}' has a value that is no {field.Type}.",
                field.Name);
        }
    }

    private void CompleteRow()
    {
        foreach (var column in _columns)
        {
            if (column.Count == _rows)
            {
                column.AppendNull();
            }
        }

        _rows++;
    }

    private void CheckGiven()
    {
        List<string>? missing = null;
        for (var i = 0; i < _given.Length; i++)
        {
            if (!_given[i] && !input.IsOptional(i))
            {
                (missing ??= []).Add($"'{input.Schema.Fields[i].Name}'");
            }
        }

        if (missing is not null)
        {
            throw Mismatch($"lacks the columns {string.Join(", ", missing.Take(30))}");
        }
    }

    private ServiceErrorException Unknown(List<string> names) => ServiceErrors.LibraryExecution(
        "TableSchemaColumnCountMismatch",
        $"Input '{input.Name}' has {names.Count} column(s) that the service does not take: {ServiceErrors.Shorten(string.Join(", ", names.Select(name => $"'{name}'")))}. Expected: {input.NameColumns()}.");

    private ServiceErrorException Mismatch(string found) => ServiceErrors.BadUserArgument(
        "InputMismatchError",
        $"The input data does not match the schema: input '{input.Name}' {found}. Expected columns: {input.NameColumns()}.");
}
