using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement;
using Auspex.Connectors.Sql;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.External.Database;

/// <summary>Runs <c>Script</c>: blocks of SQL one after the other on one connection, their rows, parameters and messages in the output.</summary>
/// <remarks>
/// Each statement is committed by itself unless the script says otherwise, so an attempt that runs again repeats what it did before.
/// </remarks>
internal sealed class ScriptExecutor(ExternalServices services) : IActivityExecutor
{
    private static readonly TimeSpan DefaultBlockTimeout = TimeSpan.FromHours(2);

    private sealed record Block(SqlStatement Statement, bool IsQuery);

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var blocks = ReadBlocks(properties);
        var settings = await SqlActivity.ResolveAsync(services, attempt, cancellationToken);
        var results = new ScriptResults(properties.Boolean("treatDecimalAsString", false));
        try
        {
            var log = await ScriptLog.OpenAsync(services, attempt, properties, cancellationToken);
            try
            {
                await using var session = await services.Tables.OpenSessionAsync(settings, log.Add, services.Clock, cancellationToken);
                foreach (var block in blocks)
                {
                    results.RecordsAffected += block.IsQuery
                        ? await session.QueryAsync(block.Statement, results, cancellationToken)
                        : await session.ExecuteAsync(block.Statement, results, cancellationToken);
                }
            }
            catch (SqlTableException)
            {
                // What was said before the failure is what explains it.
                await log.CompleteAsync(cancellationToken);
                throw;
            }

            var (text, location) = await log.CompleteAsync(cancellationToken);
            var output = results.ToOutput();
            output["outputLogs"] = text;
            output["outputLogsLocation"] = location;
            output["outputTruncated"] = results.IsTruncated || log.IsTruncated;
            return ActivityOutputs.AddCommon(output, services.Clock.GetElapsedTime(started));
        }
        catch (Exception failure) when (SqlActivity.Translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    private static ImmutableArray<Block> ReadBlocks(PropertyReader properties)
    {
        if (properties.Has("scriptReference"))
        {
            throw ActivityFailures.Unsupported(
                $"The scriptReference of Script activity '{properties.Activity}' is not supported; write the text into scripts.");
        }

        var timeout = properties.Duration("scriptBlockExecutionTimeout") ?? DefaultBlockTimeout;
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(24))
        {
            throw properties.Wrong("scriptBlockExecutionTimeout", "a time span from 00:00:01 to 24.00:00:00");
        }

        var scripts = properties.Array("scripts");
        if (scripts.Count == 0)
        {
            throw properties.Missing("scripts");
        }

        var blocks = ImmutableArray.CreateBuilder<Block>(scripts.Count);
        for (var i = 0; i < scripts.Count; i++)
        {
            var where = properties.At(string.Create(CultureInfo.InvariantCulture, $"scripts[{i}]"));
            var script = new PropertyReader(
                scripts[i] as JsonObject ?? throw ActivityFailures.Wrong(properties.Activity, where, scripts[i].AsText() ?? "null", "an object"),
                where,
                properties.Activity);
            blocks.Add(new Block(
                new SqlStatement(script.Required("text"), ReadParameters(script), timeout),
                script.Required("type").ToUpperInvariant() switch
                {
                    "QUERY" => true,
                    "NONQUERY" => false,
                    _ => throw script.Wrong("type", "Query or NonQuery"),
                }));
        }

        return blocks.MoveToImmutable();
    }

    private static ImmutableArray<SqlStatementParameter> ReadParameters(PropertyReader script) =>
    [
        .. script.Array("parameters").Select((entry, i) =>
        {
            var where = script.At(string.Create(CultureInfo.InvariantCulture, $"parameters[{i}]"));
            return SqlArguments.ReadScript(new PropertyReader(
                entry as JsonObject ?? throw ActivityFailures.Wrong(script.Activity, where, entry.AsText() ?? "null", "an object"),
                where,
                script.Activity));
        }),
    ];
}
