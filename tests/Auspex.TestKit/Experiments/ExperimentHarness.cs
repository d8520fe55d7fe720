using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.TestKit.Experiments;

/// <summary>Loads, compiles and runs experiments written as JSON.</summary>
public sealed class ExperimentHarness
{
    public ExperimentHarness(ModuleCatalog? catalog = null)
    {
        Catalog = catalog ?? FakeModules.Catalog();
        Values = new ArtifactValues(Artifacts, new FakeModelFormat());
    }

    public ModuleCatalog Catalog { get; }

    public FakeArtifactStore Artifacts { get; } = new();

    public ArtifactValues Values { get; }

    /// <summary>Services without a way outside.</summary>
    public static ModuleServices Services { get; } = new()
    {
        OpenBlobStore = _ => throw new InvalidOperationException("There is no blob store in this test."),
        Clock = TimeProvider.System,
        FileRoots = [],
        Threads = 4,
    };

    public static ExperimentDefinition Load(string json)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var definition = ExperimentLoader.Load(JsonNode.Parse(json)!.AsObject(), "experiment/test.json", diagnostics);
        return definition is not null && diagnostics.All(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error)
            ? definition
            : throw new InvalidOperationException(string.Join('\n', diagnostics));
    }

    public CompilationResult TryCompile(string json) => ExperimentCompiler.Compile(Load(json), Catalog);

    public CompiledExperiment Compile(string json) => Compile(Load(json));

    public CompiledExperiment Compile(ExperimentDefinition definition)
    {
        var result = ExperimentCompiler.Compile(definition, Catalog);
        return result.Experiment ?? throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    public Task<ExperimentRunResult> RunAsync(string json, Func<ExperimentRunRequest, ExperimentRunRequest>? with = null) =>
        RunAsync(Compile(json), with);

    public static Task<ExperimentRunResult> RunAsync(
        CompiledExperiment experiment, Func<ExperimentRunRequest, ExperimentRunRequest>? with = null)
    {
        var request = new ExperimentRunRequest { Services = Services };
        return ExperimentRunner.RunAsync(experiment, with?.Invoke(request) ?? request, TestContext.Current.CancellationToken);
    }

    public static TableBatch TableAt(ExperimentRunResult run, string node, string port) =>
        ((TableValue)(run.Find(new PortKey(node, port)) ?? throw new InvalidOperationException(
            $"Nothing at {node}.{port}: {string.Join('\n', run.Nodes.Select(known => $"{known.Node} {known.Status} {known.Error?.Message}"))}"))).Table;
}
