using System.Collections.Immutable;
using Auspex.Activities.Datasets;
using Auspex.Activities.External.Database;
using Auspex.Connectors.Sql;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>How the rows of a Copy get into a table: inserted, merged, or through a stored procedure.</summary>
/// <param name="UpsertKeys">The columns by which rows are merged, empty for the primary key; null where they are inserted.</param>
/// <param name="Procedure">The procedure that takes them; null for none.</param>
internal sealed record TableWriting(ImmutableArray<string>? UpsertKeys, SqlRowProcedure? Procedure)
{
    /// <summary>Reads <c>writeBehavior</c> (or <c>writeMethod</c>, as PostgreSQL calls it) and what belongs to it.</summary>
    /// <exception cref="ActivityException">A word or a database that is not supported, or something is missing.</exception>
    public static TableWriting Read(PropertyReader sink, ActivityAttempt attempt, ResolvedDataset dataset)
    {
        var member = sink.Has("writeBehavior") ? "writeBehavior" : "writeMethod";
        switch ((sink.Text(member) ?? (sink.Has("sqlWriterStoredProcedureName") ? "StoredProcedure" : "Insert")).ToUpperInvariant())
        {
            case "INSERT" or "BULKINSERT" or "COPYCOMMAND":
                return new TableWriting(null, null);
            case "UPSERT":
                return new TableWriting(Keys(sink.Object("upsertSettings")), null);
            case "STOREDPROCEDURE" when !SqlStores.IsSqlServer(dataset.Store.Type):
                throw ActivityFailures.Unsupported(
                    $"The sink of activity '{attempt.Activity.Name}' writes through a stored procedure with a table type, which only SQL Server has; "
                    + $"'{dataset.Store.Name}' is of type '{dataset.Store.Type}'. Use Insert or Upsert, or a Script activity after the copy.");
            case "STOREDPROCEDURE":
                return new TableWriting(null, new SqlRowProcedure(
                    sink.Required("sqlWriterStoredProcedureName"),
                    sink.Required("sqlWriterTableType"),
                    sink.Text("storedProcedureTableTypeParameterName") ?? TableOf(dataset),
                    SqlArguments.ReadProcedureParameters(sink)));
            default:
                throw sink.Wrong(member, "Insert, Upsert or StoredProcedure");
        }
    }

    private static ImmutableArray<string> Keys(PropertyReader settings) =>
        [.. settings.Array("keys").Select(key => key.AsText() is { Length: > 0 } name
            ? name
            : throw settings.Wrong("keys", "an array of column names"))];

    // Without a name of its own the parameter is called as the dataset's table, as in the earliest definitions.
    private static string TableOf(ResolvedDataset dataset) =>
        dataset.Text("table") ?? dataset.Text("tableName") ?? throw dataset.Wrong("table", "the name of a table");
}
