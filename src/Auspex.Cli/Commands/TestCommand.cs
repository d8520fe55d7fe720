using System.Collections.Immutable;
using System.CommandLine;
using System.IO.Enumeration;
using Auspex.Cli.Output;
using Auspex.Cli.Testing;
using Auspex.Cli.Testing.Reports;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Storage.Definitions;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex test</c>: a factory's pipelines under test, offline and in no time.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var folder = SharedOptions.FactoryArgument();
        var factory = SharedOptions.Factory();
        var environment = SharedOptions.Environment();
        var json = SharedOptions.Json();
        var filter = new Option<string?>("--filter")
        {
            Description = "Only tests whose file or name contains this text, or fits it where it has * or ?.",
        };
        var junit = new Option<FileInfo?>("--junit") { Description = "Write the results as JUnit XML into this file." };
        var replay = new Option<FileSystemInfo?>("--replay")
        {
            Description = "Run a recording of 'auspex run --record', or all of a folder, again instead of the tests.",
        };
        var init = new Option<string?>("--init") { Description = "Write a test to begin with for this pipeline, and run nothing." };
        var command = new Command("test", "Test pipelines offline by a factory's test/*.json, with mocked activities and a clock of their own.")
        {
            folder, factory, environment, filter, junit, replay, init, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = (parsed.GetValue(folder) ?? parsed.GetRequiredValue(factory)).FullName;
            var definition = FactoryFolder.Load(path, parsed.GetValue(environment));
            if (parsed.GetValue(init) is { } pipeline)
            {
                return await InitAsync(definition, pipeline, cancellationToken);
            }

            var report = new TestReport(Console.Out, parsed.GetValue(json));
            var tests = parsed.GetValue(replay) is { } recording
                ? new FoundTests(TestFiles.Replays(definition, Path.GetRelativePath(Environment.CurrentDirectory, recording.FullName)), [])
                : Find(definition);
            return await RunAsync(definition, tests, parsed.GetValue(filter), parsed.GetValue(junit), report, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        FactoryDefinition factory,
        FoundTests tests,
        string? filter,
        FileInfo? junit,
        TestReport report,
        CancellationToken cancellationToken)
    {
        var chosen = tests.Tests.Where(test => filter is null || Fits(filter, test)).ToList();
        if (chosen.Count == 0 && tests.Unreadable.IsEmpty)
        {
            await Console.Error.WriteLineAsync(tests.Tests.IsEmpty
                ? $"auspex: there is no test in {TestFiles.FolderOf(factory)}. Write one with 'auspex test --init PIPELINE'."
                : $"auspex: no test fits --filter '{filter}'; there are {tests.Tests.Length}, such as '{tests.Tests[0].FullName}'.");
            return ExitCodes.BadDefinition;
        }

        var started = TimeProvider.System.GetTimestamp();
        foreach (var unreadable in tests.Unreadable)
        {
            report.Show(unreadable);
        }

        var results = await new TestRunner(factory, TimeProvider.System).RunAsync(
            chosen, Math.Max(2, Environment.ProcessorCount), report.Show, cancellationToken);
        ImmutableArray<TestResult> all = [.. tests.Unreadable, .. results];
        report.Summarize(all, TimeProvider.System.GetElapsedTime(started));
        if (junit is not null)
        {
            Directory.CreateDirectory(junit.DirectoryName!);
            await File.WriteAllTextAsync(junit.FullName, JUnitReport.Write($"auspex test {factory.Name}", all), cancellationToken);
        }

        return !tests.Unreadable.IsEmpty ? ExitCodes.BadDefinition
            : all.All(result => result.HasPassed) ? ExitCodes.Success
            : ExitCodes.Failure;
    }

    // A file that cannot be read fails by itself; the others run all the same.
    private static FoundTests Find(FactoryDefinition factory)
    {
        var files = TestFiles.Read(factory, TestFiles.FolderOf(factory));
        var errors = ImmutableArray.CreateBuilder<TestResult>();
        if (factory.Pipelines.IsEmpty)
        {
            DiagnosticLines.Write(Console.Error, factory.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error));
        }

        foreach (var file in files)
        {
            DiagnosticLines.Write(Console.Error, file.Diagnostics.Where(found => found.Severity != DiagnosticSeverity.Error));
            if (file.HasErrors)
            {
                errors.Add(new TestResult(
                    "(the file)",
                    file.Path,
                    null,
                    [.. file.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).OrderBy(found => found.Line ?? 0).Select(DiagnosticText.Format)],
                    IsError: true,
                    TimeSpan.Zero,
                    null));
            }
        }

        return new FoundTests([.. files.SelectMany(file => file.Tests)], errors.ToImmutable());
    }

    private static bool Fits(string filter, TestCase test) => filter.AsSpan().ContainsAny('*', '?')
        ? FileSystemName.MatchesSimpleExpression(filter, test.Name) || FileSystemName.MatchesSimpleExpression(filter, test.FullName)
        : test.FullName.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private static async Task<int> InitAsync(FactoryDefinition factory, string name, CancellationToken cancellationToken)
    {
        if (!factory.Pipelines.TryGetValue(name, out var pipeline))
        {
            DiagnosticLines.Write(Console.Error, factory.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error));
            await Console.Error.WriteLineAsync($"auspex: factory '{factory.Name}' has no pipeline '{name}'.{NearestName.Hint(name, factory.Pipelines.Keys)}");
            return ExitCodes.BadDefinition;
        }

        var folder = TestFiles.FolderOf(factory);
        var file = Path.Combine(folder, string.Concat(pipeline.Name.Select(character => char.IsLetterOrDigit(character) || character is '-' or '_' ? character : '-')) + ".json");
        Directory.CreateDirectory(folder);
        if (File.Exists(file))
        {
            await Console.Error.WriteLineAsync($"auspex: {file} is there already and was left as it is. Rename it, or remove it first.");
            return ExitCodes.BadDefinition;
        }

        await File.WriteAllTextAsync(file, TestScaffold.Create(factory, pipeline), cancellationToken);
        Console.WriteLine($"{file}: a test of '{pipeline.Name}'. Change the mocks and expectations to what you mean, then: auspex test");
        return ExitCodes.Success;
    }

    private sealed record FoundTests(ImmutableArray<TestCase> Tests, ImmutableArray<TestResult> Unreadable);
}
