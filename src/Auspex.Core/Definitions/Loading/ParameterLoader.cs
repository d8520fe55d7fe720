using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads declared parameters and variables: an object by name or, as one official article has it, an array of such objects.</summary>
internal static class ParameterLoader
{
    public static ImmutableArray<ParameterDefinition> LoadParameters(JsonObject body, DefinitionReport report)
    {
        var loaded = ImmutableArray.CreateBuilder<ParameterDefinition>();
        foreach (var (name, declaration) in Declarations(body, "parameters", report))
        {
            var json = declaration as JsonObject;
            var value = default(JsonNode);
            var hasDefault = json is not null && json.TryMember("defaultValue", out value);
            loaded.Add(new ParameterDefinition(name, TypeOf(declaration) ?? "String", hasDefault, value));
        }

        return loaded.ToImmutable();
    }

    public static ImmutableArray<VariableDefinition> LoadVariables(JsonObject body, DefinitionReport report)
    {
        var loaded = ImmutableArray.CreateBuilder<VariableDefinition>();
        foreach (var (name, declaration) in Declarations(body, "variables", report))
        {
            var value = (declaration as JsonObject)?.Member("defaultValue");
            loaded.Add(new VariableDefinition(name, TypeOf(declaration) ?? "String", value));
        }

        return loaded.ToImmutable();
    }

    private static string? TypeOf(JsonNode? declaration) => declaration is JsonObject json ? json.TextMember("type") : declaration.AsText();

    private static IEnumerable<(string Name, JsonNode? Declaration)> Declarations(
        JsonObject body,
        string member,
        DefinitionReport report)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var declared in Groups(body, member, report))
        {
            foreach (var (name, declaration) in declared)
            {
                if (!seen.Add(name))
                {
                    report.Add(
                        ErrorCode.DuplicateDeclaration,
                        DiagnosticSeverity.Error,
                        declared,
                        name,
                        $"'{name}' is declared twice in '{member}' (names are compared ignoring case); the first "
                        + "one counts. Rename or remove one.");
                    continue;
                }

                if (declaration is not JsonObject)
                {
                    report.WrongType(declared, name, "a declaration such as {\"type\": \"String\"}");
                }

                yield return (name, declaration);
            }
        }
    }

    private static IEnumerable<JsonObject> Groups(JsonObject body, string member, DefinitionReport report)
    {
        switch (body.Member(member))
        {
            case null:
            case var open when ArmText.IsExpression(open):
                return [];
            case JsonObject single:
                return [single];
            case JsonArray several:
                return several.OfType<JsonObject>();
            default:
                report.WrongType(body, member, "an object of declarations by name");
                return [];
        }
    }
}
