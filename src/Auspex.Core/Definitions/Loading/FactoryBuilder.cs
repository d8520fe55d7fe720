using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Collects the resources of a factory by kind and name.</summary>
internal sealed class FactoryBuilder(ImmutableArray<Diagnostic>.Builder diagnostics)
{
    private readonly NamedResources<PipelineDefinition> _pipelines = new("pipeline", diagnostics);
    private readonly NamedResources<LinkedServiceDefinition> _linkedServices = new("linked service", diagnostics);
    private readonly NamedResources<DatasetDefinition> _datasets = new("dataset", diagnostics);
    private readonly NamedResources<TriggerDefinition> _triggers = new("trigger", diagnostics);
    private readonly NamedResources<ExperimentDefinition> _experiments = new("experiment", diagnostics);
    private readonly ImmutableArray<OtherDefinition>.Builder _others = ImmutableArray.CreateBuilder<OtherDefinition>();
    private readonly JsonObject _globalParameters = [];
    private string? _name;
    private string? _templateName;

    public void Add(ResourceKind kind, JsonObject source, DefinitionOrigin origin)
    {
        var report = new DefinitionReport(origin, diagnostics);
        WarnOfFolder(kind, source, report);
        switch (kind)
        {
            case ResourceKind.Pipeline:
                var pipeline = PipelineLoader.LoadFrom(source, origin, diagnostics);
                _pipelines.Add(pipeline?.Name, pipeline, source, origin);
                break;
            case ResourceKind.LinkedService:
                var linkedService = LinkedServiceLoader.Load(source, origin, diagnostics);
                _linkedServices.Add(linkedService?.Name, linkedService, source, origin);
                break;
            case ResourceKind.Dataset:
                var dataset = DatasetLoader.Load(source, origin, diagnostics);
                _datasets.Add(dataset?.Name, dataset, source, origin);
                break;
            case ResourceKind.Trigger:
                var trigger = TriggerLoader.Load(source, origin, diagnostics);
                _triggers.Add(trigger?.Name, trigger, source, origin);
                break;
            case ResourceKind.Experiment:
                var experiment = LoadExperiment(source, origin);
                _experiments.Add(experiment?.Name, experiment, source, origin);
                break;
            case ResourceKind.Factory:
                AddFactory(source, report);
                AddOther(kind, source, report);
                break;
            case ResourceKind.GlobalParameters:
                AddGlobalParameters(source.ObjectMember("properties") ?? source);
                AddOther(kind, source, report);
                break;
            default:
                AddOther(kind, source, report);
                break;
        }
    }

    /// <summary>The name that an export gives its factory; a factory's own definition wins.</summary>
    public void AddTemplateName(string? name) => _templateName ??= string.IsNullOrWhiteSpace(name) ? null : name;

    public FactoryDefinition Build(string? folder, OverlayDefinition overlay)
    {
        var globalParameters = _globalParameters;
        foreach (var (name, value) in overlay.GlobalParameters)
        {
            globalParameters[globalParameters.MemberName(name) ?? name] = value?.DeepClone();
        }

        var linkedServices = LinkedServiceOverlay.Apply(_linkedServices.ToImmutable(), overlay, diagnostics);
        return new FactoryDefinition
        {
            Name = _name ?? _templateName ?? "auspex",
            Folder = folder,
            Pipelines = _pipelines.ToImmutable(),
            LinkedServices = linkedServices,
            Datasets = _datasets.ToImmutable(),
            Triggers = _triggers.ToImmutable(),
            Experiments = _experiments.ToImmutable(),
            Others = _others.ToImmutable(),
            GlobalParameters = globalParameters,
            Overlay = overlay,
            Diagnostics = diagnostics.ToImmutable(),
        };
    }

    private ExperimentDefinition? LoadExperiment(JsonObject source, DefinitionOrigin origin)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        var experiment = ExperimentLoader.Load(source, origin.File, found);
        diagnostics.AddRange(found.Select(diagnostic =>
            origin.Diagnose(diagnostic.Code, diagnostic.Severity, diagnostic.Message, diagnostic.JsonPath)));
        return experiment is null ? null : experiment with { Origin = origin };
    }

    private void AddFactory(JsonObject source, DefinitionReport report)
    {
        _name ??= source.TextMember("name");
        switch (source.ObjectMember("properties")?.Member("globalParameters"))
        {
            case null:
                break;
            case JsonObject declared:
                AddGlobalParameters(declared);
                break;
            default:
                report.WrongType(
                    source.ObjectMember("properties")!,
                    "globalParameters",
                    "an object of {\"type\", \"value\"} by name");
                break;
        }
    }

    private void AddGlobalParameters(JsonObject declared)
    {
        foreach (var (name, value) in GlobalParameterValues.Values(declared).ToArray())
        {
            _globalParameters[_globalParameters.MemberName(name) ?? name] = value?.DeepClone();
        }
    }

    private void AddOther(ResourceKind kind, JsonObject source, DefinitionReport report)
    {
        if (kind == ResourceKind.Fragment)
        {
            var type = source.ObjectMember("typeProperties")?.Any(member => member.Key.StartsWith("mlPipeline", StringComparison.Ordinal)) == true
                ? "AzureMLExecutePipeline"
                : "AzureMLBatchExecution";
            report.Warning(
                ErrorCode.Fragment,
                source,
                "The file holds the inside of an activity (its 'typeProperties'), not a definition; nothing can "
                + "run it alone. Put it into "
                + $"an activity: {{\"name\": \"...\", \"type\": \"{type}\", \"linkedServiceName\": {{...}}, \"typeProperties\": {{...}}}}.");
        }

        var name = source.TextMember("name") ?? (report.Origin.File is { } file ? ResourceName.Stem(file) : string.Empty);
        _others.Add(new OtherDefinition(ResourceKinds.FolderOf(kind), name, source) { Origin = report.Origin });
    }

    private static void WarnOfFolder(ResourceKind kind, JsonObject source, DefinitionReport report)
    {
        var folder = report.Origin.File is { } file ? FactoryLayout.Place(file).Kind : null;
        if (folder is { } expected && expected != kind && report.Origin.Path == JsonPath.Root)
        {
            report.Warning(
                ErrorCode.FolderMismatch,
                source,
                $"The file lies among the factory's {ResourceKinds.FolderOf(expected)} files but holds a "
                + $"{ResourceKinds.Describe(kind)}; it was "
                + $"taken as that. Move it to {ResourceKinds.FolderOf(kind)}/.");
        }
    }
}
