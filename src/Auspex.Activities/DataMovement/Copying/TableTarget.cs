using Auspex.Activities.Datasets;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>The table that a Copy writes to.</summary>
/// <param name="work">The copy.</param>
/// <param name="settings">The database.</param>
/// <param name="name">The table.</param>
/// <param name="schema">Its columns; null when it is to be made.</param>
internal sealed class TableTarget(CopyWork work, SqlConnectionSettings settings, string name, TableSchema? schema)
{
    private const int DefaultBatch = 10_000;

    /// <summary>The table's columns; null when it is to be made.</summary>
    public TableSchema? Schema => schema;

    /// <summary>Finds the table.</summary>
    public static async Task<TableTarget> FindAsync(CopyWork work, CancellationToken cancellationToken)
    {
        var sink = work.Settings.Sink;
        var behavior = sink.Text("writeBehavior") ?? sink.Text("writeMethod") ?? "Insert";
        if (sink.Has("sqlWriterStoredProcedureName")
            || behavior.Equals("Upsert", StringComparison.OrdinalIgnoreCase)
            || behavior.Equals("StoredProcedure", StringComparison.OrdinalIgnoreCase))
        {
            throw ActivityFailures.Unsupported(
                $"The writeBehavior '{behavior}' of the sink of activity '{sink.Activity}' is not supported; supported is Insert, with preCopyScript.");
        }

        var settings = SqlStores.Settings(work.Attempt.Factory, work.Sink.Store);
        var name = SqlStores.TableName(work.Sink) ?? throw work.Sink.Wrong("table", "the name of a table");
        return new TableTarget(work, settings, name, await work.Services.Tables.FindTableAsync(settings, name, cancellationToken));
    }

    /// <summary>Begins to insert: one transaction with the script before it, all rows or none.</summary>
    public Task<ITableSink> OpenAsync(TableSchema rows, CancellationToken cancellationToken)
    {
        var sink = work.Settings.Sink;
        var target = new SqlTarget
        {
            Table = name,
            CreateTable = "autoCreate".Equals(sink.Text("tableOption"), StringComparison.OrdinalIgnoreCase),
            RowsPerOperation = (int)(sink.Integer("writeBatchSize", 0, int.MaxValue) is > 0 and var size ? size : DefaultBatch),
            PreScript = sink.Text("preCopyScript"),
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
