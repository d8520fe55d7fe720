using Auspex.Connectors.Formats.Parquet;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Segments;

/// <summary>
/// A Parquet file in row groups, of which each is written as a small file of its own, whose head and foot are taken off; what its foot says of it
/// becomes part of the footer.
/// </summary>
/// <remarks>The library that encodes the pages cannot go on in a file that it did not begin.</remarks>
internal sealed class ParquetSegments : SegmentWriter
{
    // Row groups begin small and grow with the file, so that what an open one holds is little of all rows.
    private const int FewestRows = 4096;
    private const int GroupsOfASize = 400;

    private readonly TableSchema _schema;
    private readonly TableWriteOptions _options;
    private readonly TableWriteOptions _groupOptions;
    private readonly MemoryStream _bytes = new();
    private ParquetTableWriter? _group;
    private long _groupRows;

    public ParquetSegments(TableSchema schema, TableWriteOptions options, SegmentState? start)
        : base(start)
    {
        _schema = schema;
        _options = options;
        _groupOptions = options with { RowGroupRows = int.MaxValue, RowGroupBytes = long.MaxValue };
        if (Length == 0)
        {
            Give(ParquetFooter.Magic);
        }
    }

    private long MostRows =>
        Math.Clamp(Settled / GroupsOfASize, Math.Min(FewestRows, _options.RowGroupRows), _options.RowGroupRows);

    /// <inheritdoc/>
    public override async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        var row = Known(batch.RowCount);
        Written += row;
        while (row < batch.RowCount)
        {
            var rows = (int)Math.Min(batch.RowCount - row, MostRows - _groupRows);
            _group ??= new ParquetTableWriter(_bytes, _schema, _groupOptions, leaveOpen: true);
            await _group.WriteAsync(batch.Slice(row, rows), cancellationToken);
            row += rows;
            _groupRows += rows;
            Written += rows;
            if (_groupRows >= MostRows || _group.GroupBytes >= _options.RowGroupBytes)
            {
                await EndGroupAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await EndGroupAsync(cancellationToken);

        // A file of no rows has everything that the footer says apart from row groups.
        _group = new ParquetTableWriter(_bytes, _schema, _groupOptions, leaveOpen: true);
        await EndFileAsync(cancellationToken);
        Give(ParquetFooterText.Of(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length), Settled, Footer));
        _bytes.SetLength(0);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_group is not null)
        {
            await _group.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private async Task EndGroupAsync(CancellationToken cancellationToken)
    {
        if (_group is null)
        {
            return;
        }

        await EndFileAsync(cancellationToken);
        var file = _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);
        var pages = ParquetFooterText.PagesOf(file.Span);
        Note(ParquetFooterText.RowGroupOf(file.Span, Length - ParquetFooter.Magic.Length, Footer.Count));
        Give(pages);
        _bytes.SetLength(0);
        _groupRows = 0;
        Settled = Written;
    }

    private async Task EndFileAsync(CancellationToken cancellationToken)
    {
        await _group!.CompleteAsync(cancellationToken);
        await _group.DisposeAsync();
        _group = null;
    }
}
