using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Validation;
using Auspex.Errors;

namespace Auspex.Server.Api.Factories;

/// <summary>
/// What Azure checks when a definition is written: its shape, its names and that what it refers to is there. What only a run
/// finds is left to the run, and to <c>auspex validate</c>.
/// </summary>
internal static class DefinitionChecks
{
    private static readonly HashSet<ErrorCode> RefusedByService =
    [
        ErrorCode.DuplicateActivity, ErrorCode.UnknownDependency, ErrorCode.SelfDependency, ErrorCode.CyclicDependency,
        ErrorCode.DuplicateDeclaration, ErrorCode.RefusedNesting,
    ];

    /// <exception cref="ServiceErrorException">400: the definition is not one of this kind, or refers to what is not there.</exception>
    public static void CheckWrite(FactoryDefinition factory, ManagedKind kind, string name, JsonObject source)
    {
        CheckName(kind, name);
        if (source.Member("properties") is not JsonObject body)
        {
            throw FactoryErrors.BadRequest(
                $"The {kind.Label} '{name}' has no 'properties'; expected {{\"properties\": {{...}}}}.", "properties");
        }

        if (kind.HasType && string.IsNullOrWhiteSpace(body.TextMember("type")))
        {
            throw FactoryErrors.BadRequest($"The {kind.Label} '{name}' has no 'type' in its 'properties'.", "properties.type");
        }

        var alone = CheckShape(kind, name, source);
        CheckRules(kind, name, alone);
        CheckReferences(factory, kind, name, source);
    }

    /// <exception cref="ServiceErrorException">400: no such name is allowed.</exception>
    public static void CheckName(ManagedKind kind, string name)
    {
        if (!kind.Accepts(name))
        {
            throw new ServiceErrorException(
                400,
                "InvalidResourceName",
                $"'{ServiceErrors.Shorten(name)}' is no name for a {kind.Label}; expected {kind.NameRule}.",
                [])
            { Target = "name" };
        }
    }

    /// <exception cref="ServiceErrorException">400: others still refer to it.</exception>
    public static void CheckDelete(FactoryDefinition factory, ManagedKind kind, string name)
    {
        var users = factory.ListAll()
            .Where(other => !(other.Kind == kind.Folder && Same(other.Name, name)))
            .Where(other => ResourceReferences.Find(other.Source).Any(found => found.Kind == kind.Folder && Same(found.Name, name)))
            .Select(other => other.Name)
            .Order(StringComparer.OrdinalIgnoreCase)
            .ToArray();
        if (users.Length > 0)
        {
            throw FactoryErrors.StillReferenced(users, name);
        }
    }

    // Read as the file that it will be, so that nothing is written that would be read as something else.
    private static FactoryDefinition CheckShape(ManagedKind kind, string name, JsonObject source)
    {
        var file = new DefinitionFile($"{kind.Folder}/definition.json", Encoding.UTF8.GetBytes(source.ToJsonString()));
        var alone = FactoryDefinitionLoader.Load([file]);
        Refuse(kind, name, alone.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return alone.Find(kind.Folder, name) is null
            ? throw FactoryErrors.BadRequest($"The body does not describe a {kind.Label}.", "properties")
            : alone;
    }

    private static void CheckRules(ManagedKind kind, string name, FactoryDefinition alone)
    {
        if (kind == ManagedKind.Pipeline)
        {
            Refuse(kind, name, DefinitionValidator.Validate(alone).Where(
                diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && RefusedByService.Contains(diagnostic.Code)));
        }
    }

    private static void Refuse(ManagedKind kind, string name, IEnumerable<Diagnostic> found)
    {
        var details = found
            .Select(diagnostic => new ServiceErrorDetail(diagnostic.Code.Value, diagnostic.Message, diagnostic.JsonPath))
            .Take(100)
            .ToImmutableArray();
        if (details is [var first, ..])
        {
            throw FactoryErrors.InvalidDefinition($"The {kind.Label} '{name}' is invalid: {first.Message}", first.Target!, details);
        }
    }

    private static void CheckReferences(FactoryDefinition factory, ManagedKind kind, string name, JsonObject source)
    {
        var missing = ResourceReferences.Find(source)
            .Where(found => !(found.Kind == kind.Folder && Same(found.Name, name)) && !Exists(factory, found))
            .ToArray();
        if (missing is [var first, ..])
        {
            throw FactoryErrors.InvalidReference(
                first.Name,
                first.Path,
                [
                    .. missing.Take(100).Select(found => new ServiceErrorDetail(
                        "InvalidReference", $"There is no {found.Kind} '{found.Name}' in the factory.", found.Path)),
                ]);
        }
    }

    private static bool Exists(FactoryDefinition factory, FoundReference found) =>
        factory.Find(found.Kind, found.Name) is not null
        || (found.Kind == ManagedKind.IntegrationRuntime.Folder && Same(found.Name, IntegrationRuntimeEndpoints.Automatic));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
