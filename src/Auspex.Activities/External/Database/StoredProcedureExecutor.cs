using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement;
using Auspex.Connectors.Sql;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.External.Database;

/// <summary>Runs <c>SqlServerStoredProcedure</c>: calls a procedure; what it gives back is thrown away, as in Data Factory.</summary>
/// <remarks>An attempt that runs again after a crash calls again: what the procedure does twice is up to the procedure.</remarks>
internal sealed class StoredProcedureExecutor(ExternalServices services) : IActivityExecutor
{
    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var call = new SqlStatement(properties.Required("storedProcedureName"), SqlArguments.ReadProcedureParameters(properties), null);
        var settings = await SqlActivity.ResolveAsync(services, attempt, cancellationToken);
        try
        {
            await using var session = await services.Tables.OpenSessionAsync(settings, static _ => { }, services.Clock, cancellationToken);
            await session.CallAsync(call, cancellationToken);
        }
        catch (Exception failure) when (SqlActivity.Translate(failure) is { } translated)
        {
            throw translated;
        }

        return ActivityOutputs.AddCommon([], services.Clock.GetElapsedTime(started));
    }
}
