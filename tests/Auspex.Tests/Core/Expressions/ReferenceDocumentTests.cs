using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Expressions;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Core.Expressions;

/// <summary>Runs what lies beside the checkout: the examples of the language's reference, and other people's factories.</summary>
public sealed partial class ReferenceDocumentTests
{
    private static string Shared =>
        Path.Combine(RepositoryRoot.Path, "..", "shared") is var beside && Directory.Exists(beside)
            ? beside
            : Environment.GetEnvironmentVariable("AUSPEX_SHARED") ?? beside;

    [Fact]
    public void Examples_OfTheReference_GiveTheirResults()
    {
        var file = Path.Combine(Shared, "reference", "expressions.md");
        Assert.SkipUnless(File.Exists(file), $"No {file}.");
        var examples = Example().Matches(File.ReadAllText(file));

        foreach (Match example in examples)
        {
            var (text, result) = (example.Groups["text"].Value, example.Groups["result"].Value);
            var context = Evaluating.ReadContext();
            if (result == "error")
            {
                Assert.Throws<ExpressionException>(() => ExpressionEvaluator.Evaluate(JsonValue.Create(text), context));
            }
            else
            {
                var expected = JsonNode.Parse(result.Trim('`'));
                var actual = ExpressionEvaluator.Evaluate(JsonValue.Create(text), context);
                Assert.True(JsonNode.DeepEquals(expected, actual) || IsSameNumber(expected, actual), $"{text} gave {Evaluating.ToJson(actual)}, expected {result}");
            }
        }

        Assert.True(examples.Count > 90, $"Only {examples.Count} examples were found.");
    }

    [Fact]
    public void Check_ExpressionsOfRealFactories_FindsNoMistake()
    {
        var folder = Path.Combine(Shared, "factories");
        Assert.SkipUnless(Directory.Exists(folder), $"No {folder}.");
        var references = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            if (TryRead(file) is { } json)
            {
                Assert.Empty(ExpressionParser.Check(json).Select(problem => $"{file}: {problem.JsonPath}: {problem.Message}"));
                references += ExpressionParser.FindReferences(json).Length;
            }
        }

        Assert.True(references > 500, $"Only {references} references were found.");
    }

    // Some of these files are not valid JSON as published; that is another test's concern.
    private static JsonNode? TryRead(string file)
    {
        try
        {
            return ExpressionCases.ReadJson(File.ReadAllText(file), file);
        }
        catch (ExpressionException)
        {
            return null;
        }
    }

    private static bool IsSameNumber(JsonNode? left, JsonNode? right) =>
        left?.GetValueKind() == JsonValueKind.Number && right?.GetValueKind() == JsonValueKind.Number
        && JsonElement.Parse(left.ToJsonString()).GetDouble().Equals(JsonElement.Parse(right.ToJsonString()).GetDouble());

    [GeneratedRegex("`(?<text>[^`\n@]*@[^`\n]*)` = (?<result>`[^`\n]*`|error)")]
    private static partial Regex Example();
}
