using System.Data;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Microsoft.Data.SqlClient;

namespace Auspex.Connectors.SqlServer;

/// <summary>Calls a stored procedure with the rows of each batch as a table-valued parameter.</summary>
internal sealed class SqlServerRowProcedure : ISqlInsert
{
    private readonly SqlCommand _command;
    private readonly SqlParameter _rows;
    private readonly SqlMapping _mapping;

    public SqlServerRowProcedure(
        SqlConnection connection, SqlTransaction? transaction, SqlRowProcedure procedure, SqlMapping mapping, SqlServerEngine engine)
    {
        _mapping = mapping;
        _command = (SqlCommand)engine.CreateCall(connection, SqlName.Parse(procedure.Name), procedure.Parameters);
        _command.Transaction = transaction;
        _command.CommandTimeout = 0;
        _rows = _command.Parameters.Add("@" + procedure.RowsParameter.TrimStart('@'), SqlDbType.Structured);
        _rows.TypeName = procedure.TableType;
    }

    /// <summary>The call, without rows.</summary>
    internal SqlCommand Command => _command;

    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        using var rows = SqlServerBulkInsert.ToDataTable(batch, _mapping);
        _rows.Value = rows;
        await _command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _command.DisposeAsync();
}
