using System.Globalization;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

internal static class ConversionFunctions
{
    private const NumberStyles FloatStyle =
        NumberStyles.Float | NumberStyles.AllowThousands | NumberStyles.AllowTrailingSign;

    public static void Register(FunctionFamily family)
    {
        const int many = FunctionDefinition.Many;
        family.Add("array", 1, 1, "value", "an array with the value as its one item", Array);
        family.Add("bool", 1, 1, "value", "a Boolean from true or false in text, or from a number", Bool);
        family.AddLazy(
            "coalesce", 1, many, "value...", "the first value that is not null; later ones are not evaluated",
            Coalesce);
        family.Add("createArray", 1, many, "value...", "an array of the values", CreateArray);
        family.Add("float", 1, 2, "value, locale?", "a Float from text or a number", Float);
        family.Add("int", 1, 1, "value", "an Integer from text or a whole number, never rounded", Int);
        family.Add("json", 1, 1, "value", "the JSON value of a text or of an XML value", Json);
        family.Add("string", 1, 1, "value", "the value as text", arguments => TextRendering.ToText(arguments[0]));
    }

    private static ExpressionValue Array(CallArguments arguments) => arguments[0].IsNull
        ? throw arguments.WrongType(0, "a value other than null")
        : new ListArray([arguments[0]]);

    private static ExpressionValue CreateArray(CallArguments arguments) => new ListArray(arguments.Values.ToArray());

    private static ExpressionValue Coalesce(FunctionDefinition function, CallNode call, Evaluator evaluator)
    {
        foreach (var argument in call.Arguments)
        {
            var value = evaluator.Evaluate(argument);
            if (!value.IsNull)
            {
                return value;
            }
        }

        return ExpressionValue.Null;
    }

    private static ExpressionValue Bool(CallArguments arguments)
    {
        switch (arguments[0].Type)
        {
            case ExpressionType.Boolean:
                return arguments[0];
            case ExpressionType.Integer or ExpressionType.Float:
                return arguments[0].AsDouble != 0;
            case ExpressionType.String:
                return bool.TryParse(arguments[0].AsText, out var value) ? value : throw arguments.NotConvertible();
            default:
                throw arguments.NotConvertible();
        }
    }

    private static ExpressionValue Int(CallArguments arguments)
    {
        switch (arguments[0].Type)
        {
            case ExpressionType.Integer:
                return arguments[0];
            case ExpressionType.Boolean:
                return arguments[0].AsBoolean ? 1L : 0L;
            case ExpressionType.Float:
                var number = arguments[0].AsDouble;

                // 2^63 itself is no long, and a double cannot come closer to it from below than 1024.
                const double limit = 9223372036854775808.0;
                var isWhole = number == Math.Truncate(number) && number >= -limit && number < limit;
                return isWhole ? (long)number : throw arguments.NotConvertible();
            case ExpressionType.String:
                return long.TryParse(arguments[0].AsText, NumberStyles.Number, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw arguments.NotConvertible();
            default:
                throw arguments.NotConvertible();
        }
    }

    private static ExpressionValue Float(CallArguments arguments)
    {
        var format = arguments.TextOrNone(1) is { } locale
            ? Locale.Find(locale)?.Numbers ?? throw Locale.Unknown(arguments, locale)
            : NumberFormatInfo.InvariantInfo;
        switch (arguments[0].Type)
        {
            case ExpressionType.Float:
                return arguments[0].AsDouble;
            case ExpressionType.Integer:
                return arguments[0].AsDouble;
            case ExpressionType.String:
                // Finite: the parser also takes the words NaN and Infinity, and turns what is too large into the
                // latter.
                return double.TryParse(arguments[0].AsText, FloatStyle, format, out var value) && double.IsFinite(value)
                    ? value
                    : throw arguments.NotConvertible();
            default:
                throw arguments.NotConvertible();
        }
    }

    private static ExpressionValue Json(CallArguments arguments)
    {
        switch (arguments[0].Type)
        {
            case ExpressionType.Null:
                return MapObject.Empty;
            case ExpressionType.String:
                return Parse(arguments, arguments[0].AsText);
            case ExpressionType.Object when XmlValue.TryFrom(arguments[0].AsObject, arguments) is { } xml:
                return XmlToJson.Convert(xml.Document);
            default:
                throw arguments.WrongType(0, "a string or an XML");
        }
    }

    /// <summary>JSON text as a value; the message is that of <c>json</c>.</summary>
    public static ExpressionValue Parse(CallArguments arguments, string text)
    {
        try
        {
            return JsonText.Read(text);
        }
        catch (JsonTextException exception)
        {
            throw ExpressionErrors.Failed(
                $"The template language function '{arguments.Function.Name}' parameter is not valid. " +
                $"The provided value '{ExpressionErrors.Quoted(text)}' cannot be parsed: '{exception.Message}'.",
                exception);
        }
    }
}
