using System.Text.Json;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>What Clean Missing Data fitted. Columns it does not name pass through.</summary>
internal sealed class CleaningTransform(CleaningPlan plan) : FittedTransform
{
    public const string KindName = "clean-missing";

    public override string Kind => KindName;

    /// <summary>What it does.</summary>
    public CleaningPlan Plan => plan;

    public override bool KeepsRows => plan.RequiredColumns.IsEmpty;

    public override IRowTransform Bind(TableSchema input) => new CleaningRowTransform(plan, input);

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        TransformJson.WriteStrings(writer, "indicators", plan.Indicators);
        TransformJson.WriteStrings(writer, "required", plan.RequiredColumns);
        TransformJson.WriteStrings(writer, "removed", plan.RemovedColumns);
        writer.WriteStartArray("fills");
        foreach (var fill in plan.Fills)
        {
            writer.WriteStartObject();
            writer.WriteString("name", fill.Column);
            writer.WriteString("type", fill.Type.ToString());
            writer.WriteString("value", fill.Value);
            writer.WriteBoolean("label", fill.IsLabel);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (plan.Imputer is { } imputer)
        {
            writer.WriteStartObject("imputer");
            writer.WriteString("method", imputer.Method);
            imputer.Encoding.Write(writer);
            imputer.Write(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    public static CleaningTransform Read(JsonElement json) => new(new CleaningPlan
    {
        Indicators = TransformJson.ReadStrings(json.GetProperty("indicators")),
        RequiredColumns = TransformJson.ReadStrings(json.GetProperty("required")),
        RemovedColumns = TransformJson.ReadStrings(json.GetProperty("removed")),
        Fills =
        [
            .. json.GetProperty("fills").EnumerateArray().Select(fill => new ColumnFill(
                fill.GetProperty("name").GetString() ?? throw new FormatException("A column has no name."),
                TransformJson.ReadEnum<ColumnType>(fill.GetProperty("type")),
                fill.GetProperty("value").GetString() ?? throw new FormatException("A column has no value."),
                fill.GetProperty("label").GetBoolean())),
        ],
        Imputer = json.TryGetProperty("imputer", out var imputer) ? RowImputer.Read(imputer) : null,
    });
}
