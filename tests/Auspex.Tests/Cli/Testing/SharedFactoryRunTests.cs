using System.Collections.Immutable;
using Auspex.Cli.Testing;
using Auspex.Cli.Testing.Mocks;
using Auspex.Definitions;
using Auspex.Storage.Definitions;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Cli.Testing;

/// <summary>Runs every pipeline of other people's factories with likely answers for everything that works with the world outside.</summary>
public sealed class SharedFactoryRunTests(ITestOutputHelper output)
{
    private static readonly string? Folder = SharedFolder.Find("factories");

    [Fact]
    public async Task Run_EveryPipelineOfEveryFactory_EndsAsTheEngineDecides()
    {
        Assert.SkipUnless(Folder is not null, "The folder 'shared' with other people's factories does not lie beside the checkout.");
        var lines = new List<string>();
        var broken = new List<string>();
        var succeeded = 0;
        foreach (var (root, factory) in Factories(Folder!))
        {
            ImmutableArray<TestCase> tests =
            [
                .. factory.Pipelines.Values.OrderBy(pipeline => pipeline.Name, StringComparer.Ordinal).Select(pipeline => new TestCase
                {
                    Name = pipeline.Name,
                    File = root,
                    Pipeline = pipeline,
                    Parameters = TestScaffold.Arguments(pipeline),
                    StartTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
                    Mocks = MockSet.Empty with { UsesDefaults = true },
                }),
            ];
            var runner = new TestRunner(factory, TimeProvider.System);
            foreach (var result in await runner.RunAsync(tests, 2, _ => { }, TestContext.Current.CancellationToken))
            {
                succeeded += result.HasPassed ? 1 : 0;
                if (!result.HasPassed)
                {
                    var line = $"{root}: {result.Name}: {string.Join("; ", result.Failures)}";
                    lines.Add(line);
                    if (result.Failures.Any(failure => failure.Contains("failed unexpectedly", StringComparison.Ordinal) || failure.Contains("did not end", StringComparison.Ordinal)))
                    {
                        broken.Add(line);
                    }
                }
            }
        }

        output.WriteLine($"{succeeded} pipelines succeeded, {lines.Count} ended otherwise with likely answers:");
        lines.ForEach(output.WriteLine);
        Assert.Empty(broken);
        Assert.True(succeeded > lines.Count, $"{succeeded} pipelines succeeded, {lines.Count} did not.");
    }

    // Folders with a factory in them; and every file beside those that is one by itself, such as an exported template.
    private static IEnumerable<(string Root, FactoryDefinition Factory)> Factories(string folder)
    {
        var roots = Directory.EnumerateDirectories(folder, "pipeline", SearchOption.AllDirectories)
            .Select(found => Path.GetDirectoryName(found)!)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var files = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Where(file => !roots.Any(root => file.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        return roots.Concat(files)
            .Select(path => (Path.GetRelativePath(folder, path), FactoryFolder.Load(path)))
            .Where(found => !found.Item2.Pipelines.IsEmpty);
    }
}
