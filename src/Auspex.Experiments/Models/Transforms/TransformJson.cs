using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>How fitted transforms write their parts. Numbers keep every bit; those that JSON cannot hold become text.</summary>
internal static class TransformJson
{
    public static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }

    public static void WriteDouble(Utf8JsonWriter writer, string name, double value)
    {
        writer.WritePropertyName(name);
        WriteDouble(writer, value);
    }

    public static void WriteDoubles(Utf8JsonWriter writer, string name, ReadOnlySpan<double> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            WriteDouble(writer, value);
        }

        writer.WriteEndArray();
    }

    public static double ReadDouble(JsonElement json) =>
        json.ValueKind == JsonValueKind.String
            ? double.Parse(json.GetString()!, CultureInfo.InvariantCulture)
            : json.GetDouble();

    public static double[] ReadDoubles(JsonElement json)
    {
        var values = new double[json.GetArrayLength()];
        var i = 0;
        foreach (var element in json.EnumerateArray())
        {
            values[i++] = ReadDouble(element);
        }

        return values;
    }

    public static void WriteStrings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    public static ImmutableArray<string> ReadStrings(JsonElement json) =>
        [.. json.EnumerateArray().Select(element => element.GetString() ?? throw new FormatException("A text is null."))];

    public static T ReadEnum<T>(JsonElement json)
        where T : struct, Enum =>
        Enum.TryParse<T>(json.GetString(), out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"'{json.GetString()}' is none of {string.Join(", ", Enum.GetNames<T>())}.");
}
