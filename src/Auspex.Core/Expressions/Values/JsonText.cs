using System.Globalization;
using System.Text;

namespace Auspex.Expressions.Values;

/// <summary>
/// JSON as text: reads <c>json('...')</c>, writes what <c>string(...)</c> gives for arrays and objects.
/// </summary>
/// <remarks>
/// Not System.Text.Json: here a repeated key replaces the earlier one, a raw line break may stand inside a string, half
/// a surrogate pair survives, 8.0 stays different from 8, and only what JSON demands is escaped.
/// </remarks>
internal static class JsonText
{
    public static ExpressionValue Read(string text) => new JsonTextReader(text).ReadWhole();

    /// <summary>A number's text as Integer where it is one in 64 bits, else as Float.</summary>
    public static ExpressionValue ReadNumber(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return integer;
        }

        var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'e', 'E') ? number : ExpressionValue.WideInteger(number, text);
    }

    public static string Write(ExpressionValue value)
    {
        var builder = new StringBuilder();
        Append(builder, value);
        return builder.ToString();
    }

    /// <summary>A float as it stands inside JSON: always with a point or an exponent.</summary>
    public static string FloatInJson(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static void Append(StringBuilder builder, ExpressionValue value)
    {
        switch (value.Type)
        {
            case ExpressionType.Null:
                builder.Append("null");
                break;
            case ExpressionType.Boolean:
                builder.Append(value.AsBoolean ? "true" : "false");
                break;
            case ExpressionType.Integer:
                builder.Append(CultureInfo.InvariantCulture, $"{value.AsInteger}");
                break;
            case ExpressionType.Float:
                builder.Append(value.WideDigits ?? FloatInJson(value.AsDouble));
                break;
            case ExpressionType.String:
                AppendString(builder, value.AsText);
                break;
            case ExpressionType.Array:
                AppendArray(builder, value.AsArray);
                break;
            default:
                AppendObject(builder, value.AsObject);
                break;
        }
    }

    private static void AppendArray(StringBuilder builder, ArrayValue array)
    {
        JsonConversion.EnsureStack();
        builder.Append('[');
        for (var i = 0; i < array.Count; i++)
        {
            if (i > 0)
            {
                builder.Append(',');
            }

            Append(builder, array[i]);
        }

        builder.Append(']');
    }

    private static void AppendObject(StringBuilder builder, ObjectValue value)
    {
        JsonConversion.EnsureStack();
        builder.Append('{');
        var first = true;
        foreach (var (key, member) in value.Members)
        {
            if (!first)
            {
                builder.Append(',');
            }

            first = false;
            AppendString(builder, key);
            builder.Append(':');
            Append(builder, member);
        }

        builder.Append('}');
    }

    private static void AppendString(StringBuilder builder, string text)
    {
        builder.Append('"');
        foreach (var character in text)
        {
            switch (character)
            {
                case '"':
                    builder.Append("\\\"");
                    break;
                case '\\':
                    builder.Append(@"\\");
                    break;
                case '\b':
                    builder.Append(@"\b");
                    break;
                case '\f':
                    builder.Append(@"\f");
                    break;
                case '\n':
                    builder.Append(@"\n");
                    break;
                case '\r':
                    builder.Append(@"\r");
                    break;
                case '\t':
                    builder.Append(@"\t");
                    break;
                case < ' ' or '\u0085' or '\u2028' or '\u2029':
                    builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
                    break;
                default:
                    builder.Append(character);
                    break;
            }
        }

        builder.Append('"');
    }
}
