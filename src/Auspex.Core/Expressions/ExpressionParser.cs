using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Expressions;

/// <summary>Looks into expressions without evaluating them, for the validation of definitions.</summary>
public static class ExpressionParser
{
    private const int ServiceLengthLimit = 8192;

    /// <summary>
    /// Whether a string is anything else than literal text: an expression, or text with expressions in it.
    /// </summary>
    /// <remarks>True also for text that cannot be parsed.</remarks>
    public static bool IsExpression(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TemplateParser.MayBeDynamic(text) && !(TryParse(text, out var template, out _) && template is LiteralTemplate);
    }

    /// <summary>
    /// Everything wrong with one string: at most one syntax error, else every unknown function and wrong argument
    /// count.
    /// </summary>
    public static ImmutableArray<ExpressionProblem> Check(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Check(JsonValue.Create(text));
    }

    /// <summary>
    /// Everything wrong with the strings inside a JSON value, each with its <see cref="ExpressionProblem.JsonPath"/>.
    /// </summary>
    public static ImmutableArray<ExpressionProblem> Check(JsonNode? value)
    {
        var problems = ImmutableArray.CreateBuilder<ExpressionProblem>();
        Walk(value, "$", (text, path) => CheckString(text, path, problems));
        return problems.DrainToImmutable();
    }

    /// <summary>
    /// Every reference in the strings inside a JSON value, in order. Strings that cannot be parsed have none;
    /// <see cref="Check(JsonNode)"/> reports them.
    /// </summary>
    public static ImmutableArray<ExpressionReference> FindReferences(JsonNode? value)
    {
        var references = ImmutableArray.CreateBuilder<ExpressionReference>();
        Walk(value, "$", (text, path) =>
        {
            if (TryParse(text, out var template, out _))
            {
                var finder = new ReferenceFinder(path, references);
                foreach (var expression in Expressions(template!))
                {
                    finder.Visit(expression.Node);
                }
            }
        });
        return references.DrainToImmutable();
    }

    /// <summary>Every string inside a JSON value that is an expression or holds one, parsed, with its place.</summary>
    internal static ImmutableArray<(Template Template, string Path)> FindTemplates(JsonNode? value)
    {
        var templates = ImmutableArray.CreateBuilder<(Template, string)>();
        Walk(value, "$", (text, path) =>
        {
            if (TryParse(text, out var template, out _) && template is not LiteralTemplate)
            {
                templates.Add((template!, path));
            }
        });
        return templates.DrainToImmutable();
    }

    private static void CheckString(string text, string path, ImmutableArray<ExpressionProblem>.Builder problems)
    {
        if (!TryParse(text, out var template, out var error))
        {
            problems.Add(new ExpressionProblem(
                error!.Code, DiagnosticSeverity.Error, error.Message, error.Line ?? 1, error.Column ?? 1, path));
            return;
        }

        foreach (var expression in Expressions(template!))
        {
            CheckCalls(expression.Node, text, path, problems);
        }

        if (text.Length > ServiceLengthLimit && template is not LiteralTemplate)
        {
            problems.Add(new ExpressionProblem(
                ErrorCode.ExpressionTooLong,
                DiagnosticSeverity.Warning,
                $"The expression has {text.Length} characters; Data Factory accepts at most {ServiceLengthLimit}.",
                1,
                1,
                path));
        }
    }

    private static void CheckCalls(
        SyntaxNode node,
        string text,
        string path,
        ImmutableArray<ExpressionProblem>.Builder problems)
    {
        JsonConversion.EnsureStack();
        switch (node)
        {
            case AccessNode access:
                CheckCalls(access.Target, text, path, problems);
                foreach (var step in access.Steps)
                {
                    CheckCalls(step.Key, text, path, problems);
                }

                break;
            case CallNode call:
                var (line, column) = ExpressionErrors.Locate(text, call.Start);
                if (call.Function is null)
                {
                    problems.Add(new ExpressionProblem(
                        ErrorCode.ExpressionUnknownFunction,
                        DiagnosticSeverity.Error,
                        ExpressionErrors.UnknownFunctionText(call.Name),
                        line,
                        column,
                        path));
                }
                else if (!call.Function.Accepts(call.Arguments.Length))
                {
                    problems.Add(new ExpressionProblem(
                        ErrorCode.ExpressionArgumentCount,
                        DiagnosticSeverity.Error,
                        ExpressionErrors.ArgumentCountText(call.Function, call.Arguments.Length),
                        line,
                        column,
                        path));
                }

                foreach (var argument in call.Arguments)
                {
                    CheckCalls(argument, text, path, problems);
                }

                break;
        }
    }

    private static IEnumerable<ExpressionText> Expressions(Template template) => template switch
    {
        ExpressionTemplate whole => [whole.Expression],
        InterpolatedTemplate text => text.Parts.Where(part => part.Expression is not null).Select(part => part.Expression!),
        _ => [],
    };

    private static bool TryParse(string text, out Template? template, out ExpressionException? error)
    {
        (template, error) = (null, null);
        try
        {
            template = TemplateCache.Get(text);
            return true;
        }
        catch (ExpressionException exception)
        {
            error = exception;
            return false;
        }
    }

    private static void Walk(JsonNode? value, string path, Action<string, string> visit)
    {
        switch (value)
        {
            case JsonObject json when ExpressionObject.TryUnwrap(json, out var inner):
                Walk(inner, path, visit);
                break;
            case JsonObject json:
                JsonConversion.EnsureStack();
                foreach (var (name, member) in json)
                {
                    Walk(member, path + JsonPathStep.Of(name), visit);
                }

                break;
            case JsonArray json:
                JsonConversion.EnsureStack();
                for (var i = 0; i < json.Count; i++)
                {
                    Walk(json[i], path + JsonPathStep.Of(i), visit);
                }

                break;
            case JsonValue json when JsonConversion.TryGetText(json, out var text) && TemplateParser.MayBeDynamic(text):
                visit(text, path);
                break;
        }
    }
}
