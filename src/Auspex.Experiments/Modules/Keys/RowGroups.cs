using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Keys;

/// <summary>Rows grouped by key: every row's group, numbered by first appearance. Missing values make a group of their own.</summary>
internal sealed class RowGroups
{
    public RowGroups(TableBatch table, params IReadOnlyList<int> columns)
    {
        var keys = new RowKeys(table, columns);
        var index = new RowIndex(keys);
        Of = new int[table.RowCount];
        for (var row = 0; row < Of.Length; row++)
        {
            var first = index.First(keys, row);
            if (first < 0)
            {
                index.Add(row);
                Of[row] = Count++;
            }
            else
            {
                Of[row] = Of[first];
            }
        }
    }

    /// <summary>The group of each row.</summary>
    public int[] Of { get; }

    /// <summary>The number of groups.</summary>
    public int Count { get; }
}
