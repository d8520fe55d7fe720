using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing;
using Auspex.Cli.Testing.Reading;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Xunit;

namespace Auspex.Tests.Cli.Testing;

/// <summary>Factories and tests written out in a test, and what the runner makes of them.</summary>
internal static class PipelineTests
{
    public static FactoryDefinition Factory(params ReadOnlySpan<(string Path, string Json)> files)
    {
        var definitions = new List<DefinitionFile>();
        foreach (var (path, json) in files)
        {
            definitions.Add(new DefinitionFile(path, Encoding.UTF8.GetBytes(json)));
        }

        var factory = FactoryDefinitionLoader.Load(definitions);
        Assert.DoesNotContain(factory.Diagnostics, found => found.Severity == Auspex.Errors.DiagnosticSeverity.Error);
        return factory;
    }

    public static FactoryDefinition Factory(string activities, string more = "") =>
        Factory(("pipeline/P.json", $$$$"""{"name": "P", "properties": { {{{{more}}}} "activities": [{{{{activities}}}}] } }"""));

    public static string Work(string name, string type = "Copy", string more = "", string typeProperties = "{}") =>
        $$$$"""{"name": "{{{{name}}}}", "type": "{{{{type}}}}", {{{{more}}}} "typeProperties": {{{{typeProperties}}}} }""";

    public static string After(string activity, string condition = "Succeeded") =>
        $$$$""" "dependsOn": [{"activity": "{{{{activity}}}}", "dependencyConditions": ["{{{{condition}}}}"]}], """;

    public static TestFile Read(FactoryDefinition factory, string json, string folder = ".") =>
        new TestFileReader(factory).Read("test/t.json", Encoding.UTF8.GetBytes(json), folder);

    public static TestCase Single(FactoryDefinition factory, string json)
    {
        var file = Read(factory, json);
        Assert.Empty(file.Diagnostics);
        return Assert.Single(file.Tests);
    }

    public static async Task<ImmutableArray<string>> RunAsync(FactoryDefinition factory, string json) =>
        (await new TestRunner(factory, TimeProvider.System).RunAsync(Single(factory, json), TestContext.Current.CancellationToken)).Failures;

    public static Task<ImmutableArray<string>> RunAsync(string activities, string json, string more = "") =>
        RunAsync(Factory(activities, more), json);

    public static JsonNode Json(string json) => JsonNode.Parse(json)!;
}
