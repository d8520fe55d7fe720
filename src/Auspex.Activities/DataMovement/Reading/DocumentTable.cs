using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement.Reading;

/// <summary>
/// Documents as a table. Without paths, the members of the first 1,000 documents are its columns, those of later ones are passed
/// over. Types are those of the first values: whole numbers, numbers, booleans, text; objects and arrays are JSON text.
/// </summary>
internal sealed class DocumentTable : ITableSource
{
    private const int SampleSize = 1000;
    private const int BatchRows = 8192;

    private readonly IAsyncEnumerator<DocumentElement> _elements;
    private readonly List<DocumentElement> _sample;
    private readonly List<JsonPath> _paths;
    private readonly string _name;
    private readonly Func<BadRow, BadRowAction>? _onBadRow;
    private long _row;

    private DocumentTable(
        IAsyncEnumerator<DocumentElement> elements,
        List<DocumentElement> sample,
        List<JsonPath> paths,
        TableSchema schema,
        IReadOnlyList<bool> isJson,
        string name,
        Func<BadRow, BadRowAction>? onBadRow)
    {
        _elements = elements;
        _sample = sample;
        _paths = paths;
        Schema = schema;
        IsJson = isJson;
        _name = name;
        _onBadRow = onBadRow;
    }

    /// <inheritdoc/>
    public TableSchema Schema { get; }

    /// <summary>For each column whether its texts are JSON.</summary>
    public IReadOnlyList<bool> IsJson { get; }

    /// <summary>Looks at the first documents.</summary>
    /// <param name="elements">The documents.</param>
    /// <param name="columns">Names and paths of the columns; null takes the members.</param>
    /// <param name="name">What to call the text in messages.</param>
    /// <param name="onBadRow">Decides about documents that do not fit; null fails at the first.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<DocumentTable> OpenAsync(
        IAsyncEnumerable<DocumentElement> elements,
        IReadOnlyList<(string Name, JsonPath Path)>? columns,
        string name,
        Func<BadRow, BadRowAction>? onBadRow,
        CancellationToken cancellationToken)
    {
        var enumerator = elements.GetAsyncEnumerator(cancellationToken);
        var sample = new List<DocumentElement>();
        try
        {
            while (sample.Count < SampleSize && await enumerator.MoveNextAsync())
            {
                sample.Add(enumerator.Current);
            }
        }
        catch
        {
            await enumerator.DisposeAsync();
            throw;
        }

        columns ??=
        [
            .. sample.Select(element => element.Element).OfType<JsonObject>().SelectMany(json => json.Select(member => member.Key))
                .Distinct(StringComparer.Ordinal).Select(member => (member, JsonPath.Of(member))),
        ];
        var paths = columns.Select(column => column.Path).ToList();
        var kinds = paths.Select(path => KindOf(sample, path)).ToList();
        var fields = columns.Select((column, i) => new TableField { Name = column.Name, Type = kinds[i].Type });
        return new DocumentTable(enumerator, sample, paths, new TableSchema([.. fields]), [.. kinds.Select(kind => kind.IsJson)], name, onBadRow);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TableBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = new TableBatchBuilder(Schema, 0);
        foreach (var element in _sample)
        {
            Append(rows, element);
        }

        _sample.Clear();
        while (await _elements.MoveNextAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Append(rows, _elements.Current);
            if (rows.RowCount == BatchRows)
            {
                yield return rows.Build();
            }
        }

        if (rows.RowCount > 0)
        {
            yield return rows.Build();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _elements.DisposeAsync();

    private void Append(TableBatchBuilder rows, DocumentElement element)
    {
        _row++;
        if (element.Element is not JsonObject && !_paths.TrueForAll(path => path.IsAbsolute))
        {
            Refuse(element, null, "found a value that is no object; expected an object with members for columns.");
            return;
        }

        for (var i = 0; i < _paths.Count; i++)
        {
            var value = _paths[i].Select(_paths[i].IsAbsolute ? element.Root : element.Element);
            if (!TryAppend(rows.Columns[i], value))
            {
                rows.RollBackRow();
                var field = Schema.Fields[i];
                Refuse(element, field.Name, $"column '{field.Name}': found a value that is no {field.Type}, as the first ones were; give the column a type in the mapping.");
                return;
            }
        }

        rows.CompleteRow();
    }

    private static bool TryAppend(ColumnBuilder column, JsonNode? value)
    {
        if (value is null)
        {
            column.AppendNull();
            return true;
        }

        if (column is StringColumnBuilder texts)
        {
            texts.Append(DocumentReader.TextOf(value));
            return true;
        }

        return value is JsonValue && value.GetValueKind() switch
        {
            JsonValueKind.Number => column is not BooleanColumnBuilder && column.TryAppendText(System.Text.Encoding.UTF8.GetBytes(value.ToJsonString())),
            JsonValueKind.True or JsonValueKind.False when column is BooleanColumnBuilder booleans => Append(booleans, value.GetValue<bool>()),
            _ => false,
        };
    }

    private static bool Append(BooleanColumnBuilder column, bool value)
    {
        column.Append(value);
        return true;
    }

    private void Refuse(DocumentElement element, string? column, string reason)
    {
        var bad = new BadRow(
            ErrorCode.WrongCellType,
            string.Create(CultureInfo.InvariantCulture, $"{_name}: document {_row}: {reason}"),
            reason,
            new TableLocation(_row, -1, column),
            System.Text.Encoding.UTF8.GetBytes(element.Element?.ToJsonString() ?? "null"));
        if (_onBadRow?.Invoke(bad) != BadRowAction.Skip)
        {
            throw new TableFormatException(bad.Code, bad.Message, bad.Location);
        }
    }

    private static (ColumnType Type, bool IsJson) KindOf(List<DocumentElement> sample, JsonPath path)
    {
        ColumnType? type = null;
        var isJson = true;
        foreach (var element in sample)
        {
            var value = path.Select(path.IsAbsolute ? element.Root : element.Element);
            if (value is null)
            {
                continue;
            }

            isJson &= value is not JsonValue;
            var found = TypeOf(value);
            type = type is null || type == found ? found
                : (type, found) is (ColumnType.Int64, ColumnType.Double) or (ColumnType.Double, ColumnType.Int64) ? ColumnType.Double
                : ColumnType.String;
        }

        return (type ?? ColumnType.String, isJson && type is not null);
    }

    private static ColumnType TypeOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => ColumnType.Boolean,
        JsonValueKind.Number => long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? ColumnType.Int64
            : ColumnType.Double,
        _ => ColumnType.String,
    };
}
