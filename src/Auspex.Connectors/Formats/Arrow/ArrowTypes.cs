using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>Arrow's types and ours.</summary>
internal static class ArrowTypes
{
    public const string TooLargeUnsigned = "found an unsigned number above 9223372036854775807; expected one that fits 64 signed bits";
    public const string OutsideYears = "found a date outside the years 1 to 9999; expected one inside";
    public const string TooLongDuration = "found a duration above 29,000 years; expected a shorter one";

    private const string RoleKey = "auspex.role";
    private const string LevelTypeKey = "auspex.levelType";
    private const string LevelsKey = "auspex.levels";
    private const string ScoreTaskKey = "auspex.scoreTask";
    private const string ScoreKindKey = "auspex.scoreKind";
    private const int MostLevelBytes = 4 << 20;

    /// <summary>Units in a second.</summary>
    /// <exception cref="InvalidDataException">The unit is none.</exception>
    public static long PerSecond(ArrowUnit unit) => unit switch
    {
        ArrowUnit.Second => 1,
        ArrowUnit.Millisecond => 1_000,
        ArrowUnit.Microsecond => 1_000_000,
        ArrowUnit.Nanosecond => 1_000_000_000,
        _ => throw new InvalidDataException("a time has an unknown unit"),
    };

    /// <summary>Why a column cannot be read; null when it can.</summary>
    public static string? WhyUnreadable(ArrowField field)
    {
        if (field.Dictionary is { Index: var index } && index is not { Kind: ArrowKind.Int, Bits: 8 or 16 or 32 or 64 })
        {
            return "a dictionary with codes of an unknown width";
        }

        return field.Type switch
        {
            { Kind: ArrowKind.Null or ArrowKind.Bool or ArrowKind.Utf8 or ArrowKind.LargeUtf8 or ArrowKind.Utf8View } => null,
            { Kind: ArrowKind.Date, Unit: ArrowUnit.Second or ArrowUnit.Millisecond } => null,
            { Kind: ArrowKind.Int, Bits: 8 or 16 or 32 or 64 } => null,
            { Kind: ArrowKind.FloatingPoint } => null,
            { Kind: ArrowKind.Decimal, Bits: 32 or 64 or 128 or 256, Scale: >= -1000 and <= 1000 } => null,
            { Kind: ArrowKind.Timestamp or ArrowKind.Duration, Unit: >= ArrowUnit.Second and <= ArrowUnit.Nanosecond } => null,
            { Kind: ArrowKind.Time, Bits: 32 or 64, Unit: >= ArrowUnit.Second and <= ArrowUnit.Nanosecond } => null,
            { Kind: ArrowKind.Binary or ArrowKind.LargeBinary or ArrowKind.BinaryView or ArrowKind.FixedSizeBinary } => "binary values",
            { Kind: ArrowKind.Interval } => "calendar intervals",
            { Kind: ArrowKind.RunEndEncoded } => "run-end encoded values",
            { Kind: ArrowKind.List or ArrowKind.LargeList or ArrowKind.FixedSizeList or ArrowKind.ListView or ArrowKind.LargeListView } => "lists",
            { Kind: ArrowKind.Struct } => "structures",
            { Kind: ArrowKind.Map } => "maps",
            { Kind: ArrowKind.Union } => "unions",
            _ => "values of an unknown type",
        };
    }

    /// <summary>The field of ours for a readable column.</summary>
    /// <param name="field">The column.</param>
    /// <param name="levels">The levels of a dictionary of texts; null when there is none.</param>
    public static TableField ToField(ArrowField field, ImmutableArray<string>? levels)
    {
        var type = TypeOf(field.Type);
        return WithNotes(
            new TableField
            {
                Name = field.Name,
                Type = type,
                IsNullable = field.IsNullable,
                Categories = field.Dictionary is { } dictionary && type == ColumnType.String && levels is { } found
                    ? new CategoryDomain(found, dictionary.IsOrdered)
                    : null,
            },
            field.Metadata);
    }

