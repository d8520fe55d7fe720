using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex eval</c>: evaluates one expression, or a file of cases.</summary>
internal static class EvalCommand
{
    private static readonly JsonSerializerOptions ForPeople = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 4096,
    };

    public static Command Create()
    {
        var expression = new Argument<string?>("EXPRESSION")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "An expression such as \"@add(1, 2)\", or any text with @{...} in it.",
        };
        var context = new Option<FileInfo?>("--context")
        {
            Description = "A JSON file of parameters, variables, activities and so on that the expression sees.",
        };
        var cases = new Option<FileInfo?>("--cases")
        {
            Description = "A JSON array of {id, expression, context}; prints a JSON line each.",
        };
        var command = new Command("eval", "Evaluate an expression of the pipeline language.") { expression, context, cases };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(cases) is { } file
            ? EvaluateCasesAsync(file, cancellationToken)
            : EvaluateAsync(parsed.GetValue(expression), parsed.GetValue(context), cancellationToken));
        return command;
    }

    private static async Task<int> EvaluateAsync(string? expression, FileInfo? contextFile, CancellationToken cancellationToken)
    {
        if (expression is null)
        {
            await Console.Error.WriteLineAsync("auspex: give an expression, or --cases FILE.");
            return ExitCodes.BadDefinition;
        }

        try
        {
            var context = contextFile is null
                ? []
                : ExpressionCases.ReadJson(await File.ReadAllTextAsync(contextFile.FullName, cancellationToken), "The context") as JsonObject;
            if (context is null)
            {
                await Console.Error.WriteLineAsync($"auspex: {contextFile}: expected a JSON object of context, found something else.");
                return ExitCodes.BadDefinition;
            }

            var value = ExpressionEvaluator.Evaluate(JsonValue.Create(expression), ContextJson.Read(context));
            Console.WriteLine(value is null ? "null" : value.ToJsonString(ForPeople));
            return ExitCodes.Success;
        }
        catch (ExpressionException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: error {exception.Code}: {exception.Message}");
            return exception.Code == ErrorCode.ExpressionContextUnreadable ? ExitCodes.BadDefinition : ExitCodes.Failure;
        }
    }

    private static async Task<int> EvaluateCasesAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var json = await File.ReadAllTextAsync(file.FullName, cancellationToken);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { NewLine = "\n" };
        try
        {
            foreach (var line in ExpressionCases.Evaluate(json))
            {
                await output.WriteLineAsync(line.AsMemory(), cancellationToken);
            }

            return ExitCodes.Success;
        }
        catch (ExpressionException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: {file.FullName}: {exception.Message}");
            return ExitCodes.BadDefinition;
        }
    }
}
