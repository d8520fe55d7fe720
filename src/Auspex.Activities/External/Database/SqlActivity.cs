using Auspex.Activities.Datasets;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.Sql;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.External.Database;

/// <summary>What the activities that speak to a database have in common: its linked service, and its failures.</summary>
internal static class SqlActivity
{
    /// <summary>Data Factory's code for whatever a database refuses.</summary>
    public const string ErrorCode = "2402";

    /// <summary>The database of the activity's linked service.</summary>
    /// <exception cref="ActivityException">There is none, or one of another type.</exception>
    public static async Task<SqlConnectionSettings> ResolveAsync(
        ExternalServices services, ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var reference = attempt.LinkedServiceName ?? throw ActivityFailures.Missing(attempt.Activity.Name, "linkedServiceName");
        var service = await services.LinkedServices.ResolveAsync(attempt.Factory, reference, cancellationToken);
        return SqlStores.IsSupported(service.Type)
            ? SqlStores.Settings(attempt.Factory, service)
            : throw Unsupported(service, attempt);
    }

    /// <summary>The failure in Data Factory's words; null for exceptions that are none of a database.</summary>
    public static ActivityException? Translate(Exception failure) => failure is SqlTableException sql
        ? new ActivityException(
            sql.Code,
            ErrorCode,
            $"Execution fail against sql server. {sql.Message}",
            sql.IsTransient ? FailureType.SystemError : FailureType.UserError,
            inner: sql)
        : ActivityFailures.Translate(failure, ErrorCode, ErrorCode);

    private static ActivityException Unsupported(ResolvedLinkedService service, ActivityAttempt attempt) => new(
        Errors.ErrorCode.LinkedServiceUnusable,
        "2110",
        $"The linked service type '{service.Type}' is not supported for '{attempt.Activity.Type}' activities; supported are "
        + $"{string.Join(", ", SqlStores.Types)}. Lay one of them over '{service.Name}' in auspex.json.",
        FailureType.UserError);
}
