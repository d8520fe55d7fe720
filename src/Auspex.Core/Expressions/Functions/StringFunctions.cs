using Auspex.Expressions.Values;

namespace Auspex.Expressions.Functions;

internal static class StringFunctions
{
    // A guard against replacements that multiply: each of a few nested calls may grow the text tenfold.
    private const int TextLengthLimit = 256 * 1024 * 1024;

    public static void Register(FunctionFamily family)
    {
        const int many = FunctionDefinition.Many;
        family.Add("concat", 1, many, "value...", "the texts of all values, joined", Concat);
        family.Add("endsWith", 2, 2, "text, part", "whether the text ends with the part; ignores case", EndsWith);
        family.Add("guid", 0, 1, "format?", "a new GUID in format D, N, B, P or X", NewGuid);
        family.Add("indexOf", 2, 2, "text, part", "where the part first stands, from 0, else -1; ignores case",
            IndexOf);
        family.Add("lastIndexOf", 2, 2, "text, part", "where the part last stands, else -1; ignores case", LastIndexOf);
        family.Add("replace", 3, 3, "text, old, new", "the text with every occurrence replaced; minds case", Replace);
        family.Add("split", 2, 2, "text, separator", "the pieces between separators; minds case", Split);
        family.Add("startsWith", 2, 2, "text, part", "whether the text begins with the part; ignores case", StartsWith);
        family.Add("substring", 2, 3, "text, start, length?", "a piece of the text, never clipped", Substring);
        family.Add("toLower", 1, 1, "text", "the text in lower case",
            arguments => arguments.Text(0).ToLowerInvariant());
        family.Add("toUpper", 1, 1, "text", "the text in upper case",
            arguments => arguments.Text(0).ToUpperInvariant());
        family.Add("trim", 1, 1, "text", "the text without white space at its ends",
            arguments => arguments.Text(0).Trim());
    }

    private static ExpressionValue Concat(CallArguments arguments)
    {
        switch (arguments.Count)
        {
            case 1:
                return TextRendering.ToText(arguments[0]);
            case 2:
                return string.Concat(TextRendering.ToText(arguments[0]), TextRendering.ToText(arguments[1]));
            case 3:
                return string.Concat(
                    TextRendering.ToText(arguments[0]),
                    TextRendering.ToText(arguments[1]),
                    TextRendering.ToText(arguments[2]));
            default:
                var pieces = new string[arguments.Count];
                for (var i = 0; i < pieces.Length; i++)
                {
                    pieces[i] = TextRendering.ToText(arguments[i]);
                }

                return string.Concat(pieces);
        }
    }

    private static ExpressionValue StartsWith(CallArguments arguments) =>
        arguments.Text(0).StartsWith(arguments.Text(1), StringComparison.OrdinalIgnoreCase);

    private static ExpressionValue EndsWith(CallArguments arguments) =>
        arguments.Text(0).EndsWith(arguments.Text(1), StringComparison.OrdinalIgnoreCase);

    private static ExpressionValue IndexOf(CallArguments arguments) =>
        (long)arguments.Text(0).IndexOf(arguments.Text(1), StringComparison.OrdinalIgnoreCase);

    // The service keeps the answer of older .NET for an empty part: the last character, not the end.
    private static ExpressionValue LastIndexOf(CallArguments arguments)
    {
        var (text, part) = (arguments.Text(0), arguments.Text(1));
        return part.Length == 0
            ? Math.Max(0L, text.Length - 1)
            : (long)text.LastIndexOf(part, StringComparison.OrdinalIgnoreCase);
    }

    private static ExpressionValue NewGuid(CallArguments arguments)
    {
        var format = arguments.TextOrNone(0) ?? "D";
        return format.ToUpperInvariant() is "D" or "N" or "B" or "P" or "X"
            ? Guid.NewGuid().ToString(format)
            : throw arguments.Invalid($"The format '{ExpressionErrors.Quoted(format)}' is none of D, N, B, P and X.");
    }

    private static ExpressionValue Replace(CallArguments arguments)
    {
        var (text, old, replacement) = (arguments.Text(0), arguments.Text(1), arguments.Text(2));
        if (old.Length == 0)
        {
            throw arguments.Invalid("The text to replace must not be empty.");
        }

        if (replacement.Length > old.Length)
        {
            var length = text.Length + ((long)text.AsSpan().Count(old) * (replacement.Length - old.Length));
            if (length > TextLengthLimit)
            {
                throw arguments.Invalid($"The result would have {length} characters; at most {TextLengthLimit} are possible.");
            }
        }

        return text.Replace(old, replacement, StringComparison.Ordinal);
    }

    private static ExpressionValue Split(CallArguments arguments)
    {
        var (text, separator) = (arguments.Text(0), arguments.Text(1));
        var pieces = separator.Length == 0 ? [text] : text.Split(separator);
        return new ListArray([.. pieces.Select(piece => (ExpressionValue)piece)]);
    }

    private static ExpressionValue Substring(CallArguments arguments)
    {
        var text = arguments.Text(0);
        var start = arguments.Integer(1);
        var length = arguments.Count == 3 ? arguments.Integer(2) : text.Length - start;
        if (start < 0 || length < 0 || start > text.Length || length > text.Length - start)
        {
            throw arguments.OutOfRange(
                "'start index' and 'length' must be non-negative integers and their sum must be no larger than the " +
                "length of the string");
        }

        return text.Substring((int)start, (int)length);
    }
}
