using System.Numerics;

namespace Auspex.Experiments.Modules.Keys;

/// <summary>Finds rows by key: chains of rows that share a bucket, each chain in the order of adding, last first.</summary>
internal sealed class RowIndex
{
    private readonly RowKeys _keys;
    private readonly int[] _heads;
    private readonly int[] _next;

    public RowIndex(RowKeys keys)
    {
        _keys = keys;
        _heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(keys.Count, 4, 1 << 29))];
        _next = new int[keys.Count];
        Array.Fill(_heads, -1);
    }

    /// <summary>Makes a row findable. What is added last is found first.</summary>
    public void Add(int row) => Add(row, _keys.Hash(row));

    /// <summary>The same, where its hash is known.</summary>
    public void Add(int row, ulong hash)
    {
        ref var head = ref _heads[hash & (ulong)(_heads.Length - 1)];
        _next[row] = head;
        head = row;
    }

    /// <summary>The first row whose key equals that of a row of these or other keys; -1 when there is none.</summary>
    public int First(RowKeys keys, int row) => First(keys, row, keys.Hash(row));

    /// <summary>The same, where the row's hash is known.</summary>
    public int First(RowKeys keys, int row, ulong hash) => Scan(_heads[hash & (ulong)(_heads.Length - 1)], keys, row);

    /// <summary>The next row behind <paramref name="found"/> with the same key; -1 when there is none.</summary>
    public int Next(int found, RowKeys keys, int row) => Scan(_next[found], keys, row);

    private int Scan(int candidate, RowKeys keys, int row)
    {
        while (candidate >= 0 && !_keys.IsEqual(candidate, keys, row))
        {
            candidate = _next[candidate];
        }

        return candidate;
    }
}
