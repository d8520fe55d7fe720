namespace Auspex.Connectors.Formats;

public sealed partial class DelimitedTextReader
{
    /// <summary>Takes rows out of the buffer until a batch is full (<see cref="ScanStatus.Record"/>) or none is left there.</summary>
    private ScanStatus ReadRows()
    {
        var walker = _cursor.Walker;
        while (true)
        {
            var status = _cursor.Next();
            if (status != ScanStatus.Record)
            {
                return status;
            }

            _row++;
            var expected = _options.FillShortRows ? Math.Min(walker.FieldCount, FileColumns.Length) : FileColumns.Length;
            if (RowFault.Find(walker, expected) is { } fault)
            {
                Refuse(fault);
                continue;
            }

            if (!TryAppendRow(walker, out var column))
            {
                _rows.RollBackRow();
                Refuse(_cells.WrongType(column));
                continue;
            }

            _rows.CompleteRow();
            _batchBytes += walker.Record.Length;
            if (_rows.RowCount >= _options.BatchRows || _batchBytes >= _options.BatchBytes)
            {
                _batchBytes = 0;
                return ScanStatus.Record;
            }
        }
    }

    private bool TryAppendRow(RecordWalker walker, out int failedColumn)
    {
        var builders = _rows.Columns;
        var fields = _binding.Fields.AsSpan();
        for (var i = 0; i < builders.Length; i++)
        {
            if (fields[i] >= walker.FieldCount)
            {
                builders[i].AppendNull();
                continue;
            }

            var text = walker.Field(fields[i], out var isQuoted);
            if (!_cells.TryAppend(builders[i], text, isQuoted))
            {
                failedColumn = i;
                return false;
            }
        }

        failedColumn = -1;
        return true;
    }

    private void Refuse(RowFault fault)
    {
        var bad = fault.At(_options.Name, _row, _cursor.RecordOffset, _cursor.Walker.RecordMemory);
        if (_options.OnBadRow?.Invoke(bad) != BadRowAction.Skip)
        {
            throw new TableFormatException(bad.Code, bad.Message, bad.Location);
        }

        SkippedRows++;
    }
}
