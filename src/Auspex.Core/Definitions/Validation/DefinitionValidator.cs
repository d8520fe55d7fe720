using System.Collections.Immutable;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Checks a loaded factory for what would fail, or surprise, when it runs.</summary>
public static class DefinitionValidator
{
    /// <summary>
    /// All findings of the rules, in the order of files and lines. Loading's own findings are not repeated: they are in
    /// <see cref="FactoryDefinition.Diagnostics"/>. Never throws for what the definitions hold.
    /// </summary>
    public static ImmutableArray<Diagnostic> Validate(FactoryDefinition factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var pipeline in factory.Pipelines.Values)
        {
            CheckPipeline(pipeline, factory, Report(pipeline.Origin, found));
        }

        foreach (var linkedService in factory.LinkedServices.Values)
        {
            var report = Report(linkedService.Origin, found);
            NameRules.CheckResource("linked service", linkedService.Name, 260, linkedService.Source, report);
            DeclarationRules.CheckParameters(linkedService.Source, linkedService.Parameters, report);
            LinkedServiceRules.Check(linkedService, factory, report);
            UsageRules.Check(linkedService, report);
            SecretRules.Check(linkedService, factory, report);
            ReferenceRules.Check(linkedService.Source, factory, report);
            ExpressionRules.Check(linkedService, report);
        }

        foreach (var dataset in factory.Datasets.Values)
        {
            var report = Report(dataset.Origin, found);
            NameRules.CheckResource("dataset", dataset.Name, 260, dataset.Source, report);
            DeclarationRules.CheckParameters(dataset.Source, dataset.Parameters, report);
            DatasetRules.Check(dataset, report);
            UsageRules.Check(dataset, report);
            ReferenceRules.Check(dataset.Source, factory, report);
            ExpressionRules.Check(dataset, report);
        }

        foreach (var trigger in factory.Triggers.Values)
        {
            var report = Report(trigger.Origin, found);
            NameRules.CheckResource("trigger", trigger.Name, 260, trigger.Source, report);
            TriggerRules.Check(trigger, factory, report);
            ReferenceRules.Check(trigger.Source, factory, report);
            ExpressionRules.Check(trigger, report);
        }

        OverlayRules.Check(factory, found);
        return
        [
            .. found
                .Distinct()
                .OrderBy(diagnostic => diagnostic.File, StringComparer.Ordinal)
                .ThenBy(diagnostic => diagnostic.Line)
                .ThenBy(diagnostic => diagnostic.JsonPath, StringComparer.Ordinal)
                .ThenBy(diagnostic => diagnostic.Code.Value, StringComparer.Ordinal),
        ];
    }

    private static void CheckPipeline(PipelineDefinition pipeline, FactoryDefinition factory, DefinitionReport report)
    {
        NameRules.CheckResource("pipeline", pipeline.Name, 140, pipeline.Source, report);
        NameRules.CheckActivities(pipeline, report);
        DeclarationRules.CheckParameters(pipeline.Source, pipeline.Parameters, report);
        DeclarationRules.CheckVariables(pipeline, report);
        DependencyRules.Check(pipeline, report);
        LimitRules.Check(pipeline, report);
        ReachRules.Check(pipeline, report);
        UsageRules.Check(pipeline, factory, report);
        SecretRules.CheckDeclarations(pipeline, report);
        var scope = new ActivityScope(pipeline);
        var types = new TypeRules(pipeline, scope, factory, report);
        foreach (var place in ActivityPlace.All(pipeline))
        {
            NestingRules.Check(place, pipeline, report);
            if (place.IsActive)
            {
                ActivityShapeRules.Check(place.Activity, report);
                LiteralRules.Check(place, report);
                ControlRules.Check(place, pipeline, report);
                PolicyRules.Check(place.Activity, report);
                DataActivityRules.Check(place.Activity, factory, report);
                MachineLearningRules.Check(place.Activity, factory, report);
                ReferenceRules.Check(place.Activity, factory, report);
                SecretRules.Check(place.Activity, report);
                ExpressionRules.Check(place, pipeline, scope, types, factory, report);
            }
        }
    }

    private static DefinitionReport Report(DefinitionOrigin? origin, ImmutableArray<Diagnostic>.Builder found) =>
        new(origin ?? new DefinitionOrigin(null), found);
}
