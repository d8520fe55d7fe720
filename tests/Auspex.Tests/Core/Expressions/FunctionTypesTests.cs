using Auspex.Errors;
using Auspex.Expressions;
using Auspex.Expressions.Functions;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Typing;
using Auspex.Expressions.Values;
using Xunit;

namespace Auspex.Tests.Core.Expressions;

/// <summary>The table of types says what the evaluator does: nothing it refuses works, and no result is of another type.</summary>
public sealed class FunctionTypesTests
{
    private static readonly (ValueTypes Type, string[] Samples)[] Samples =
    [
        (ValueTypes.Null, ["null"]),
        (ValueTypes.Boolean, ["true"]),
        (ValueTypes.Integer, ["1", "0"]),
        (ValueTypes.Float, ["2.5"]),
        (ValueTypes.Text, ["'a'", "'2024-03-01T00:00:00Z'", "'UTC'", "'Day'", "'{\"a\":1}'", "'<a/>'", "'data:;base64,AAA='", "'yyyy'", "'1'"]),
        (ValueTypes.Array, ["createArray(1,2)", "json('[]')"]),
        (ValueTypes.Object, ["json('{\"a\":1}')", "xml('<a/>')", "binary('x')"]),
    ];

    public static TheoryData<string> Functions =>
        [.. FunctionCatalog.All.Where(function => function.Family != ReferenceFunctions.FamilyName).Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Table_OfAFunction_IsWhatTheEvaluatorDoes(string name)
    {
        var types = FunctionTypes.Find(name);
        Assert.NotNull(types);
        var function = FunctionCatalog.Find(name)!;
        var context = Evaluating.ReadContext();
        foreach (var count in Enumerable.Range(function.Minimum, Math.Min(3, function.Maximum) - Math.Min(3, function.Minimum) + 1))
        {
            foreach (var arguments in Choices(count))
            {
                var text = $"@{name}({string.Join(',', arguments.Select(argument => argument.Sample))})";
                var template = TemplateCache.Get(text);
                var problems = new List<string>();
                var inferred = new TypeInference(new NoScope(), (severity, message) =>
                {
                    if (severity == DiagnosticSeverity.Error)
                    {
                        problems.Add(message);
                    }
                }).Of(template);
                ExpressionValue result;
                try
                {
                    result = ExpressionEvaluator.EvaluateString(text, context);
                }
                catch (ExpressionException)
                {
                    continue;
                }

                // What is never evaluated does not fail: and(false, 5).
                var isLazy = function.Lazy is not null && arguments.Length > 1;
                Assert.True(problems.Count == 0 || isLazy, $"{text} works, though: {string.Join(' ', problems)}");
                Assert.True(inferred.HasFlag(TypeOf(result)), $"{text} gives {result.TypeName}, said was {inferred}");
            }
        }
    }

    [Theory]
    [InlineData("@add('a', 1)", "needs a number as its argument 1, and gets text")]
    [InlineData("@concat('a', createArray(1))", "becomes JSON text")]
    [InlineData("@length(5)", "needs text or an array")]
    [InlineData("@greater(1, 'a')", "compares a whole number with text")]
    [InlineData("@if('yes', 1, 2)", "needs a boolean")]
    [InlineData("@join('a,b', ',')", "needs an array")]
    [InlineData("@split('a,b', ',').x", "an element is read by its index")]
    [InlineData("@concat('a').b", "reads a member of concat(), which is text")]
    [InlineData("a @{mul('2', 3)}", "needs a number")]
    public void Of_WhatCanOnlyFail_SaysSo(string text, string expected)
    {
        var problems = new List<string>();

        new TypeInference(new NoScope(), (_, message) => problems.Add(message)).Of(TemplateCache.Get(text));

        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@concat('a', string(createArray(1)))")]
    [InlineData("@add(int('1'), 1)")]
    [InlineData("@if(equals(1, 2), 'a', 3)")]
    [InlineData("@first(split('a,b', ','))")]
    [InlineData("@coalesce(null, createArray(1))[0]")]
    [InlineData("@json('{\"a\":1}').a.b")]
    [InlineData("@max(createArray(1, 2))")]
    [InlineData("@empty(null)")]
    public void Of_WhatMayWork_SaysNothing(string text)
    {
        var problems = new List<string>();

        new TypeInference(new NoScope(), (_, message) => problems.Add(message)).Of(TemplateCache.Get(text));

        Assert.Empty(problems);
    }

    private static IEnumerable<(ValueTypes Type, string Sample)[]> Choices(int count)
    {
        if (count == 0)
        {
            yield return [];
            yield break;
        }

        // Three arguments of all samples are thousands of calls a function: there the first of each type does.
        foreach (var rest in Choices(count - 1))
        {
            foreach (var (type, samples) in Samples)
            {
                foreach (var sample in count > 2 ? samples.Take(4) : samples)
                {
                    yield return [.. rest, (type, sample)];
                }
            }
        }
    }

    private static ValueTypes TypeOf(ExpressionValue value) => value.Type switch
    {
        ExpressionType.Null => ValueTypes.Null,
        ExpressionType.Boolean => ValueTypes.Boolean,
        ExpressionType.Integer => ValueTypes.Integer,
        ExpressionType.Float => ValueTypes.Float,
        ExpressionType.String => ValueTypes.Text,
        ExpressionType.Array => ValueTypes.Array,
        _ => ValueTypes.Object,
    };

    private sealed class NoScope : ITypeScope
    {
        public ValueTypes Variable(string name) => ValueTypes.Any;

        public ValueTypes Parameter(string name) => ValueTypes.Any;

        public ValueTypes Activity(string name, IReadOnlyList<string> steps) => ValueTypes.Any;
    }
}
