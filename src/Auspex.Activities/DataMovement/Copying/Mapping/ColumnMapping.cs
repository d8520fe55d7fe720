using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement.Reading;
using Auspex.Connectors.Tables;
using Auspex.Definitions;

namespace Auspex.Activities.DataMovement.Copying.Mapping;

/// <summary>One side of a mapping: a name, a position from 1, or a path.</summary>
internal sealed record MappingEnd(string? Name, int? Ordinal, JsonPath? Path, ColumnType? Type, string? Format)
{
    /// <summary>What to call the column.</summary>
    public string? Label => Name ?? Path?.Names?[^1];
}

/// <summary>A column, and where it goes.</summary>
internal sealed record MappingEntry(MappingEnd Source, MappingEnd Sink);

/// <summary>Which columns go where: a <c>TabularTranslator</c> in any of its forms; columns of the same name without one.</summary>
internal sealed class ColumnMapping
{
    private ColumnMapping(List<MappingEntry> entries, JsonPath? collection, ConversionSettings conversion) =>
        (Entries, Collection, Conversion) = (entries, collection, conversion);

    /// <summary>The mapped columns; empty maps by name.</summary>
    public IReadOnlyList<MappingEntry> Entries { get; }

    /// <summary>The array in each document whose elements are rows; null for the documents themselves.</summary>
    public JsonPath? Collection { get; }

    /// <summary>How values change their types.</summary>
    public ConversionSettings Conversion { get; }

    /// <summary>Reads <c>translator</c>, and what stood beside it in earlier days.</summary>
    public static ColumnMapping Read(PropertyReader properties)
    {
        // Often it comes out of a lookup, as the text of its JSON.
        var translator = properties.Json.Member("translator") is JsonValue text && text.AsText() is { Length: > 0 } json
            ? new PropertyReader(ParseObject(json, properties), properties.At("translator"), properties.Activity)
            : properties.Json.Member("translator") is JsonValue
                ? new PropertyReader([], properties.At("translator"), properties.Activity)
                : properties.Object("translator");
        if (translator.Type.Length > 0 && !translator.Type.Equals("TabularTranslator", StringComparison.OrdinalIgnoreCase))
        {
            throw translator.Wrong("type", "TabularTranslator");
        }

        var entries = translator.Array("mappings").Select((node, position) => Entry(translator, node, position))
            .Concat(OldMappings(translator, "columnMappings"))
            .Concat(OldMappings(translator, "schemaMapping"))
            .ToList();
        return new ColumnMapping(entries, DocumentReader.Collection(translator), ConversionSettings.Read(translator));
    }

    private static MappingEntry Entry(PropertyReader translator, JsonNode? node, int position)
    {
        var where = $"{translator.At("mappings")}[{position}]";
        var entry = node as JsonObject
            ?? throw ActivityFailures.Wrong(translator.Activity, where, "no object", "{\"source\": {...}, \"sink\": {...}}");
        return new MappingEntry(End(translator, entry, where, "source"), End(translator, entry, where, "sink"));
    }

    private static MappingEnd End(PropertyReader translator, JsonObject entry, string where, string side)
    {
        var end = new PropertyReader(
            entry.ObjectMember(side) ?? throw ActivityFailures.Missing(translator.Activity, $"{where}.{side}"), $"{where}.{side}", translator.Activity);
        var path = end.Text("path");
        var type = end.Text("type");
        var result = new MappingEnd(
            end.Text("name"),
            (int?)end.Integer("ordinal", 1, 100_000),
            path is null ? null : JsonPath.Parse(path, translator.Activity, end.At("path")),
            type is null ? null : InterimTypes.Parse(type),
            end.Text("format"));
        return result is { Name: null, Ordinal: null, Path: null } ? throw end.Missing("name") : result;
    }

    private static IEnumerable<MappingEntry> OldMappings(PropertyReader translator, string member)
    {
        IEnumerable<(string From, string To)> pairs = translator.Json.Member(member) switch
        {
            null => [],
            JsonObject json => json.Select(pair => (pair.Key, pair.Value.AsText() ?? "")),
            JsonValue text => (text.AsText() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split(':', 2))
                .Select(pair => (pair[0].Trim(), pair.Length > 1 ? pair[1].Trim() : throw translator.Wrong(member, "A: B, C: D"))),
            _ => throw translator.Wrong(member, "an object, or text such as A: B, C: D"),
        };
        foreach (var (from, to) in pairs)
        {
            // Both directions are found: where only one side is a path, that is the document's.
            var (source, sink) = member == "schemaMapping" && to.StartsWith('$') && !from.StartsWith('$') ? (to, from) : (from, to);
            yield return new MappingEntry(OldEnd(translator, member, source), OldEnd(translator, member, sink));
        }
    }

    private static MappingEnd OldEnd(PropertyReader translator, string member, string text) => text.StartsWith('$')
        ? new MappingEnd(null, null, JsonPath.Parse(text, translator.Activity, translator.At(member)), null, null)
        : new MappingEnd(text, null, null, null, null);

    private static JsonObject ParseObject(string json, PropertyReader properties)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject ?? throw properties.Wrong("translator", "an object");
        }
        catch (JsonException)
        {
            throw properties.Wrong("translator", "a TabularTranslator, or its JSON as text");
        }
    }
}
