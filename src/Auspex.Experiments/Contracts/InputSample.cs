using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>The beginning of an input, as far as it could be read.</summary>
internal sealed class InputSample
{
    /// <summary>The columns' names, as whoever scores will know them.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>The names as they stand in the header; empty for tables and for files without a header.</summary>
    public ImmutableArray<string> Header { get; init; } = [];

    /// <summary>The line that the header stands in, where it is known; else null.</summary>
    public string? HeaderLine { get; init; }

    /// <summary>Whether the file's first row is read as names.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>What the file is read with; null for a table.</summary>
    public string? Delimiter { get; init; }

    /// <summary>The types of a table; null for a file, whose cells are text that has yet to be read as something.</summary>
    public TableSchema? Schema { get; init; }

    /// <summary>Columns of a typed file that scoring reads by way of their text, as a file of text would have them.</summary>
    public ImmutableHashSet<string> AsText { get; init; } = [];

    /// <summary>The rows that can be read, in order; columns as in <see cref="Columns"/>.</summary>
    public ImmutableArray<SampleBatch> Batches { get; init; } = [];

    /// <summary>Rows that cannot be read.</summary>
    public ImmutableArray<SampleFault> Faults { get; init; } = [];

    /// <summary>Rows that are the header again; they are in no batch.</summary>
    public Hits HeaderRepeats { get; init; }

    /// <summary>Bytes that were read; null for a table.</summary>
    public long? Bytes { get; init; }

    /// <summary>Whether the sample is all of the input.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Rows that can be read.</summary>
    public long ReadableRows => Batches.Sum(batch => (long)batch.Table.RowCount);

    /// <summary>All rows looked at.</summary>
    public long Rows => ReadableRows + Faults.Length + HeaderRepeats.Count;
}

/// <summary>Rows of a sample.</summary>
/// <param name="Table">The rows.</param>
/// <param name="RowNumbers">The data row of each, from 1.</param>
internal sealed record SampleBatch(TableBatch Table, long[] RowNumbers);

/// <summary>A row that cannot be read.</summary>
/// <param name="Row">The data row, from 1.</param>
/// <param name="Code">Why.</param>
internal readonly record struct SampleFault(long Row, ErrorCode Code);
