using System.Collections.Frozen;
using Auspex.Activities.LinkedServices;

namespace Auspex.Activities.Datasets;

/// <summary>What the data of a dataset looks like to activities.</summary>
internal enum DataShape
{
    /// <summary>Files of delimited text.</summary>
    DelimitedText,

    /// <summary>Files of JSON documents.</summary>
    Json,

    /// <summary>Parquet files.</summary>
    Parquet,

    /// <summary>Files whose content nobody looks at.</summary>
    Binary,

    /// <summary>A table of a database.</summary>
    Table,

    /// <summary>Answers of a REST service.</summary>
    Rest,
}

/// <summary>Which dataset types can be used, and which stores hold them.</summary>
internal static class DatasetTypes
{
    private static readonly FrozenDictionary<string, DataShape> Files = new Dictionary<string, DataShape>
    {
        ["DelimitedText"] = DataShape.DelimitedText,
        ["Json"] = DataShape.Json,
        ["Parquet"] = DataShape.Parquet,
        ["Binary"] = DataShape.Binary,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Dataset types that can be used, today's and the old ones that are read as those.</summary>
    public static IReadOnlyList<string> Supported { get; } =
    [
        .. Files.Keys.Concat(LegacyDatasets.Types).Append("RestResource").Append("*Table").Order(StringComparer.Ordinal),
    ];

    /// <summary>The shape of a dataset's data.</summary>
    /// <exception cref="Engine.Dispatch.ActivityException">Nothing here can read or write it.</exception>
    public static DataShape ShapeOf(string name, string type, ResolvedLinkedService store)
    {
        if (Files.TryGetValue(type, out var shape))
        {
            return shape;
        }

        if (type.Equals("RestResource", StringComparison.OrdinalIgnoreCase))
        {
            return DataShape.Rest;
        }

        if (type.EndsWith("Table", StringComparison.OrdinalIgnoreCase))
        {
            return SqlStores.IsSupported(store.Type)
                ? DataShape.Table
                : throw ActivityFailures.Unsupported(
                    $"The linked service type '{store.Type}' of '{store.Name}' is not supported for dataset '{name}' ({type}); supported for "
                    + $"tables are {string.Join(", ", SqlStores.Types)}. Lay one of them over '{store.Name}' in auspex.json.");
        }

        throw ActivityFailures.Unsupported(
            $"The dataset type '{type}' of '{name}' is not supported; supported are {string.Join(", ", Supported)}.");
    }
}
