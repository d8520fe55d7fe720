using System.Collections.Immutable;
using ParquetSharp;
using Column = Auspex.Connectors.Tables.Column;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>The wanted columns of a row group, taken in step.</summary>
internal sealed class ParquetRowGroup : IDisposable
{
    private readonly RowGroupReader _group;
    private readonly ParquetColumn[] _columns;

    /// <param name="group">Disposed with this.</param>
    /// <param name="columns">The columns to read.</param>
    /// <param name="textBytes">The most text that a batch should hold of a column.</param>
    public ParquetRowGroup(RowGroupReader group, ImmutableArray<ParquetLeaf> columns, int textBytes)
    {
        _group = group;
        RowsLeft = group.MetaData.NumRows;
        _columns = new ParquetColumn[columns.Length];
        try
        {
            for (var i = 0; i < columns.Length; i++)
            {
                _columns[i] = ParquetColumns.Open(group.Column(columns[i].Index), columns[i], textBytes);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The rows not yet taken.</summary>
    public long RowsLeft { get; private set; }

    /// <summary>Takes the next rows: as many as wanted, fewer at the end or where texts are long.</summary>
    public (ImmutableArray<Column> Columns, int Rows) Take(int rows, CellFaults faults)
    {
        rows = (int)Math.Min(rows, RowsLeft);
        foreach (var column in _columns)
        {
            rows = Math.Min(rows, column.Prepare(rows));
        }

        RowsLeft -= rows;
        return ([.. _columns.Select(column => column.Take(rows, faults))], rows);
    }

    /// <summary>Makes sure that no column has rows left over; gives true.</summary>
    /// <exception cref="InvalidDataException">One has.</exception>
    public bool CheckEnd() => _columns.All(column => !column.HasMore)
        ? true
        : throw new InvalidDataException("a column has more rows than its row group");

    public void Dispose()
    {
        foreach (var column in _columns)
        {
            column?.Dispose();
        }

        _group.Dispose();
    }
}
