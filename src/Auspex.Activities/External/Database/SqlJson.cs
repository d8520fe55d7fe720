using System.Globalization;
using System.Text.Json.Nodes;

namespace Auspex.Activities.External.Database;

/// <summary>Values of databases as the JSON that expressions see.</summary>
internal static class SqlJson
{
    /// <summary>Numbers and booleans as such, dates as <c>2024-01-31T00:00:00Z</c>, bytes in base64, lists as lists, anything else as text.</summary>
    /// <param name="value">The driver's value; null for NULL.</param>
    /// <param name="decimalsAsText">Whether decimals become text, which keeps digits that readers of JSON lose.</param>
    public static JsonNode? ToNode(object? value, bool decimalsAsText) => value switch
    {
        null or DBNull => null,
        bool boolean => JsonValue.Create(boolean),
        byte or sbyte or short or ushort or int or uint or long => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        decimal number when !decimalsAsText => JsonValue.Create(number),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        float number when float.IsFinite(number) => JsonValue.Create(number),
        DateTime instant => JsonValue.Create(instant.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z"),
        DateTimeOffset instant => JsonValue.Create(instant.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture)),
        DateOnly date => JsonValue.Create(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        TimeSpan span => JsonValue.Create(span.ToString("c", CultureInfo.InvariantCulture)),
        byte[] bytes => JsonValue.Create(Convert.ToBase64String(bytes)),
        Array several => new JsonArray([.. several.Cast<object?>().Select(element => ToNode(element, decimalsAsText))]),
        IFormattable other => JsonValue.Create(other.ToString(null, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(value.ToString()),
    };
}
