using System.Globalization;
using System.Text;

namespace Auspex.Expressions.Values;

/// <summary>
/// The one way in which a value becomes text: <c>@{...}</c>, <c>string</c>, <c>concat</c> and <c>join</c>.
/// </summary>
internal static class TextRendering
{
    public static string ToText(ExpressionValue value) => value.Type switch
    {
        ExpressionType.Null => "",
        ExpressionType.Boolean => value.AsBoolean ? "True" : "False",
        ExpressionType.Integer => value.AsInteger.ToString(CultureInfo.InvariantCulture),
        ExpressionType.Float => value.WideDigits ?? value.AsDouble.ToString("R", CultureInfo.InvariantCulture),
        ExpressionType.String => value.AsText,
        ExpressionType.Object when ContentEnvelope.TryRead(value.AsObject, out var envelope) =>
            Encoding.UTF8.GetString(envelope.Content),
        _ => JsonText.Write(value),
    };
}
