using Auspex.Connectors.Tables;

namespace Auspex.Library;

/// <summary>What the values of a column are.</summary>
public enum ColumnKind
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Integers of 64 bits.</summary>
    WholeNumber,

    /// <summary>Double precision.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A date and time without zone.</summary>
    Time,

    /// <summary>A duration.</summary>
    Duration,
}

/// <summary>From the kinds of tables to those of the library.</summary>
internal static class ColumnKinds
{
    public static ColumnKind Of(ColumnType type) => type switch
    {
        ColumnType.Boolean => ColumnKind.Boolean,
        ColumnType.Int32 or ColumnType.Int64 => ColumnKind.WholeNumber,
        ColumnType.Double => ColumnKind.Number,
        ColumnType.DateTime => ColumnKind.Time,
        ColumnType.TimeSpan => ColumnKind.Duration,
        _ => ColumnKind.Text,
    };
}
