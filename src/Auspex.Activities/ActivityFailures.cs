using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities;

/// <summary>Failures that several executors know, in Data Factory's words and codes.</summary>
internal static class ActivityFailures
{
    /// <summary>A required property is missing (2103).</summary>
    public static ActivityException Missing(string activity, string property) => new(
        ErrorCode.ActivityProperty,
        "2103",
        $"Please provide value for the required property '{property}' of activity '{activity}'.",
        FailureType.UserError);

    /// <summary>A property is not what its place demands (2104).</summary>
    public static ActivityException Wrong(string activity, string property, string found, string expected) => new(
        ErrorCode.ActivityProperty,
        "2104",
        $"Found {found} in '{property}' of activity '{activity}'; expected {expected}.",
        FailureType.UserError);

    /// <summary>Something that loads and is known, but that nothing here can do (2110).</summary>
    public static ActivityException Unsupported(string message) =>
        new(ErrorCode.DataTypeUnsupported, "2110", message, FailureType.UserError);

    /// <summary>A connector's exception as the failure of an activity; null when it is none.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="userCode">The activity's code for what its author can mend, such as 2200.</param>
    /// <param name="systemCode">The activity's code for what passes by itself, such as 2201.</param>
    /// <param name="side"><c>Source</c> or <c>Sink</c>; null where there are no sides.</param>
    /// <param name="output">What the activity shows although it failed.</param>
    public static ActivityException? Translate(
        Exception failure, string userCode, string systemCode, string? side = null, JsonObject? output = null)
    {
        var (code, isTransient) = failure switch
        {
            BlobStoreException blob => (blob.Code, blob.IsTransient),
            SqlTableException sql => (sql.Code, sql.IsTransient),
            TableFormatException format => (format.Code, false),
            OutboundRefusedException refused => (refused.Code, false),
            _ => (default, false),
        };
        if (code == default)
        {
            return null;
        }

        var place = side is null ? "" : $"Failure happened on '{side}' side. ";
        return new ActivityException(
            code,
            isTransient ? systemCode : userCode,
            $"{place}ErrorCode={code.Value},{failure.Message}",
            isTransient ? FailureType.SystemError : FailureType.UserError,
            inner: failure)
        {
            Output = output,
        };
    }
}
