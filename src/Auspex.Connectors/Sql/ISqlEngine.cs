using System.Collections.Immutable;
using System.Data;
using System.Data.Common;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>What differs between databases.</summary>
internal interface ISqlEngine
{
    /// <summary>Opens a connection; the caller disposes it.</summary>
    /// <param name="isForWriting">Whether rows will be inserted through it.</param>
    /// <param name="cancellationToken">Stops waiting for the server.</param>
    Task<DbConnection> OpenAsync(bool isForWriting, CancellationToken cancellationToken);

    /// <summary>A name as the database's SQL writes it.</summary>
    string Quote(string name);

    /// <summary>The type of the column that holds a field in a table made by us.</summary>
    string TypeOf(ColumnType type);

    /// <summary>The spellings under which an existing table may be found, tried in order; the first is the given one.</summary>
    IEnumerable<IReadOnlyList<string>> Spellings(IReadOnlyList<string> nameParts);

    /// <summary>Whether the driver knows types only from values, so that the first rows must be looked at.</summary>
    bool DecidesByValues { get; }

    /// <summary>Whether a transaction that is undone takes back the tables that it made; where it does not, making one also commits what was before.</summary>
    bool CreatesTablesInTransactions => true;

    /// <summary>A statement that makes a connection ready for inserts, before their transaction; null for none.</summary>
    string? PrepareInserts => null;

    /// <summary>The type of a query's column.</summary>
    /// <param name="reader">The result.</param>
    /// <param name="column">From 0.</param>
    /// <param name="sample">The first rows; empty unless values decide.</param>
    ColumnType TypeOf(DbDataReader reader, int column, List<object?[]> sample);

    /// <summary>The value that the reader stands on, which is not missing.</summary>
    object ValueOf(DbDataReader reader, int column);

    /// <summary>Begins to insert into a table that exists.</summary>
    /// <param name="connection">Open and in a transaction.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="table">Quoted.</param>
    /// <param name="mapping">Columns as the table spells them.</param>
    /// <param name="rowsPerOperation">How many rows one operation inserts, where there are operations.</param>
    ISqlInsert BeginInsert(DbConnection connection, DbTransaction transaction, string table, SqlMapping mapping, int rowsPerOperation);

    /// <summary>Begins to hand rows to a stored procedure, as a table.</summary>
    /// <exception cref="SqlTableException">The database has no types of tables.</exception>
    ISqlInsert BeginProcedure(DbConnection connection, DbTransaction transaction, SqlRowProcedure procedure, SqlMapping mapping) =>
        throw new SqlTableException(
            SqlTableError.Settings,
            $"Stored procedure '{procedure.Name}' is to take rows as a table type, which only SQL Server has. Use Insert or Upsert here, or a Script activity after the copy.");

    /// <summary>The name of the temporary table of an upsert.</summary>
    string InterimTable => "auspex_interim";

    /// <summary>Makes a temporary table with columns of another, without their constraints.</summary>
    string CreateInterim(string interim, string table, string columns) =>
        $"CREATE TEMPORARY TABLE {interim} AS SELECT {columns} FROM {table} WHERE 1 = 0";

    /// <summary>Updates the rows of a table that a temporary one has as well.</summary>
    string UpdateFromInterim(SqlMergeText merge) =>
        $"UPDATE {merge.Table} AS t SET {merge.Assignments("")} FROM {merge.Interim} AS s WHERE {merge.Same}";

    /// <summary>Gives the columns of a primary key in order; <c>@table</c> is the quoted name, <c>@schema</c> (may be NULL) and <c>@name</c> its parts.</summary>
    string PrimaryKeyQuery { get; }

    /// <summary>Marks a place in a transaction, or moves the mark there.</summary>
    string BeginSavepoint => "SAVEPOINT auspex";

    /// <summary>Undoes what a transaction did since the mark.</summary>
    string UndoToSavepoint => "ROLLBACK TO SAVEPOINT auspex";

    /// <summary>Forgets the mark; null where marks end with the transaction alone.</summary>
    string? EndSavepoint => "RELEASE SAVEPOINT auspex";

    /// <summary>The value that the reader stands on, which is not missing, with all the digits that .NET can hold.</summary>
    object ExactValueOf(DbDataReader reader, int column) => reader.GetValue(column);

    /// <summary>Whether parameters may come out.</summary>
    bool HasOutputParameters => true;

    /// <summary>A parameter of a command.</summary>
    DbParameter CreateParameter(DbCommand command, SqlStatementParameter parameter)
    {
        var made = command.CreateParameter();
        made.ParameterName = parameter.Name.StartsWith('@') ? parameter.Name : "@" + parameter.Name;
        made.DbType = parameter.Type;
        made.Direction = parameter.Direction;
        made.Value = parameter.Value ?? DBNull.Value;
        if (parameter.Direction != ParameterDirection.Input && parameter.Type == DbType.String)
        {
            made.Size = parameter.Size > 0 ? parameter.Size : -1;
        }

        return made;
    }

    /// <summary>The command that calls a stored procedure.</summary>
    /// <exception cref="SqlTableException">The database has none.</exception>
    DbCommand CreateCall(DbConnection connection, IReadOnlyList<string> nameParts, ImmutableArray<SqlStatementParameter> parameters);

    /// <summary>Carries out such a command.</summary>
    async Task<long> CallAsync(DbCommand command, CancellationToken cancellationToken) =>
        Math.Max(await command.ExecuteNonQueryAsync(cancellationToken), 0);

    /// <summary>Passes on what the database says beside its results, such as what PRINT prints.</summary>
    void Listen(DbConnection connection, Action<string> onMessage)
    {
    }

    /// <summary>The exception to throw instead of a driver's; null when it is none.</summary>
    SqlTableException? Translate(Exception failure);
}

/// <summary>An insert under way inside a transaction that its owner commits.</summary>
internal interface ISqlInsert : IAsyncDisposable
{
    /// <summary>Inserts rows.</summary>
    Task WriteAsync(TableBatch batch, CancellationToken cancellationToken);

    /// <summary>Hands over what is still on its way.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);
}
