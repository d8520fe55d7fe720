using Auspex.Activities.Datasets;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>The table that a Copy writes to.</summary>
/// <param name="work">The copy.</param>
/// <param name="settings">The database.</param>
/// <param name="name">The table.</param>
/// <param name="writing">How rows get into it.</param>
/// <param name="schema">Its columns; null when it is to be made, or a stored procedure takes the rows.</param>
internal sealed class TableTarget(CopyWork work, SqlConnectionSettings settings, string name, TableWriting writing, TableSchema? schema)
{
    private const int DefaultBatch = 10_000;

    /// <summary>The table's columns; null where it takes any.</summary>
    public TableSchema? Schema => schema;

    /// <summary>Finds the table.</summary>
    public static async Task<TableTarget> FindAsync(CopyWork work, CancellationToken cancellationToken)
    {
        var writing = TableWriting.Read(work.Settings.Sink, work.Attempt, work.Sink);
        var settings = SqlStores.Settings(work.Attempt.Factory, work.Sink.Store);
        var name = SqlStores.TableName(work.Sink) ?? throw work.Sink.Wrong("table", "the name of a table");
        var schema = writing.Procedure is null
            ? await work.Services.Tables.FindTableAsync(settings, name, cancellationToken)
            : null;
        return new TableTarget(work, settings, name, writing, schema);
    }

    /// <summary>Begins to write: one transaction with the script before it, all rows or none.</summary>
    public Task<ITableSink> OpenAsync(TableSchema rows, CancellationToken cancellationToken)
    {
        var sink = work.Settings.Sink;
        var target = new SqlTarget
        {
            Table = name,
            CreateTable = "autoCreate".Equals(sink.Text("tableOption"), StringComparison.OrdinalIgnoreCase),
            RowsPerOperation = (int)(sink.Integer("writeBatchSize", 0, int.MaxValue) is > 0 and var size ? size : DefaultBatch),
            PreScript = sink.Text("preCopyScript"),
            UpsertKeys = writing.UpsertKeys,
            Procedure = writing.Procedure,
            OnRefusedRow = work.Settings.SkipsRows ? Refuse : null,
        };
        return work.Services.Tables.OpenSinkAsync(settings, target, rows, cancellationToken);
    }

    private void Refuse(TableBatch row, SqlTableException reason)
    {
        work.Report.RowRefused();
        work.Log.SkipRow(CopyLog.Record(row, 0), reason.Code.Value, reason.Message);
    }
}
