namespace Auspex.Connectors.Tables;

/// <summary>A table that can be read once, in order, in batches. Disposing releases what it holds.</summary>
public interface ITableSource : IAsyncDisposable
{
    /// <summary>Known before the first row.</summary>
    TableSchema Schema { get; }

    /// <summary>The rows in order; every batch has the source's schema and at least one row. To be called once.</summary>
    IAsyncEnumerable<TableBatch> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>Takes a table in batches, in order.</summary>
/// <remarks>
/// Nothing is visible to readers before <see cref="CompleteAsync"/> returns; disposing without it leaves what was there
/// before.
/// </remarks>
public interface ITableSink : IAsyncDisposable
{
    /// <summary>Appends rows. Every batch has the same schema.</summary>
    Task WriteAsync(TableBatch batch, CancellationToken cancellationToken);

    /// <summary>Makes the table visible, whole.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);
}
