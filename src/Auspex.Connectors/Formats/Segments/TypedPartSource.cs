using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Segments;

/// <summary>The parts of a Parquet file or of Arrow data.</summary>
internal sealed class TypedPartSource : ITablePartSource
{
    private readonly ITypedReader _reader;
    private readonly TablePlace _from;
    private readonly long _rowsBefore;
    private readonly List<BadRow> _bad;

    /// <param name="reader">Opened to hand its bad rows to <paramref name="bad"/>; disposed with this.</param>
    /// <param name="bad">Gets them.</param>
    /// <param name="from">Where to go on.</param>
    /// <param name="rowsBefore">Rows before it.</param>
    public TypedPartSource(ITypedReader reader, List<BadRow> bad, TablePlace from, long rowsBefore) =>
        (_reader, _bad, _from, _rowsBefore) = (reader, bad, from, rowsBefore);

    public TableSchema Schema => _reader.Schema;

    public ImmutableArray<string> FileColumns => _reader.FileColumns;

    public long? TotalRows => _reader.TotalRows;

    public ReadOnlyMemory<byte> HeaderRecord => RejectedRows.HeaderOf(Schema.Fields.Select(column => column.Name), DelimitedTextOptions.Csv);

    public async IAsyncEnumerable<TablePart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (rows, count, after) in _reader.ReadStepsAsync(_from, _rowsBefore, cancellationToken))
        {
            ImmutableArray<BadRow> bad = [.. _bad];
            _bad.Clear();
            yield return new TablePart(rows, bad, count, after, IsResumable: true);
        }
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();
}
