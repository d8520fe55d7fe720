using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement;
using Auspex.Activities.External.Web;
using Auspex.Connectors.Sql;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.External.Database;

/// <summary>Runs <c>SqlServerStoredProcedure</c>: calls a procedure; what it gives back is thrown away, as in Data Factory.</summary>
/// <remarks>An attempt that runs again after a crash calls again: what the procedure does twice is up to the procedure.</remarks>
internal sealed class StoredProcedureExecutor(ExternalServices services) : IActivityExecutor
{
    private const string ParametersMember = "storedProcedureParameters";

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var call = new SqlStatement(properties.Required("storedProcedureName"), ReadParameters(properties), null);
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

    // An object, or the JSON text of one, which is what an expression may give.
    private static ImmutableArray<SqlStatementParameter> ReadParameters(PropertyReader properties)
    {
        var written = properties.Json.Member(ParametersMember);
        if (written.AsText() is { } text)
        {
            written = text.Trim().Length == 0 ? null : WebJson.TryParse(text);
        }

        if (written is null && !properties.Has(ParametersMember))
        {
            return [];
        }

        var parameters = ImmutableArray.CreateBuilder<SqlStatementParameter>();
        foreach (var (name, value) in written as JsonObject ?? throw properties.Wrong(ParametersMember, "an object of parameters"))
        {
            // A bare value is a text, as older definitions have it.
            var parameter = value as JsonObject ?? new JsonObject { ["value"] = value?.DeepClone() };
            parameters.Add(SqlArguments.ReadProcedure(
                new PropertyReader(parameter, properties.At($"{ParametersMember}['{name}']"), properties.Activity), name));
        }

        return parameters.ToImmutable();
    }
}
