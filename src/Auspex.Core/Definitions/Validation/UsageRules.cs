using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Definitions.Validation;

/// <summary>Parameters and variables that nothing reads: a hint, since they do no harm.</summary>
internal static class UsageRules
{
    public static void Check(PipelineDefinition pipeline, FactoryDefinition factory, DefinitionReport report)
    {
        if ((pipeline.Parameters.IsEmpty && pipeline.Variables.IsEmpty) || IsOpen(pipeline.Source))
        {
            return;
        }

        var references = ExpressionParser.FindReferences(pipeline.Source);
        if (!IsReadAsAWhole(references, ExpressionReferenceKind.Parameter) && !DatasetsReadPipelines(factory))
        {
            Report(
                pipeline.Source, "parameters", pipeline.Parameters.Select(parameter => parameter.Name), Names(references, ExpressionReferenceKind.Parameter),
                ErrorCode.UnusedParameter, name => $"Nothing in the pipeline '{pipeline.Name}' reads its parameter '{name}'.", report);
        }

        if (!IsReadAsAWhole(references, ExpressionReferenceKind.Variable))
        {
            Report(
                pipeline.Source, "variables", pipeline.Variables.Select(variable => variable.Name), Names(references, ExpressionReferenceKind.Variable),
                ErrorCode.UnusedVariable, name => $"Nothing in the pipeline '{pipeline.Name}' reads its variable '{name}'.", report);
        }
    }

    public static void Check(DatasetDefinition dataset, DefinitionReport report) => Check(
        dataset.Source, dataset.Parameters, ExpressionReferenceKind.Dataset, name => $"Nothing in the dataset '{dataset.Name}' reads its parameter '{name}'.", report);

    public static void Check(LinkedServiceDefinition linkedService, DefinitionReport report) => Check(
        linkedService.Source,
        linkedService.Parameters,
        ExpressionReferenceKind.LinkedService,
        name => $"Nothing in the linked service '{linkedService.Name}' reads its parameter '{name}'.",
        report);

    private static void Check(
        JsonObject source,
        ImmutableArray<ParameterDefinition> declared,
        ExpressionReferenceKind kind,
        Func<string, string> message,
        DefinitionReport report)
    {
        if (declared.IsEmpty || IsOpen(source))
        {
            return;
        }

        var references = ExpressionParser.FindReferences(source);
        if (!IsReadAsAWhole(references, kind))
        {
            Report(source, "parameters", declared.Select(parameter => parameter.Name), Names(references, kind), ErrorCode.UnusedParameter, message, report);
        }
    }

    // What a template's parameter without a value will be may read anything.
    private static bool IsOpen(JsonNode? node) => node switch
    {
        JsonObject json => json.Any(member => IsOpen(member.Value)),
        JsonArray array => array.Any(IsOpen),
        _ => ArmText.IsExpression(node),
    };

    // variables(concat('a', 'b')), dataset() as a whole, and pipeline() handed on entire may read any of them.
    private static bool IsReadAsAWhole(ImmutableArray<ExpressionReference> references, ExpressionReferenceKind kind) =>
        references.Any(reference => reference.Name is null
            && (reference.Kind == kind || (kind == ExpressionReferenceKind.Parameter && reference.Kind == ExpressionReferenceKind.SystemVariable)));

    // An official sample reads pipeline().parameters in a dataset: which pipeline's is known only when it runs.
    private static bool DatasetsReadPipelines(FactoryDefinition factory) => factory.Datasets.Values.Any(dataset =>
        dataset.Source.ToJsonString().Contains("pipeline().parameters", StringComparison.OrdinalIgnoreCase));

    private static HashSet<string> Names(ImmutableArray<ExpressionReference> references, ExpressionReferenceKind kind) =>
        references.Where(reference => reference.Kind == kind && reference.Name is not null)
            .Select(reference => reference.Name!)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static void Report(
        JsonObject source,
        string member,
        IEnumerable<string> declared,
        HashSet<string> read,
        ErrorCode code,
        Func<string, string> message,
        DefinitionReport report)
    {
        var declarations = (source.ObjectMember("properties") ?? source).ObjectMember(member);
        foreach (var name in declared.Where(name => !read.Contains(name)))
        {
            report.Add(code, DiagnosticSeverity.Information, declarations ?? source, name, message(name));
        }
    }
}
