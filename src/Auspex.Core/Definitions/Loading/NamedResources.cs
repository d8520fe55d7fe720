using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>The resources of one kind by name, which must be unique ignoring case.</summary>
internal sealed class NamedResources<T>(string kind, ImmutableArray<Diagnostic>.Builder diagnostics)
    where T : class
{
    private readonly Dictionary<string, (T Resource, DefinitionOrigin Origin)> _byName = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string? name, T? resource, JsonObject source, DefinitionOrigin origin)
    {
        if (string.IsNullOrEmpty(name) || resource is null)
        {
            return;
        }

        if (_byName.TryGetValue(name, out var first))
        {
            var elsewhere = RootOf(first.Origin) != RootOf(origin);
            diagnostics.Add(origin.Diagnose(
                ErrorCode.DuplicateResource,
                elsewhere ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
                $"The {kind} '{name}' is defined twice (names are compared ignoring case), also in {first.Origin.File ?? "another place"}; "
                + (elsewhere ? "this one counts since its factory comes later." : "that one counts. Rename or remove one."),
                source.TryMember("name", out _) ? JsonPath.Member(JsonPath.Of(source), source.MemberName("name")!) : JsonPath.Of(source)));
            if (!elsewhere)
            {
                return;
            }
        }

        _byName[name] = (resource, origin);
    }

    public ImmutableDictionary<string, T> ToImmutable() =>
        _byName.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Resource, StringComparer.OrdinalIgnoreCase);

    private static string? RootOf(DefinitionOrigin origin) => origin.File is { } file ? FactoryLayout.Place(file).Root : null;
}
