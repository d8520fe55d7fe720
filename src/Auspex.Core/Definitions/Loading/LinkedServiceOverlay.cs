using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Lays the overlay's linked services over those of the factory.</summary>
internal static class LinkedServiceOverlay
{
    public static ImmutableDictionary<string, LinkedServiceDefinition> Apply(
        ImmutableDictionary<string, LinkedServiceDefinition> defined,
        OverlayDefinition overlay,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        // A near miss is worth a word only where the name that was meant is not replaced as well.
        var known = defined.Keys.Where(name => !overlay.LinkedServices.ContainsKey(name)).ToArray();
        foreach (var (name, replacement) in overlay.LinkedServices.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            defined = defined.TryGetValue(name, out var below)
                ? defined.SetItem(name, Replace(below, replacement))
                : defined.Add(name, Create(name, replacement, overlay, known, diagnostics));
        }

        return defined;
    }

    /// <summary>
    /// One replacement laid over another: of the same type the properties are merged member by member; another type
    /// replaces them, since the properties of one connector mean nothing to the next.
    /// </summary>
    public static JsonObject Merge(JsonObject below, JsonObject above)
    {
        var merged = below.DeepClone().AsObject();
        var keeps = above.TextMember("type") is not { } type
            || below.TextMember("type") is null
            || string.Equals(type, below.TextMember("type"), StringComparison.OrdinalIgnoreCase);
        foreach (var (name, value) in above)
        {
            var member = merged.MemberName(name) ?? name;
            merged[member] = keeps && value is JsonObject properties && merged[member] is JsonObject lower
                && string.Equals(name, "typeProperties", StringComparison.OrdinalIgnoreCase)
                ? MergeMembers(lower, properties)
                : value?.DeepClone();
        }

        if (!keeps && above.MemberName("typeProperties") is null && merged.MemberName("typeProperties") is { } stale)
        {
            merged.Remove(stale);
        }

        return merged;
    }

    private static LinkedServiceDefinition Replace(LinkedServiceDefinition below, JsonObject replacement)
    {
        var merged = Merge(
            new JsonObject { ["type"] = below.Type, ["typeProperties"] = below.TypeProperties.DeepClone() },
            replacement);
        return below with
        {
            Type = merged.TextMember("type") ?? below.Type,
            TypeProperties = Take(merged, "typeProperties"),
            ConnectVia = replacement.TryMember("connectVia", out var connectVia)
                ? ReferenceLoader.Load(connectVia)?.ReferenceName
                : below.ConnectVia,
        };
    }

    private static LinkedServiceDefinition Create(
        string name,
        JsonObject replacement,
        OverlayDefinition overlay,
        string[] known,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var path = JsonPath.Member("$.linkedServices", name);
        var origin = (overlay.OriginOf(path) ?? new DefinitionOrigin(null)) with { Path = path };
        if (NearestName.Find(name, known) is { } nearest)
        {
            diagnostics.Add(origin.Diagnose(
                ErrorCode.OverlayCreatesLinkedService,
                DiagnosticSeverity.Information,
                $"The factory has no linked service '{name}', so the overlay adds one. If it should replace "
                + $"'{nearest}', write that name.",
                JsonPath.Root));
        }

        var source = replacement.DeepClone().AsObject();
        if (source.TextMember("type") is null)
        {
            diagnostics.Add(origin.Diagnose(
                ErrorCode.InvalidOverlay,
                DiagnosticSeverity.Error,
                $"The overlay adds the linked service '{name}' without a 'type'. Add one such as \"FileServer\", "
                + "or name a linked service "
                + $"of the factory.{NearestName.Hint(name, known)}",
                JsonPath.Root));
        }

        return new LinkedServiceDefinition
        {
            Name = name,
            Type = source.TextMember("type") ?? string.Empty,
            TypeProperties = source.ObjectMember("typeProperties") ?? [],
            ConnectVia = ReferenceLoader.Load(source.Member("connectVia"))?.ReferenceName,
            Source = source,
            Origin = origin,
        };
    }

    private static JsonObject MergeMembers(JsonObject below, JsonObject above)
    {
        var merged = below.DeepClone().AsObject();
        foreach (var (name, value) in above)
        {
            merged[merged.MemberName(name) ?? name] = value?.DeepClone();
        }

        return merged;
    }

    private static JsonObject Take(JsonObject parent, string member)
    {
        var value = parent.ObjectMember(member);
        return value is null ? [] : value.DeepClone().AsObject();
    }
}
