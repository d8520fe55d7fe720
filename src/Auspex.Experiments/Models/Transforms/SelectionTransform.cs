using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>What Select Columns Transform remembers: names of columns, in order. A label may be missing later.</summary>
internal sealed class SelectionTransform(ImmutableArray<string> columns, string? label) : FittedTransform
{
    public const string KindName = "select-columns";

    public override string Kind => KindName;

    public override IRowTransform Bind(TableSchema input) => new ColumnwiseTransform(
        columns.Where(name => name != label || input.IndexOf(name) >= 0)
            .Select(name => ColumnNames.Find(input, name))
            .Select(index => new OutputColumn(input.Fields[index], new SourceColumn(index))),
        input.Fields.Length);

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        TransformJson.WriteStrings(writer, "columns", columns);
        writer.WriteString("label", label);
        writer.WriteEndObject();
    }

    public static SelectionTransform Read(JsonElement json) =>
        new(TransformJson.ReadStrings(json.GetProperty("columns")), json.GetProperty("label").GetString());
}
