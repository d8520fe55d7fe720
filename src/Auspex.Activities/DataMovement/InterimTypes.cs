using Auspex.Connectors.Tables;

namespace Auspex.Activities.DataMovement;

/// <summary>Data Factory's names of the types between source and sink.</summary>
internal static class InterimTypes
{
    /// <summary>The name of a column's type.</summary>
    public static string NameOf(ColumnType type) => type switch
    {
        ColumnType.DateTime => "DateTime",
        _ => type.ToString(),
    };

    /// <summary>The column type that a name means; null when it means none.</summary>
    public static ColumnType? Parse(string name) => name.Trim().ToUpperInvariant() switch
    {
        "BOOLEAN" or "BOOL" or "BIT" => ColumnType.Boolean,
        "BYTE" or "SBYTE" or "INT16" or "UINT16" or "INT32" or "INT" or "INTEGER" or "SMALLINT" or "TINYINT" => ColumnType.Int32,
        "INT64" or "UINT32" or "LONG" or "BIGINT" => ColumnType.Int64,
        "UINT64" or "SINGLE" or "DOUBLE" or "DECIMAL" or "FLOAT" or "REAL" or "NUMERIC" => ColumnType.Double,
        "DATETIME" or "DATETIMEOFFSET" or "DATE" or "TIMESTAMP" or "DATETIME2" => ColumnType.DateTime,
        "TIMESPAN" or "TIME" => ColumnType.TimeSpan,
        "STRING" or "GUID" or "BYTE[]" or "BYTEARRAY" or "BYTE ARRAY" or "VARCHAR" or "NVARCHAR" or "TEXT" => ColumnType.String,
        _ => null,
    };
}
