using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Segments;

/// <summary>A place between two rows of a file: where a later reader can go on.</summary>
/// <param name="Segment">The row group or record batch, from 0; always 0 in text.</param>
/// <param name="Offset">The row in it, from 0; in text the byte at which the next row begins.</param>
public readonly record struct TablePlace(int Segment, long Offset);

/// <summary>Some rows of a file, next to each other.</summary>
/// <param name="Rows">Those that can be read; null when there are none. Valid until the part is released.</param>
/// <param name="BadRows">Those that cannot.</param>
/// <param name="RowCount">All of them.</param>
/// <param name="After">The place behind them.</param>
/// <param name="IsResumable">Whether a reader can go on there: not in the middle of a record that is longer than any may be.</param>
public sealed record TablePart(TableBatch? Rows, ImmutableArray<BadRow> BadRows, int RowCount, TablePlace After, bool IsResumable)
{
    /// <summary>Hands the buffers back; null for parts that keep none.</summary>
    internal Action? OnReleased { get; init; }

    /// <summary>Gives up the rows, whose memory is used again.</summary>
    public void Release() => OnReleased?.Invoke();
}

/// <summary>
/// A table that is read in parts whose ends depend on the file and the options alone, so that another reader can go on behind any of
/// them and finds the same parts.
/// </summary>
public interface ITablePartSource : IAsyncDisposable
{
    /// <summary>The columns given.</summary>
    TableSchema Schema { get; }

    /// <summary>The names of all columns of the file, in file order.</summary>
    ImmutableArray<string> FileColumns { get; }

    /// <summary>All rows of the file, bad ones included; null where only its end shows them.</summary>
    long? TotalRows { get; }

    /// <summary>The header that records of bad rows are read again with.</summary>
    ReadOnlyMemory<byte> HeaderRecord { get; }

    /// <summary>The parts in order; to be called once. Bad rows are given, never thrown.</summary>
    /// <exception cref="TableFormatException">The file is damaged.</exception>
    IAsyncEnumerable<TablePart> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A step of a reader of a typed file.</summary>
/// <param name="Rows">The rows that can be read; null when there are none.</param>
/// <param name="Count">All rows of the step.</param>
/// <param name="After">The place behind them.</param>
internal readonly record struct TypedStep(TableBatch? Rows, int Count, TablePlace After);

/// <summary>A reader of a file with types of its own.</summary>
internal interface ITypedReader : ITableSource
{
    /// <summary>The names of all columns of the file.</summary>
    ImmutableArray<string> FileColumns { get; }

    /// <summary>All rows of the file; null where only its end shows them.</summary>
    long? TotalRows { get; }

    /// <summary>Reads on from a place that an earlier reader with the same options gave.</summary>
    /// <param name="from">The place.</param>
    /// <param name="rowsBefore">The rows before it.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    IAsyncEnumerable<TypedStep> ReadStepsAsync(TablePlace from, long rowsBefore, CancellationToken cancellationToken);
}
