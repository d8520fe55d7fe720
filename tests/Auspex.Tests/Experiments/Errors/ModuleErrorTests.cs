using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Tests.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Errors;

/// <summary>Each of Studio's errors, provoked: its number, the module, what it is about, and a sentence that helps.</summary>
public sealed partial class ModuleErrorTests
{
    public static TheoryData<int, int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, int, string>();
            foreach (var (index, provoked) in ErrorCases.All.Index())
            {
                data.Add(index, provoked.Number, provoked.Module);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_OfWhatCannotBe_SaysWhatWhereAndWhatToDo(int index, int number, string module)
    {
        var provoked = ErrorCases.All[index];
        using var world = new ErrorWorld();

        var outcome = await RunAsync(provoked, world);

        Assert.True(outcome.Status == NodeStatus.Failed, $"{module} ran through; expected error {number}.");
        var error = outcome.Error!;
        Assert.True(error.Number == number, $"Expected error {number}; found {error.Report} {error.InnerException}");
        Assert.StartsWith(FormattableString.Invariant($"Error {number:0000}: "), error.Report, StringComparison.Ordinal);
        Assert.EndsWith($" (module '{module}', node 'n')", error.Report, StringComparison.Ordinal);
        Assert.Equal($"Error {number:0000}: {error.Message}", outcome.Log[^1]);
        Assert.All(provoked.Words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.True(Sentence().IsMatch(error.Message), $"No sentence: {error.Message}");
        Assert.DoesNotContain("customer", error.Message, StringComparison.Ordinal);
        Assert.True(number == 1000 || Advice().IsMatch(error.Message), $"Does not say what is expected or what to do: {error.Message}");
    }

    [Fact]
    public void Cases_AndExcuses_AreAllNumbersOnceEach()
    {
        var provoked = ErrorCases.All.Select(provoked => provoked.Number).ToHashSet();

        Assert.Empty(provoked.Intersect(ExcusedErrors.Numbers.Keys));
        Assert.Equal(ErrorNumbers.All.Order(), provoked.Union(ExcusedErrors.Numbers.Keys).Where(ErrorNumbers.All.Contains).Order());
        Assert.Empty(provoked.Except(ErrorNumbers.All));
        Assert.All(ExcusedErrors.Numbers.Values, reason => Assert.True(Sentence().IsMatch(reason), reason));
    }

    private static Task<NodeOutcome> RunAsync(ErrorCase provoked, ErrorWorld world)
    {
        var module = ModuleRuns.Find(provoked.Module);
        var descriptor = module.Descriptor;
        var parameters = provoked.Parameters.Select(text => text.Split('=', 2)).ToImmutableSortedDictionary(
            parts => parts[0], parts => parts[1].Replace("{root}", world.Root, StringComparison.Ordinal), StringComparer.Ordinal);
        Assert.Empty(parameters.Keys.Except(descriptor.Parameters.Select(parameter => parameter.Name)));
        Assert.True(provoked.Inputs.Length == descriptor.Inputs.Length, $"{provoked.Module} has {descriptor.Inputs.Length} inputs.");
        var inputs = descriptor.Inputs.Zip(provoked.Inputs).Where(pair => pair.Second is not null)
            .ToDictionary(pair => pair.First.Name, pair => pair.Second!, StringComparer.Ordinal);
        var node = new CompiledNode
        {
            Id = "n",
            Module = module,
            Asset = null,
            Inputs = [],
            Outputs = descriptor.Outputs,
            Parameters = parameters,
        };
        var runner = new NodeRunner(new ExperimentRunRequest { Services = world.Services });
        return runner.RunAsync(new NodeAttempt(node, inputs, [], parameters, false), TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"^\S.{19,}[.!?]$", RegexOptions.Singleline)]
    private static partial Regex Sentence();

    [GeneratedRegex(
        @"\b(expected|must|needs?|needed|takes?|give|choose|select|connect|check|correct|rename|convert|use|put|leave|set|clip|name|mark|make|did you mean|at most|"
        + @"at least|raise|upload|run again|bring|send|save|copy|clear|list|remove|move|add|install|grant|train it|train again|score it|score with|clean|assign|build|sort|the table has)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Advice();
}
