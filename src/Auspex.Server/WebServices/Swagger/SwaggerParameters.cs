using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;

namespace Auspex.Server.WebServices.Swagger;

/// <summary>Web-service parameters in a Swagger document.</summary>
internal static class SwaggerParameters
{
    public static void WriteDefinition(Utf8JsonWriter writer, ServiceSignature signature)
    {
        writer.WriteStartObject("GlobalParameters");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var parameter in signature.Parameters)
        {
            writer.WriteStartObject(parameter.Name);
            WriteType(writer, parameter);
            writer.WriteString("description", SwaggerDocument.WithoutTags(parameter.Description) ?? "");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        var required = signature.Parameters.Where(parameter => !parameter.HasDefault).Select(parameter => parameter.Name).ToList();
        if (required.Count > 0)
        {
            SwaggerDocument.WriteList(writer, "required", required);
        }

        writer.WriteEndObject();
    }

    /// <summary>A member with a value that has the parameter's type.</summary>
    public static void WriteSample(Utf8JsonWriter writer, ServiceParameter parameter)
    {
        writer.WritePropertyName(parameter.Name);
        var text = DefaultText(parameter);
        switch (parameter.Kind)
        {
            case ParameterKind.Integer:
                writer.WriteNumberValue(TryParseWhole(text) ?? 1);
                break;
            case ParameterKind.Float:
                // Raw, so that a whole number keeps its fraction and reads as a floating-point one.
                var number = TryParseNumber(text) ?? 1.0;
                var digits = number.ToString("R", CultureInfo.InvariantCulture);
                writer.WriteRawValue(number == Math.Truncate(number) && !digits.Contains('E') ? digits + ".0" : digits);
                break;
            case ParameterKind.Boolean:
                writer.WriteBooleanValue(bool.TryParse(text, out var flag) && flag);
                break;
            default:
                writer.WriteStringValue(text ?? (parameter.Values is [var first, ..] ? first : ""));
                break;
        }
    }

    private static void WriteType(Utf8JsonWriter writer, ServiceParameter parameter)
    {
        var text = DefaultText(parameter);
        switch (parameter.Kind)
        {
            case ParameterKind.Integer:
                writer.WriteString("type", "integer");
                writer.WriteString("format", "int32");
                WriteNumber(writer, "minimum", parameter.Minimum);
                WriteNumber(writer, "maximum", parameter.Maximum);
                WriteNumber(writer, "default", TryParseWhole(text));
                break;
            case ParameterKind.Float:
                writer.WriteString("type", "number");
                writer.WriteString("format", "double");
                WriteNumber(writer, "minimum", parameter.Minimum);
                WriteNumber(writer, "maximum", parameter.Maximum);
                WriteNumber(writer, "default", TryParseNumber(text));
                break;
            case ParameterKind.Boolean:
                writer.WriteString("type", "boolean");
                if (bool.TryParse(text, out var flag))
                {
                    writer.WriteBoolean("default", flag);
                }

                break;
            case ParameterKind.Enum:
                writer.WriteString("type", "string");
                SwaggerDocument.WriteList(writer, "enum", parameter.Values);
                WriteDefault(writer, text);
                break;
            default:
                writer.WriteString("type", "string");
                WriteDefault(writer, parameter.HasDefault ? text ?? "" : null);
                break;
        }
    }

    private static long? TryParseWhole(string? text) =>
        long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? TryParseNumber(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void WriteDefault(Utf8JsonWriter writer, string? text)
    {
        if (text is not null)
        {
            writer.WriteString("default", text);
        }
    }

    private static string? DefaultText(ServiceParameter parameter) => parameter switch
    {
        { HasDefault: false } or { Kind: ParameterKind.Credential } => null,
        { DefaultValue: JsonValue value } when value.TryGetValue<string>(out var text) => text,
        _ => parameter.DefaultValue?.ToJsonString(),
    };
}
