using Auspex.Connectors.Formats.Arrow;
using Auspex.Connectors.Tables;
using ParquetSharp;
using ParquetSharp.Schema;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>Parquet's types as ours.</summary>
internal static class ParquetFields
{
    /// <summary>Reads a top-level column of a file's schema.</summary>
    /// <param name="name">Its name, unique in the file.</param>
    /// <param name="node">Its node.</param>
    /// <param name="arrow">What the writer noted of it as an Arrow column; null when it noted nothing.</param>
    public static FileColumn Read(string name, Node node, ArrowField? arrow)
    {
        using var logical = node.LogicalType;
        if (node is not PrimitiveNode leaf)
        {
            return new FileColumn(name, null, logical.Type switch
            {
                LogicalTypeEnum.List => "lists",
                LogicalTypeEnum.Map => "maps",
                LogicalTypeEnum.Variant => "variants",
                _ => "structures",
            });
        }

        if (leaf.Repetition == Repetition.Repeated)
        {
            return new FileColumn(name, null, "lists");
        }

        if (WhyUnreadable(leaf, logical) is { } reason)
        {
            return new FileColumn(name, null, reason);
        }

        var field = new TableField
        {
            Name = name,
            Type = TypeOf(leaf, logical, arrow),
            IsNullable = leaf.Repetition == Repetition.Optional,
        };
        if (arrow is null)
        {
            return new FileColumn(name, field, null);
        }

        if (field.Type == ColumnType.String && ArrowTypes.NotedLevels(arrow.Metadata) is { } levels)
        {
            field = field with { Categories = new CategoryDomain(levels, arrow.Dictionary?.IsOrdered == true) };
        }

        return new FileColumn(name, ArrowTypes.WithNotes(field, arrow.Metadata), null);
    }

    /// <summary>What a column of numbers counts if it was a column of durations when an Arrow library wrote it; null for any other.</summary>
    public static long? DurationsPerSecond(ArrowField? arrow) =>
        arrow is { Type: { Kind: ArrowKind.Duration, Unit: >= ArrowUnit.Second and <= ArrowUnit.Nanosecond } }
            ? ArrowTypes.PerSecond(arrow.Type.Unit)
            : null;

    private static string? WhyUnreadable(PrimitiveNode leaf, LogicalType logical) => (leaf.PhysicalType, logical.Type) switch
    {
        (_, LogicalTypeEnum.Interval) => "calendar intervals",
        (_, LogicalTypeEnum.Bson) => "BSON documents",
        (_, LogicalTypeEnum.Geometry or LogicalTypeEnum.Geography) => "geometries",
        (_, LogicalTypeEnum.Variant) => "variants",
        (PhysicalType.FixedLenByteArray, LogicalTypeEnum.Decimal or LogicalTypeEnum.Uuid or LogicalTypeEnum.Float16) => null,
        (PhysicalType.FixedLenByteArray, _) => "binary values",
        (PhysicalType.Undefined, _) => "values of an unknown type",
        _ => null,
    };

    private static ColumnType TypeOf(PrimitiveNode leaf, LogicalType logical, ArrowField? arrow) => (leaf.PhysicalType, logical) switch
    {
        (_, DecimalLogicalType) => ColumnType.Double,
        (_, DateLogicalType or TimestampLogicalType) or (PhysicalType.Int96, _) => ColumnType.DateTime,
        (_, TimeLogicalType) => ColumnType.TimeSpan,
        (PhysicalType.Boolean, _) => ColumnType.Boolean,
        (PhysicalType.Int32, IntLogicalType { BitWidth: 32, IsSigned: false }) => ColumnType.Int64,
        (PhysicalType.Int32, _) => ColumnType.Int32,
        (PhysicalType.Int64, _) => DurationsPerSecond(arrow) is null ? ColumnType.Int64 : ColumnType.TimeSpan,
        (PhysicalType.Float or PhysicalType.Double, _) => ColumnType.Double,
        (PhysicalType.FixedLenByteArray, _) when logical.Type == LogicalTypeEnum.Float16 => ColumnType.Double,
        _ => ColumnType.String,
    };
}
