using System.Collections.Immutable;
using System.Data;

namespace Auspex.Connectors.Sql;

/// <summary>A statement or stored procedure with its parameters.</summary>
/// <param name="Text">SQL text, or the procedure's name.</param>
/// <param name="Parameters">Its parameters; those that go out are named, but never sent a value.</param>
/// <param name="Timeout">How long it may take; null for any time.</param>
public sealed record SqlStatement(string Text, ImmutableArray<SqlStatementParameter> Parameters, TimeSpan? Timeout);

/// <summary>A parameter of a statement.</summary>
/// <param name="Name">Its name, with or without the database's sign before it.</param>
/// <param name="Type">The type that it is sent as.</param>
/// <param name="Value">The value; null for NULL. A row's value: never in messages.</param>
/// <param name="Direction">Whether it goes in, comes out, or both.</param>
/// <param name="Size">The most characters of a text that comes out; 0 for as many as the database gives.</param>
public sealed record SqlStatementParameter(
    string Name, DbType Type, object? Value, ParameterDirection Direction = ParameterDirection.Input, int Size = 0);

/// <summary>Takes what a statement gives, one call after the other.</summary>
public interface ISqlReceiver
{
    /// <summary>A result with rows begins.</summary>
    /// <param name="columns">Its columns; names may repeat or be empty.</param>
    void BeginRows(ImmutableArray<string> columns);

    /// <summary>A row of the result that began last; null stands for NULL. The array is reused.</summary>
    /// <returns>Whether more rows are wanted; the rest of the result is passed over otherwise.</returns>
    bool AddRow(IReadOnlyList<object?> values);

    /// <summary>The result that began last ended.</summary>
    void EndRows();

    /// <summary>The value with which a parameter came back; null for NULL.</summary>
    void SetOutput(string name, object? value);
}
