using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Definitions.Validation;

/// <summary>What the expressions of one activity refer to.</summary>
internal sealed class PipelineReferenceRules(
    ActivityPlace place,
    PipelineDefinition pipeline,
    ActivityScope scope,
    TypeRules types,
    FactoryDefinition factory,
    DefinitionReport report)
{
    public void Check(ExpressionReference reference, JsonObject parent, string member)
    {
        switch (reference.Kind)
        {
            case ExpressionReferenceKind.Activity when reference.Name is { } name:
                CheckActivity(reference, name, parent, member);
                break;
            case ExpressionReferenceKind.Variable when reference.Name is { } name:
                CheckName(reference, name, pipeline.Variables.Select(variable => variable.Name), ErrorCode.UnknownVariable, "variable", parent, member);
                CheckSelf(reference, name, parent, member);
                break;
            case ExpressionReferenceKind.Parameter when reference.Name is { } name && !ArgumentRules.HasOpenParameters(pipeline.Source):
                CheckName(reference, name, pipeline.Parameters.Select(parameter => parameter.Name), ErrorCode.UnknownParameter, "parameter", parent, member);
                break;
            case ExpressionReferenceKind.GlobalParameter when reference.Name is { } name && factory.GlobalParameters.MemberName(name) is null:
                Report(
                    ErrorCode.UnknownGlobalParameter,
                    DiagnosticSeverity.Warning,
                    reference,
                    parent,
                    member,
                    "The factory has no global parameter "
                    + $"'{name}'.{NearestName.Hint(name, factory.GlobalParameters.Select(entry => entry.Key))} "
                    + "Add it to factory/ or to 'globalParameters' of the overlay auspex.json.");
                break;
            case ExpressionReferenceKind.Item when !HasItem(member):
                Report(
                    ErrorCode.ItemOutsideLoop,
                    DiagnosticSeverity.Error,
                    reference,
                    parent,
                    member,
                    $"Activity '{place.Activity.Name}' reads item(), which exists only inside a ForEach and in "
                    + "the condition of a Filter.");
                break;
            case ExpressionReferenceKind.Dataset or ExpressionReferenceKind.LinkedService:
                Report(
                    ErrorCode.ReferenceOutOfPlace,
                    DiagnosticSeverity.Error,
                    reference,
                    parent,
                    member,
                    $"{Show(reference)} cannot be known in a pipeline; it belongs into the {(reference.Kind == ExpressionReferenceKind.Dataset ? "dataset" : "linked service")} "
                    + "itself. Pass the value through 'parameters' of the reference.");
                break;
        }
    }

    /// <summary>A reference as its author writes it.</summary>
    public static string Show(ExpressionReference reference) => reference.Kind switch
    {
        ExpressionReferenceKind.Activity => $"activity('{reference.Name}')",
        ExpressionReferenceKind.Variable => $"variables('{reference.Name}')",
        ExpressionReferenceKind.Parameter => $"pipeline().parameters.{reference.Name}",
        ExpressionReferenceKind.GlobalParameter => $"pipeline().globalParameters.{reference.Name}",
        ExpressionReferenceKind.SystemVariable => $"pipeline().{reference.Name}",
        ExpressionReferenceKind.Item => "item()",
        ExpressionReferenceKind.Dataset => $"dataset().{reference.Name}",
        ExpressionReferenceKind.LinkedService => $"linkedService().{reference.Name}",
        ExpressionReferenceKind.Trigger => "trigger()",
        _ => "triggerBody()",
    };

    private void CheckActivity(ExpressionReference reference, string name, JsonObject parent, string member)
    {
        var afterBody = place.Is("Until") && IsMember(member, "expression");
        var (code, severity, message) = scope.Find(place, name, afterBody) switch
        {
            ActivityReach.Unknown => (ErrorCode.UnknownActivityReference, DiagnosticSeverity.Error,
                $"The pipeline '{pipeline.Name}' has no activity '{name}'.{NearestName.Hint(name, scope.Names)}"),
            ActivityReach.NotBefore => (ErrorCode.ActivityNotBefore, DiagnosticSeverity.Error,
                $"Activity '{place.Activity.Name}' reads the result of '{name}', but nothing makes '{name}' end "
                + $"before it starts. Add '{name}' to "
                + "'dependsOn' of the reader, of an activity before it, or of a container around it."),
            ActivityReach.RoundBefore => (ErrorCode.ActivityNotBefore, DiagnosticSeverity.Warning,
                $"Activity '{place.Activity.Name}' reads the result of '{name}', which does not end before it: "
                + "what it reads is left from the "
                + "round before, and in the first round there is none."),
            ActivityReach.InsideForEach => (ErrorCode.ActivityInsideForEach, DiagnosticSeverity.Warning,
                $"Activity '{place.Activity.Name}' reads the result of '{name}', which runs inside a ForEach: which of its rounds is read is not defined."),
            ActivityReach.Inactive => (ErrorCode.InactiveActivityReference, DiagnosticSeverity.Warning,
                $"Activity '{place.Activity.Name}' reads the result of '{name}', which is inactive and so has none."),
            _ => default,
        };
        if (message is not null)
        {
            Report(code, severity, reference, parent, member, message);
        }
        else if (scope.Find(name) is { } target)
        {
            CheckCase(target.Name, name, "activity", reference, parent, member);
            OutputRules.Check(reference, target, types.ShapeOf(target), parent, member, report);
        }
    }

    // Names are the same whatever their case, here and there; a search for a name in files finds only one of the two.
    private void CheckCase(string declared, string name, string kind, ExpressionReference reference, JsonObject parent, string member)
    {
        if (declared != name)
        {
            report.AddAt(
                ErrorCode.CaseDiffers,
                DiagnosticSeverity.Information,
                ExpressionRules.PathOf(parent, member, reference.JsonPath),
                $"The {kind} is called '{declared}'; here it is written '{name}'.",
                declared);
        }
    }

    private void CheckName(
        ExpressionReference reference,
        string name,
        IEnumerable<string> declared,
        ErrorCode code,
        string kind,
        JsonObject parent,
        string member)
    {
        if (declared.FirstOrDefault(candidate => string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            CheckCase(found, name, kind, reference, parent, member);
        }
        else
        {
            Report(
                code,
                reference.IsGuarded ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
                reference,
                parent,
                member,
                $"The pipeline '{pipeline.Name}' declares no {kind} '{name}'.{NearestName.Hint(name, declared)}");
        }
    }

    private void CheckSelf(ExpressionReference reference, string name, JsonObject parent, string member)
    {
        if (place.Is("SetVariable") && string.Equals(place.Activity.TypeProperties.TextMember("variableName"), name, StringComparison.OrdinalIgnoreCase))
        {
            Report(
                ErrorCode.VariableReadsItself,
                DiagnosticSeverity.Error,
                reference,
                parent,
                member,
                $"SetVariable '{place.Activity.Name}' reads the variable '{name}' that it sets, and fails when it runs, as in "
                + "Data Factory. Compute the value in a second variable.");
        }
    }

    private bool HasItem(string member) =>
        (place.Is("Filter") && IsMember(member, "condition")) || place.Containers.Any(container => container.Is("ForEach"));

    private static bool IsMember(string member, string name) => string.Equals(member, name, StringComparison.OrdinalIgnoreCase);

    private void Report(
        ErrorCode code,
        DiagnosticSeverity severity,
        ExpressionReference reference,
        JsonObject parent,
        string member,
        string message) =>
        ExpressionRules.Report(code, severity, parent, member, reference.JsonPath, message, report);
}
