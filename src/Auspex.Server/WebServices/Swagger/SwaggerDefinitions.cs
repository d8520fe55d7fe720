using System.Globalization;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.WebServices;

namespace Auspex.Server.WebServices.Swagger;

/// <summary>The definitions of request-response messages: one item per table, a property per column.</summary>
internal static class SwaggerDefinitions
{
    public static void Write(Utf8JsonWriter writer, ServiceSignature signature, bool showSamples)
    {
        writer.WriteStartObject("ExecutionRequest");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        SwaggerDocument.WriteReference(writer, "Inputs", "ExecutionInputs");
        SwaggerDocument.WriteReference(writer, "GlobalParameters", "GlobalParameters");
        writer.WriteEndObject();
        WriteExample(writer, signature, showSamples);
        writer.WriteEndObject();

        writer.WriteStartObject("ExecutionResults");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        SwaggerDocument.WriteReference(writer, "Results", "ExecutionOutputs");
        writer.WriteEndObject();
        writer.WriteEndObject();

        var outputs = signature.Outputs.Where(SwaggerDocument.IsTable).ToList();
        WriteTables(writer, "ExecutionInputs", [.. signature.Inputs]);
        WriteTables(writer, "ExecutionOutputs", outputs);
        foreach (var port in signature.Inputs.Concat(outputs).DistinctBy(port => port.Name, StringComparer.Ordinal))
        {
            WriteItem(writer, port);
        }
    }

    private static void WriteTables(Utf8JsonWriter writer, string name, List<ServicePort> ports)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type", "object");
        if (ports.Count > 0)
        {
            writer.WriteStartObject("properties");
            foreach (var port in ports)
            {
                writer.WriteStartObject(port.Name);
                writer.WriteString("type", "array");
                SwaggerDocument.WriteReference(writer, "items", $"{port.Name}Item");
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter writer, ServicePort port)
    {
        var fields = port.Schema?.Fields ?? [];
        writer.WriteStartObject($"{port.Name}Item");
        writer.WriteString("type", "object");
        if (fields.Length > 0)
        {
            SwaggerDocument.WriteList(writer, "required", fields.Select(field => field.Name));
        }

        writer.WriteStartObject("properties");
        foreach (var field in fields)
        {
            writer.WriteStartObject(field.Name);
            WriteType(writer, field);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter writer, TableField field)
    {
        var (type, format) = field.Type switch
        {
            ColumnType.Boolean => ("boolean", null),
            ColumnType.Int32 => ("integer", "int32"),
            ColumnType.Int64 => ("integer", "int64"),
            ColumnType.Double => ("number", "double"),
            ColumnType.DateTime => ("string", "date-time"),
            ColumnType.TimeSpan => ("string", "time-span"),
            _ => ("string", (string?)null),
        };
        writer.WriteString("type", type);
        if (format is not null)
        {
            writer.WriteString("format", format);
        }

        if (field is { Type: ColumnType.String, Categories: { } categories })
        {
            SwaggerDocument.WriteList(writer, "enum", categories.Levels);
        }
    }

    private static void WriteExample(Utf8JsonWriter writer, ServiceSignature signature, bool showSamples)
    {
        writer.WriteStartObject("example");
        writer.WriteStartObject("Inputs");
        foreach (var port in signature.Inputs)
        {
            writer.WriteStartArray(port.Name);
            writer.WriteStartObject();
            var fields = port.Schema?.Fields ?? [];
            for (var i = 0; i < fields.Length; i++)
            {
                writer.WritePropertyName(fields[i].Name);
                WriteSample(writer, fields[i], showSamples && port.Sample is { } sample && i < sample.Length ? sample[i] : null);
            }

            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("GlobalParameters");
        foreach (var parameter in signature.Parameters)
        {
            SwaggerParameters.WriteSample(writer, parameter);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSample(Utf8JsonWriter writer, TableField field, string? sample)
    {
        switch (field.Type)
        {
            case ColumnType.Int32 or ColumnType.Int64:
                writer.WriteNumberValue(
                    long.TryParse(sample, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? whole : 1);
                break;
            case ColumnType.Double:
                writer.WriteNumberValue(
                    double.TryParse(sample, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && double.IsFinite(number)
                        ? number
                        : 1.0);
                break;
            case ColumnType.Boolean:
                writer.WriteBooleanValue(bool.TryParse(sample, out var flag) && flag);
                break;
            default:
                writer.WriteStringValue(sample ?? (field.Categories is { Levels: [var first, ..] } ? first : ""));
                break;
        }
    }
}
