using System.Numerics;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Keys;

/// <summary>The values of several columns as one key per row. Hashes are computed when asked for: kept, they would be a column more.</summary>
internal sealed class RowKeys
{
    private readonly KeyColumn[] _columns;

    public RowKeys(TableBatch table, IReadOnlyList<int> columns, bool matchesCase = true)
    {
        _columns = [.. columns.Select(index => KeyColumn.Create(table.Columns[index], matchesCase))];
        Count = table.RowCount;
    }

    public int Count { get; }

    public ulong Hash(int row)
    {
        var hash = 0UL;
        foreach (var column in _columns)
        {
            hash = (BitOperations.RotateLeft(hash, 27) * 5) + (column.IsMissing(row) ? KeyColumn.MissingHash : column.Hash(row));
        }

        return hash;
    }

    /// <summary>The hashes of rows side by side, column by column.</summary>
    public void Hash(int start, Span<ulong> hashes)
    {
        hashes.Clear();
        foreach (var column in _columns)
        {
            for (var i = 0; i < hashes.Length; i++)
            {
                var hash = column.IsMissing(start + i) ? KeyColumn.MissingHash : column.Hash(start + i);
                hashes[i] = (BitOperations.RotateLeft(hashes[i], 27) * 5) + hash;
            }
        }
    }

    /// <summary>Whether any part of the key is missing.</summary>
    public bool IsMissing(int row)
    {
        foreach (var column in _columns)
        {
            if (column.IsMissing(row))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether two keys are equal, where missing equals missing.</summary>
    public bool IsEqual(int row, RowKeys other, int otherRow)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var isMissing = _columns[i].IsMissing(row);
            if (isMissing != other._columns[i].IsMissing(otherRow)
                || (!isMissing && !_columns[i].IsEqual(row, other._columns[i], otherRow)))
            {
                return false;
            }
        }

        return true;
    }
}
