using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>A table to insert into, and which columns go where.</summary>
public sealed record SqlTarget
{
    /// <summary>The table, optionally with its schema: <c>dbo.People</c>, <c>[my table]</c>, <c>"odd.name"</c>.</summary>
    public required string Table { get; init; }

    /// <summary>The columns of the batches that are written, in this order; empty for all.</summary>
    public ImmutableArray<string> SourceColumns { get; init; } = [];

    /// <summary>The table's columns that they go to, as many; empty for the same names.</summary>
    public ImmutableArray<string> TargetColumns { get; init; } = [];

    /// <summary>Whether a table that does not exist is made, with types from the schema; default yes.</summary>
    public bool CreateTable { get; init; } = true;

    /// <summary>How many rows one operation inserts, where the database inserts by operations; all of them are one transaction. Default 50, as in Studio.</summary>
    public int RowsPerOperation { get; init; } = 50;

    /// <summary>
    /// The columns that tell rows apart, where rows that the table has are to be updated; empty for its primary key, null to insert all rows.
    /// </summary>
    public ImmutableArray<string>? UpsertKeys { get; init; }

    /// <summary>The stored procedure that takes the rows instead of the table; null for none.</summary>
    public SqlRowProcedure? Procedure { get; init; }

    /// <summary>
    /// A statement that is run first, in the same transaction: what it did is undone when the insert fails. Null for none.
    /// </summary>
    public string? PreScript { get; init; }

    /// <summary>
    /// Takes the rows that the database refuses, each as a table of one row with the reason, which are then left out; null lets
    /// the first one end the insert. Each batch is then an operation of its own that is halved until the refused rows are found.
    /// </summary>
    public Action<TableBatch, SqlTableException>? OnRefusedRow { get; init; }

    /// <summary>Column names of a comma-separated list, as Export Data has them.</summary>
    public static ImmutableArray<string> ParseColumns(string? list) =>
        [.. (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}

/// <summary>A stored procedure that takes rows as a table.</summary>
/// <param name="Name">The procedure, optionally with its schema.</param>
/// <param name="TableType">The type of its table parameter, optionally with its schema.</param>
/// <param name="RowsParameter">The name of that parameter.</param>
/// <param name="Parameters">Its other parameters.</param>
public sealed record SqlRowProcedure(string Name, string TableType, string RowsParameter, ImmutableArray<SqlStatementParameter> Parameters);
