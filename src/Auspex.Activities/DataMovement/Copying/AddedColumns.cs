using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement.Reading;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>The columns that a source adds to its rows: those of partition folders, and <c>additionalColumns</c>.</summary>
internal sealed class AddedColumns
{
    private const string FilePathValue = "$$FILEPATH";
    private const string ColumnValue = "$$COLUMN:";

    private readonly List<(string Name, string Value)> _columns;

    private AddedColumns(List<(string Name, string Value)> columns) => _columns = columns;

    /// <summary>Reads <c>additionalColumns</c> of a source, or of its store settings.</summary>
    public static AddedColumns Read(PropertyReader source)
    {
        var written = source.Json.ArrayMember("additionalColumns")
            ?? source.Json.ObjectMember("storeSettings")?.ArrayMember("additionalColumns") ?? [];
        return new AddedColumns(
            [.. written.OfType<JsonObject>().Select(column => (
                column.TextMember("name") ?? throw source.Missing("additionalColumns[].name"),
                DocumentReader.TextOf(column.Member("value")) ?? ""))]);
    }

    /// <summary>Adds them to rows.</summary>
    public TableBatch AddTo(TableBatch batch, SelectedFile? file)
    {
        if (_columns.Count == 0 && (file is null || file.Partitions.IsEmpty))
        {
            return batch;
        }

        var fields = batch.Schema.Fields.ToBuilder();
        var columns = batch.Columns.ToBuilder();
        foreach (var (name, value) in Named(file))
        {
            if (batch.Schema.IndexOf(name) >= 0)
            {
                throw new TableFormatException(
                    ErrorCode.RowIncompatible, $"Column '{name}' is added to the source, which has one of that name; expected another name.");
            }

            if (value.StartsWith(ColumnValue, StringComparison.OrdinalIgnoreCase))
            {
                var position = batch.Schema.IndexOf(value[ColumnValue.Length..]);
                if (position < 0)
                {
                    throw new TableFormatException(
                        ErrorCode.MissingColumn, $"Column '{name}' is to be a copy of '{value[ColumnValue.Length..]}', which the source does not have.");
                }

                fields.Add(batch.Schema.Fields[position] with { Name = name });
                columns.Add(batch.Columns[position]);
                continue;
            }

            fields.Add(new TableField { Name = name, Type = ColumnType.String });
            columns.Add(Constant(value, batch.RowCount));
        }

        return new TableBatch(new TableSchema(fields.ToImmutable()), columns.ToImmutable(), batch.RowCount);
    }

    /// <summary>The schema with them.</summary>
    public TableSchema AddTo(TableSchema schema, SelectedFile? file) => AddTo(TableBatches.Empty(schema), file).Schema;

    /// <summary>Adds them to a document, as members.</summary>
    public JsonNode? AddTo(JsonNode? document, SelectedFile? file)
    {
        if (document is JsonObject json)
        {
            foreach (var (name, value) in Named(file))
            {
                json[name] = value.StartsWith(ColumnValue, StringComparison.OrdinalIgnoreCase)
                    ? json[value[ColumnValue.Length..]]?.DeepClone()
                    : JsonValue.Create(value);
            }
        }

        return document;
    }

    private IEnumerable<(string Name, string Value)> Named(SelectedFile? file) =>
        (file?.Partitions ?? []).Select(partition => (partition.Key, partition.Value)).Concat(
            _columns.Select(column => (
                column.Name, column.Value.Equals(FilePathValue, StringComparison.OrdinalIgnoreCase) ? file?.RelativePath ?? "" : column.Value)));

    private static Column Constant(string value, int rows)
    {
        var texts = new StringColumnBuilder(rows);
        for (var row = 0; row < rows; row++)
        {
            texts.Append(value);
        }

        return texts.Build();
    }
}
