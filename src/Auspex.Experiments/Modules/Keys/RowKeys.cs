using System.Numerics;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Keys;

/// <summary>The values of several columns as one key per row, hashed column by column.</summary>
internal sealed class RowKeys
{
    private readonly KeyColumn[] _columns;
    private readonly ulong[] _hashes;

    public RowKeys(TableBatch table, IReadOnlyList<int> columns, bool matchesCase = true)
    {
        _columns = [.. columns.Select(index => KeyColumn.Create(table.Columns[index], matchesCase))];
        _hashes = new ulong[table.RowCount];
        foreach (var column in _columns)
        {
            for (var row = 0; row < _hashes.Length; row++)
            {
                var hash = column.IsMissing(row) ? KeyColumn.MissingHash : column.Hash(row);
                _hashes[row] = (BitOperations.RotateLeft(_hashes[row], 27) * 5) + hash;
            }
        }
    }

    public int Count => _hashes.Length;

    public ulong Hash(int row) => _hashes[row];

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
