using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>Finds the levels that a plain column's values make.</summary>
internal static class CategoryDomains
{
    /// <summary>
    /// The distinct values as levels: numbers and times ascending, texts in ordinal order. Booleans always make both levels,
    /// so that the levels do not depend on the rows.
    /// </summary>
    public static CategoryDomain Of(Column column) => column switch
    {
        CategoryColumn categories => categories.Domain,
        BooleanColumn => new CategoryDomain(["False", "True"]),
        StringColumn texts => new CategoryDomain([.. Count(texts).Keys.Order(StringComparer.Ordinal)]),
        DoubleColumn doubles => new CategoryDomain(Levels(doubles)),
        Column<long> whole => new CategoryDomain(Levels(whole)),
        _ => throw new ArgumentException($"Not a kind of column: {column.GetType().Name}.", nameof(column)),
    };

    /// <summary>The distinct texts with how often they occur.</summary>
    public static Dictionary<string, int> Count(StringColumn column)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var chars = new char[256];
        for (var row = 0; row < column.Length; row++)
        {
            if (!column.IsNull(row))
            {
                var bytes = column.Bytes(row);
                if (bytes.Length > chars.Length)
                {
                    chars = new char[bytes.Length * 2];
                }

                var length = System.Text.Encoding.UTF8.GetChars(bytes, chars);
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, chars.AsSpan(0, length), out _)++;
            }
        }

        return counts;
    }

    private static ImmutableArray<string> Levels<T>(Column<T> column)
        where T : unmanaged
    {
        var firstRows = new Dictionary<T, int>();
        for (var row = 0; row < column.Length; row++)
        {
            if (!column.IsNull(row))
            {
                firstRows.TryAdd(column.Values[row], row);
            }
        }

        // Equal numbers may differ in bits (0 and -0) and still have texts of their own.
        return
        [
            .. firstRows.OrderBy(entry => entry.Key)
                .Select(entry => ColumnText.Text(column, entry.Value, CellFormat.File)!)
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
