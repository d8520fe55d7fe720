using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Types of declared parameters and variables.</summary>
internal static class DeclarationRules
{
    private static readonly FrozenSet<string> ParameterTypes = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "String", "Int", "Integer", "Float", "Double", "Number", "Bool", "Boolean", "Array", "Object",
        "SecureString", "SecureObject");

    private static readonly FrozenSet<string> VariableTypes = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "String", "Bool", "Boolean", "Array", "Int", "Integer", "Float", "Object");

    public static void CheckParameters(
        JsonObject source,
        IReadOnlyList<ParameterDefinition> declared,
        DefinitionReport report)
    {
        foreach (var parameter in declared)
        {
            Check(source, "parameters", "parameter", parameter.Name, parameter.Type, ParameterTypes, report);
        }
    }

    public static void CheckVariables(PipelineDefinition pipeline, DefinitionReport report)
    {
        foreach (var variable in pipeline.Variables)
        {
            Check(pipeline.Source, "variables", "variable", variable.Name, variable.Type, VariableTypes, report);
        }
    }

    private static void Check(
        JsonObject source,
        string member,
        string kind,
        string name,
        string type,
        FrozenSet<string> known,
        DefinitionReport report)
    {
        if (!known.Contains(type) && !ArmText.IsExpression(type))
        {
            var declarations = (source.ObjectMember("properties") ?? source).ObjectMember(member);
            report.Add(
                ErrorCode.UnknownValue,
                DiagnosticSeverity.Warning,
                declarations ?? source,
                name,
                $"The {kind} '{name}' is declared with the type '{type}', which does not exist; its values are "
                + "taken as they are."
                + NearestName.Hint(type, known));
        }
    }
}
