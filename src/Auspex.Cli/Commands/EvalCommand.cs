using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Expressions;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex eval</c>: evaluates one expression, or a file of cases.</summary>
internal static class EvalCommand
{
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
                ? new JsonObject()
                : JsonNode.Parse(await File.ReadAllTextAsync(contextFile.FullName, cancellationToken)) as JsonObject
                    ?? throw new JsonException("The file holds no JSON object.");
            var value = ExpressionEvaluator.Evaluate(JsonValue.Create(expression), ContextJson.Read(context, TimeProvider.System));
            Console.WriteLine(value is null ? "null" : value.ToJsonString(ExpressionCases.OutputOptions));
            return ExitCodes.Success;
        }
        catch (JsonException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: {contextFile?.FullName}: not a JSON object of context: {exception.Message}");
            return ExitCodes.BadDefinition;
        }
        catch (ExpressionException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: error {exception.Code}: {exception.Message}");
            return ExitCodes.Failure;
        }
    }

    private static async Task<int> EvaluateCasesAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = file.OpenRead();
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { NewLine = "\n" };
        try
        {
            await foreach (var line in ExpressionCases.EvaluateAsync(stream, TimeProvider.System, cancellationToken))
            {
                await output.WriteLineAsync(line);
            }

            return ExitCodes.Success;
        }
        catch (JsonException exception)
        {
            await Console.Error.WriteLineAsync($"auspex: {file.FullName}: not a JSON array of cases: {exception.Message}");
            return ExitCodes.BadDefinition;
        }
    }
}
