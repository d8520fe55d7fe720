using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Arguments against the parameters that the target declares.</summary>
internal static class ArgumentRules
{
    /// <summary>Arguments of a linked service or dataset reference; one that is missing fails the activity.</summary>
    public static void Check(
        string target,
        JsonObject source,
        IReadOnlyList<ParameterDefinition> declared,
        JsonObject reference,
        DefinitionReport report)
    {
        var arguments = reference.ObjectMember("parameters");
        if (ArmText.IsExpression(reference.Member("parameters")) || HasOpenParameters(source))
        {
            return;
        }

        CheckUnknown(target, declared, arguments, report);
        foreach (var parameter in declared)
        {
            if (!parameter.HasDefault && arguments?.MemberName(parameter.Name) is null)
            {
                report.Error(
                    ErrorCode.MissingArgument,
                    reference,
                    $"The {target} needs a value for its parameter '{parameter.Name}', which has no default; this "
                    + "reference gives none.");
            }
        }
    }

    /// <summary>Arguments of a pipeline; one that is missing reads as null there, as many pipelines expect.</summary>
    public static void CheckPipeline(
        PipelineDefinition pipeline,
        JsonObject? arguments,
        JsonObject caller,
        DefinitionReport report)
    {
        if (HasOpenParameters(pipeline.Source))
        {
            return;
        }

        CheckUnknown($"pipeline '{pipeline.Name}'", pipeline.Parameters, arguments, report);
        foreach (var parameter in pipeline.Parameters)
        {
            if (!parameter.HasDefault && arguments?.MemberName(parameter.Name) is null)
            {
                report.Warning(
                    ErrorCode.MissingArgument,
                    caller,
                    $"The pipeline '{pipeline.Name}' gets no value for its parameter '{parameter.Name}', which "
                    + "has no default; it reads as null there.");
            }
        }
    }

    /// <summary>Whether the declarations are a template's parameter without a value, so that nobody knows them.</summary>
    public static bool HasOpenParameters(JsonObject source) =>
        ArmText.IsExpression((source.ObjectMember("properties") ?? source).Member("parameters"));

    private static void CheckUnknown(
        string target,
        IReadOnlyList<ParameterDefinition> declared,
        JsonObject? arguments,
        DefinitionReport report)
    {
        foreach (var (name, _) in arguments ?? [])
        {
            if (!declared.Any(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                report.Add(
                    ErrorCode.UnknownArgument,
                    DiagnosticSeverity.Warning,
                    arguments!,
                    name,
                    $"The {target} declares no parameter '{name}', so nothing reads this value."
                    + NearestName.Hint(name, declared.Select(parameter => parameter.Name)));
            }
        }
    }
}
