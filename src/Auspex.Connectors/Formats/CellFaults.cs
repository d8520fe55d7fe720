using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Cells of a batch that have no value of their column's type; a row is at fault for its first.</summary>
internal sealed class CellFaults
{
    private readonly SortedDictionary<int, CellFault> _byRow = [];

    /// <summary>How many rows are at fault.</summary>
    public int Count => _byRow.Count;

    /// <summary>The faults by row of the batch, from 0.</summary>
    public IReadOnlyDictionary<int, CellFault> ByRow => _byRow;

    /// <summary>Notes a fault; the cell is given as a missing value meanwhile.</summary>
    public void Add(int row, ErrorCode code, string column, string problem) =>
        _byRow.TryAdd(row, new CellFault(code, column, problem));

    public void Clear() => _byRow.Clear();
}

/// <summary>What is wrong with a cell.</summary>
/// <param name="Code">The kind of error.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Problem">Found and expected, without the value.</param>
internal sealed record CellFault(ErrorCode Code, string Column, string Problem);
