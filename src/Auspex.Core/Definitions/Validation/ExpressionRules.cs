using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Definitions.Validation;

/// <summary>Expressions: they can be parsed, and what they refer to exists and can be known where they stand.</summary>
internal static class ExpressionRules
{
    public static void Check(
        ActivityPlace place,
        PipelineDefinition pipeline,
        ActivityScope scope,
        TypeRules types,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        var references = new PipelineReferenceRules(place, pipeline, scope, types, factory, report);
        foreach (var (parent, member) in Places(place.Activity))
        {
            CheckSyntax(parent, member, report);
            types.Check(place, parent, member);
            foreach (var reference in ExpressionParser.FindReferences(parent[member]))
            {
                references.Check(reference, parent, member);
            }
        }
    }

    public static void Check(DatasetDefinition dataset, DefinitionReport report)
    {
        var body = dataset.Source.ObjectMember("properties") ?? dataset.Source;
        foreach (var (parent, member) in Members(body, "typeProperties").Concat(LinkedServiceArguments(body)))
        {
            CheckSyntax(parent, member, report);
            foreach (var reference in ExpressionParser.FindReferences(parent[member]))
            {
                // Official samples use pipeline().parameters in datasets: they are evaluated where the pipeline is known.
                var allowed = reference.Kind is ExpressionReferenceKind.Dataset or ExpressionReferenceKind.Parameter
                    or ExpressionReferenceKind.GlobalParameter or ExpressionReferenceKind.SystemVariable;
                CheckPlace(allowed, reference, "a dataset, where only dataset() is", parent, member, report);
                if (reference.Kind == ExpressionReferenceKind.Dataset)
                {
                    CheckDeclared($"dataset '{dataset.Name}'", dataset.Source, dataset.Parameters, reference, parent, member, report);
                }
            }
        }
    }

    public static void Check(LinkedServiceDefinition linkedService, DefinitionReport report)
    {
        var body = linkedService.Source.ObjectMember("properties") ?? linkedService.Source;
        foreach (var (parent, member) in Members(body, "typeProperties"))
        {
            CheckSyntax(parent, member, report);
            foreach (var reference in ExpressionParser.FindReferences(parent[member]))
            {
                var allowed = reference.Kind is ExpressionReferenceKind.LinkedService or ExpressionReferenceKind.GlobalParameter;
                CheckPlace(allowed, reference, "a linked service, where only linkedService() is", parent, member, report);
                if (reference.Kind == ExpressionReferenceKind.LinkedService)
                {
                    CheckDeclared($"linked service '{linkedService.Name}'", linkedService.Source, linkedService.Parameters, reference, parent, member, report);
                }
            }
        }
    }

    public static void Check(TriggerDefinition trigger, DefinitionReport report)
    {
        var body = trigger.Source.ObjectMember("properties") ?? trigger.Source;
        foreach (var list in (ReadOnlySpan<string>)["pipelines", "pipeline"])
        {
            if (body.MemberName(list) is not { } member)
            {
                continue;
            }

            CheckSyntax(body, member, report);
            foreach (var reference in ExpressionParser.FindReferences(body[member]))
            {
                var allowed = reference.Kind is ExpressionReferenceKind.Trigger or ExpressionReferenceKind.TriggerBody
                    or ExpressionReferenceKind.GlobalParameter or ExpressionReferenceKind.SystemVariable;
                CheckPlace(allowed, reference, "a trigger, where only trigger() and triggerBody() are", body, member, report);
            }
        }
    }

    /// <summary>The place of a finding inside a member's value, as a path from the definition's root.</summary>
    public static string PathOf(JsonObject parent, string member, string inner) =>
        JsonPath.Join(JsonPath.Member(JsonPath.Of(parent), member), inner);

    public static void Report(
        ErrorCode code,
        DiagnosticSeverity severity,
        JsonObject parent,
        string member,
        string inner,
        string message,
        DefinitionReport report) =>
        report.AddAt(code, severity, PathOf(parent, member, inner), message);

    private static void CheckSyntax(JsonObject parent, string member, DefinitionReport report)
    {
        foreach (var problem in ExpressionParser.Check(parent[member]))
        {
            Report(problem.Code, problem.Severity, parent, member, problem.JsonPath, problem.Message, report);
        }
    }

    private static void CheckPlace(
        bool allowed,
        ExpressionReference reference,
        string where,
        JsonObject parent,
        string member,
        DefinitionReport report)
    {
        if (!allowed)
        {
            Report(
                ErrorCode.ReferenceOutOfPlace,
                DiagnosticSeverity.Error,
                parent,
                member,
                reference.JsonPath,
                $"{PipelineReferenceRules.Show(reference)} cannot be known in {where}. Pass the value through a "
                + "parameter.",
                report);
        }
    }

    private static void CheckDeclared(
        string what,
        JsonObject source,
        IReadOnlyList<ParameterDefinition> declared,
        ExpressionReference reference,
        JsonObject parent,
        string member,
        DefinitionReport report)
    {
        if (reference.Name is { } name && !ArgumentRules.HasOpenParameters(source) && !declared.Any(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            Report(
                ErrorCode.UnknownParameter,
                reference.IsGuarded ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
                parent,
                member,
                reference.JsonPath,
                $"The {what} declares no parameter "
                + $"'{name}'.{NearestName.Hint(name, declared.Select(parameter => parameter.Name))}",
                report);
        }
    }

    // What is evaluated of an activity; inner activities are evaluated on their own.
    private static IEnumerable<(JsonObject Parent, string Member)> Places(ActivityDefinition activity)
    {
        var typeProperties = Members(activity.Source, "typeProperties")
            .Where(place => activity.Branches.IsEmpty || !BranchLoader.Members.Contains(place.Member));
        var policy = Members(activity.Source, "policy")
            .Where(place => place.Member.Equals("timeout", StringComparison.OrdinalIgnoreCase)
                || place.Member.Equals("retry", StringComparison.OrdinalIgnoreCase));
        var own = ((string[])["userProperties", "inputs", "outputs"])
            .Select(activity.Source.MemberName)
            .OfType<string>()
            .Select(member => (activity.Source, member));
        return typeProperties.Concat(policy).Concat(LinkedServiceArguments(activity.Source)).Concat(own);
    }

    private static IEnumerable<(JsonObject Parent, string Member)> LinkedServiceArguments(JsonObject body) =>
        body.ObjectMember("linkedServiceName") is { } reference && reference.MemberName("parameters") is { } parameters
            ? [(reference, parameters)]
            : [];

    private static IEnumerable<(JsonObject Parent, string Member)> Members(JsonObject body, string member) =>
        body.ObjectMember(member) is { } parent ? parent.Select(entry => (parent, entry.Key)) : [];
}
