using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Execution;

public static partial class TableFile
{
    /// <summary>The header's JSON; members are only ever added.</summary>
    internal sealed record Header(int Rows, ImmutableArray<FieldHeader> Fields);

    /// <summary>A column in the header.</summary>
    internal sealed record FieldHeader(
        string Name,
        ColumnType Type,
        bool Nullable,
        ColumnRole Role,
        ImmutableArray<string>? Levels,
        bool Ordered,
        string? ScoreTask,
        string? ScoreKind)
    {
        public static FieldHeader Of(TableField field) => new(
            field.Name,
            field.Type,
            field.IsNullable,
            field.Role,
            field.Categories?.Levels,
            field.Categories?.IsOrdered ?? false,
            field.Score?.Task,
            field.Score?.Kind);

        public TableField ToField() => new()
        {
            Name = Name,
            Type = Type,
            IsNullable = Nullable,
            Role = Role,
            Categories = Levels is { } levels ? new CategoryDomain(levels, Ordered) : null,
            Score = ScoreTask is not null && ScoreKind is not null ? new ScoreKind(ScoreTask, ScoreKind) : null,
        };
    }

    /// <summary>Serialization of headers; also of schemas inside web-service packages.</summary>
    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UseStringEnumConverter = true)]
    [JsonSerializable(typeof(Header))]
    internal sealed partial class HeaderJson : JsonSerializerContext;

    private static byte[] WriteHeader(TableBatch table) => JsonSerializer.SerializeToUtf8Bytes(
        new Header(table.RowCount, [.. table.Schema.Fields.Select(FieldHeader.Of)]), HeaderJson.Default.Header);

    private static (int Rows, TableSchema Schema) ReadHeader(ReadOnlySpan<byte> json)
    {
        try
        {
            var header = JsonSerializer.Deserialize(json, HeaderJson.Default.Header);
            if (header is null || header.Rows < 0 || header.Fields.IsDefault)
            {
                throw new TableFileException("The header of a stored table lacks its row count or its fields.");
            }

            return (header.Rows, new TableSchema([.. header.Fields.Select(field => field.ToField())]));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NullReferenceException)
        {
            throw new TableFileException("The header of a stored table is not what this release writes; the file is damaged.", exception);
        }
    }
}