    /// <summary>A field with the role, score kind and level type that this program noted when it wrote the file.</summary>
    public static TableField WithNotes(TableField field, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.TryGetValue(RoleKey, out var role) && Enum.TryParse<ColumnRole>(role, out var known) && Enum.IsDefined(known))
        {
            field = field with { Role = known };
        }

        if (metadata.TryGetValue(ScoreTaskKey, out var task) && metadata.TryGetValue(ScoreKindKey, out var kind))
        {
            field = field with { Score = new ScoreKind(task, kind) };
        }

        return field.Categories is { } domain
            && metadata.TryGetValue(LevelTypeKey, out var levelType)
            && Enum.TryParse<ColumnType>(levelType, out var type)
            && Enum.IsDefined(type)
            && AllParse(domain.Levels, type)
                ? field with { Type = type }
                : field;
    }

    /// <summary>The levels noted for a column of a format that has no dictionaries of its own; null when there are none.</summary>
    public static ImmutableArray<string>? NotedLevels(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(LevelsKey, out var text) || text.Length > MostLevelBytes)
        {
            return null;
        }

        try
        {
            var levels = JsonSerializer.Deserialize(text, LevelJson.Default.StringArray);
            return levels is null || levels.Contains(null) || levels.Distinct(StringComparer.Ordinal).Count() != levels.Length
                ? null
                : [.. levels];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The notes of a field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="withLevels">Whether the levels belong to them, since the format has no dictionaries that are known beforehand.</param>
    public static IEnumerable<KeyValuePair<string, string>> Notes(TableField field, bool withLevels)
    {
        if (field.Role != ColumnRole.Feature)
        {
            yield return new(RoleKey, field.Role.ToString());
        }

        if (field.Score is { } score)
        {
            yield return new(ScoreTaskKey, score.Task);
            yield return new(ScoreKindKey, score.Kind);
        }

        if (field.Categories is { } domain)
        {
            if (field.Type != ColumnType.String)
            {
                yield return new(LevelTypeKey, field.Type.ToString());
            }

            if (withLevels && domain.Levels.Sum(level => level.Length + 4L) < MostLevelBytes)
            {
                yield return new(LevelsKey, JsonSerializer.Serialize([.. domain.Levels], LevelJson.Default.StringArray));
            }
        }
    }

    /// <summary>The type that a field is written as.</summary>
    public static ArrowType ToArrow(TableField field, ArrowUnit unit) => field.IsCategorical
        ? new ArrowType(ArrowKind.Utf8)
        : field.Type switch
        {
            ColumnType.Boolean => new ArrowType(ArrowKind.Bool),
            ColumnType.Int32 => new ArrowType(ArrowKind.Int, 32),
            ColumnType.Int64 => new ArrowType(ArrowKind.Int, 64),
            ColumnType.Double => new ArrowType(ArrowKind.FloatingPoint, 64),
            ColumnType.DateTime => new ArrowType(ArrowKind.Timestamp, 64, Unit: unit),
            ColumnType.TimeSpan => new ArrowType(ArrowKind.Duration, 64, Unit: unit),
            _ => new ArrowType(ArrowKind.Utf8),
        };

    private static ColumnType TypeOf(ArrowType type) => type.Kind switch
    {
        ArrowKind.Bool => ColumnType.Boolean,
        ArrowKind.Int => type.Bits < 32 || type is { Bits: 32, IsSigned: true } ? ColumnType.Int32 : ColumnType.Int64,
        ArrowKind.FloatingPoint or ArrowKind.Decimal => ColumnType.Double,
        ArrowKind.Date or ArrowKind.Timestamp => ColumnType.DateTime,
        ArrowKind.Time or ArrowKind.Duration => ColumnType.TimeSpan,
        _ => ColumnType.String,
    };

    private static bool AllParse(ImmutableArray<string> levels, ColumnType type)
    {
        var builder = ColumnBuilder.For(type);
        return levels.All(level => builder.TryAppendText(System.Text.Encoding.UTF8.GetBytes(level)));
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class LevelJson : System.Text.Json.Serialization.JsonSerializerContext;
