using Auspex.Errors;
using Auspex.Expressions.Functions;
using Auspex.Expressions.Values;

namespace Auspex.Expressions;

/// <summary>
/// The texts of failed expressions, in one place. They follow what the service documents, since pipelines and
/// people match on them; that is why some of them quote the value that was refused.
/// </summary>
internal static class ExpressionErrors
{
    private const int QuotedLength = 200;

    private static readonly string[] CountWords = ["no", "one", "two", "three", "four"];

    public static ExpressionException Failed(string message, Exception? inner = null) =>
        new(ErrorCode.ExpressionFailed, message, inner: inner);

    public static ExpressionException Syntax(string text, int position, string found)
    {
        var (line, column) = Locate(text, position);
        var message = $"Unable to parse expression '{Quoted(text)}' at line {line}, column {column}: {found}.";
        return new ExpressionException(ErrorCode.ExpressionSyntax, message, line, column);
    }

    public static (int Line, int Column) Locate(string text, int position)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        return (1 + before.Count('\n'), position - before.LastIndexOf('\n'));
    }

    public static string UnknownFunctionText(string name)
    {
        var text = $"The template function '{name}' is not defined or not valid.";
        if (FunctionCatalog.IsLogicAppsOnly(name))
        {
            return text + " It exists in Logic Apps, not in Data Factory.";
        }

        return FunctionCatalog.Nearest(name) is { } nearest ? $"{text} Did you mean '{nearest}'?" : text;
    }

    public static ExpressionException UnknownFunction(string name) =>
        new(ErrorCode.ExpressionUnknownFunction, UnknownFunctionText(name));

    public static string ArgumentCountText(FunctionDefinition function, int count)
    {
        var parameters = function.Parameters.TrimEnd('.');
        var expected = (function.Minimum, function.Maximum) switch
        {
            (0, 0) => "no parameters",
            var (low, high) when low == high => $"{Word(low)} parameter{Plural(low)}: {parameters}",
            (var low, FunctionDefinition.Many) => $"at least {Word(low)} parameter{Plural(low)}: {parameters}",
            var (low, high) => $"{Word(low)} to {Word(high)} parameters: {parameters}",
        };
        return $"The template language function '{function.Name}' expects {expected}. " +
            $"The function was invoked with '{count}' parameter(s).";
    }

    public static ExpressionException ArgumentCount(FunctionDefinition function, int count) =>
        new(ErrorCode.ExpressionArgumentCount, ArgumentCountText(function, count));

    public static ExpressionException ArgumentType(
        FunctionDefinition function,
        int index,
        string expected,
        ExpressionValue found)
    {
        var which = function.Maximum > 1 ? $" It is parameter {index + 1} of: {function.Parameters}." : "";
        return Failed(
            $"The template language function '{function.Name}' expects its parameter to be {expected}. " +
            $"The provided value is of type '{found.TypeName}'.{which}");
    }

    public static ExpressionException ArgumentInvalid(FunctionDefinition function, string reason, Exception? inner = null) =>
        Failed(
            $"The template language function '{function.Name}' was invoked with a parameter that is not valid. {reason}",
            inner);

    public static ExpressionException NotConvertible(FunctionDefinition function) =>
        ArgumentInvalid(function, "The value cannot be converted to the target type.");

    public static ExpressionException OutOfRange(FunctionDefinition function, string rule) =>
        Failed($"The template language function '{function.Name}' parameters are out of range: {rule}.");

    public static ExpressionException Overflow(FunctionDefinition function) =>
        Failed($"The template language function '{function.Name}' gave a result outside the range of its type.");

    public static ExpressionException NotHere(string function) =>
        Failed($"The template function '{function}' is not expected at this location.");

    public static ExpressionException Access(string source, string reason) =>
        Failed($"The expression '{Quoted(source)}' cannot be evaluated because {reason}");

    public static ExpressionException TooDeep(string what) =>
        Failed($"{what} is nested too deeply to be processed. Split it into smaller parts.");

    /// <summary>At most the first 200 characters, so that a message stays readable.</summary>
    public static string Quoted(string text) =>
        text.Length <= QuotedLength ? text : string.Concat(text.AsSpan(0, QuotedLength), "...");

    private static string Word(int count) => count < CountWords.Length ? CountWords[count] : $"{count}";

    private static string Plural(int count) => count == 1 ? "" : "s";
}
