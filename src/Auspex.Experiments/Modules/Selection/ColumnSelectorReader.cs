using System.Collections.Immutable;
using System.Text.Json;

namespace Auspex.Experiments.Modules.Selection;

/// <summary>Reads the JSON forms of a column selector and tells them from the plain one.</summary>
internal static class ColumnSelectorReader
{
    public static ColumnSelector Read(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith("%7B", StringComparison.OrdinalIgnoreCase)
            || trimmed.StartsWith("%5B", StringComparison.OrdinalIgnoreCase))
        {
            trimmed = Uri.UnescapeDataString(trimmed).Trim();
        }

        if (trimmed.StartsWith("{\\", StringComparison.Ordinal) || trimmed.StartsWith("[\\", StringComparison.Ordinal)
            || trimmed.StartsWith("[{\\", StringComparison.Ordinal))
        {
            trimmed = trimmed.Replace("\\\"", "\"", StringComparison.Ordinal);
        }

        return trimmed.StartsWith('{') || trimmed.StartsWith('[')
            ? ReadJson(trimmed)
            : PlainColumnList.Read(trimmed);
    }

    private static ColumnSelector ReadJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Array
                ? new ColumnSelector(ReadRules(root))
                : new ColumnSelector(
                    ReadRules(Member(root, "rules") ?? throw Malformed("it has no member 'rules'")),
                    Member(root, "KeepInputDataOrder")?.ValueKind == JsonValueKind.True);
        }
        catch (JsonException exception)
        {
            throw new ModuleException(2, $"The column selector is not JSON: {exception.Message}", exception);
        }
    }

    private static ImmutableArray<ColumnRule> ReadRules(JsonElement rules) =>
        rules.ValueKind == JsonValueKind.Array
            ? [.. rules.EnumerateArray().Select(ReadRule)]
            : throw Malformed($"its rules are a {rules.ValueKind}, expected an array");

    private static ColumnRule ReadRule(JsonElement rule)
    {
        if (rule.ValueKind == JsonValueKind.String)
        {
            var text = rule.GetString()!;
            return new NameOrWordRule(text, PlainColumnList.WordRule(text), Exclude: false);
        }

        if (rule.ValueKind != JsonValueKind.Object)
        {
            throw Malformed($"a rule is a {rule.ValueKind}, expected an object or a name");
        }

        var exclude = Member(rule, "exclude") is { } flag
            && (flag.ValueKind == JsonValueKind.True
                || (flag.ValueKind == JsonValueKind.String && bool.TryParse(flag.GetString(), out var isTrue) && isTrue));
        var columns = Member(rule, "columns");
        return Member(rule, "ruleType")?.GetString() switch
        {
            null => ReadSdkRule(rule, exclude),
            "AllColumns" => new AllColumnsRule(exclude),
            "ColumnNames" => new ColumnNamesRule(Texts(columns), exclude),
            "ColumnIndexes" or "ColumnIndices" => new ColumnIndexesRule(Texts(columns), exclude),
            "ColumnTypes" => TypesRule(Member(rule, "columnTypes"), Member(rule, "columnKinds"), exclude),
            { } other => throw Malformed(
                $"a rule's type is '{other}', expected AllColumns, ColumnNames, ColumnIndexes or ColumnTypes"),
        };
    }

    private static ColumnRule ReadSdkRule(JsonElement rule, bool exclude)
    {
        if (Member(rule, "ColumnNames") is { } names)
        {
            return new ColumnNamesRule(Texts(names), exclude);
        }

        if ((Member(rule, "ColumnIndices") ?? Member(rule, "ColumnIndexes")) is { } indexes)
        {
            return new ColumnIndexesRule(Texts(indexes), exclude);
        }

        var types = Member(rule, "ColumnTypes");
        var kinds = Member(rule, "ColumnKinds");
        return types is not null || kinds is not null
            ? TypesRule(types, kinds, exclude)
            : Member(rule, "AllColumns") is not null
                ? new AllColumnsRule(exclude)
                : throw Malformed("a rule has none of the members ColumnNames, ColumnIndices, ColumnTypes, ColumnKinds");
    }

    private static ColumnTypesRule TypesRule(JsonElement? types, JsonElement? kinds, bool exclude) => new(
        Known(Texts(types), ColumnTypesRule.KnownTypes, "column type"),
        Known(Texts(kinds), ColumnTypesRule.KnownKinds, "column kind"),
        exclude);

    private static ImmutableArray<string> Known(ImmutableArray<string> texts, ImmutableArray<string> known, string what) =>
    [
        .. texts.Select(text =>
            known.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw Malformed($"'{text}' is no {what}, expected one of {string.Join(", ", known)}")),
    ];

    private static ImmutableArray<string> Texts(JsonElement? values) => values switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray().Select(Text)],
        { } single => [Text(single)],
    };

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw Malformed($"a listed value is a {value.ValueKind}, expected text"),
    };

    private static JsonElement? Member(JsonElement json, string name)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return null;
    }

    private static ModuleException Malformed(string why) => new(2, $"The column selector cannot be read: {why}.");
}
