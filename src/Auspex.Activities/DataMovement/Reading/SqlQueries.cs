using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Activities.Datasets;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement.Reading;

/// <summary>Opens what a source asks of a database: a query, a stored procedure, or the dataset's table.</summary>
internal static class SqlQueries
{
    private const string RangeCondition = "?AdfDynamicRangePartitionCondition";
    private static readonly string[] QueryMembers = ["sqlReaderQuery", "query", "oracleReaderQuery"];

    /// <summary>Opens it.</summary>
    /// <exception cref="ActivityException">It asks for nothing, or for what the database cannot do.</exception>
    public static async Task<ITableSource> OpenAsync(
        SqlTables tables, ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader source, CancellationToken cancellationToken)
    {
        var settings = SqlStores.Settings(attempt.Factory, dataset.Store);
        if (source.Text("sqlReaderStoredProcedureName") is { } procedure)
        {
            return await tables.OpenSourceAsync(settings, Call(dataset, procedure, source), cancellationToken);
        }

        if (QueryMembers.Select(source.Text).FirstOrDefault(text => text is not null) is { } query)
        {
            return await tables.OpenSourceAsync(
                settings, query.Replace(RangeCondition, "1 = 1", StringComparison.OrdinalIgnoreCase), cancellationToken);
        }

        var table = SqlStores.TableName(dataset) ?? throw ActivityFailures.Missing(
            source.Activity, $"{source.At("sqlReaderQuery")}, or a table in dataset '{dataset.Name}'");
        return await tables.OpenTableAsync(settings, table, cancellationToken);
    }

    private static string Call(ResolvedDataset dataset, string procedure, PropertyReader source)
    {
        if (!SqlStores.IsSqlServer(dataset.Store.Type))
        {
            throw ActivityFailures.Unsupported(
                $"sqlReaderStoredProcedureName of activity '{source.Activity}' is not supported for the linked service type "
                + $"'{dataset.Store.Type}' of '{dataset.Store.Name}'; use a query there.");
        }

        var arguments = source.Object("storedProcedureParameters").Json
            .Select(parameter => $"@{parameter.Key.TrimStart('@')} = {Literal(parameter.Value is JsonObject typed ? typed.Member("value") : parameter.Value)}");
        return $"EXEC {procedure} {string.Join(", ", arguments)}";
    }

    // Values come from expressions: written as literals they can say nothing but themselves.
    private static string Literal(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "NULL",
        JsonValueKind.Number => value.ToJsonString(),
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        _ => $"N'{(value.AsText() ?? value.ToJsonString()).Replace("'", "''", StringComparison.Ordinal)}'",
    };
}
