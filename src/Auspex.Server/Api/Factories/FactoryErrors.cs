using System.Collections.Immutable;
using Auspex.Engine.Triggers;

namespace Auspex.Server.Api.Factories;

/// <summary>Errors of the Data Factory interface: <c>{"error": {"code", "message", "target", "details"}}</c>.</summary>
internal static class FactoryErrors
{
    private const int MostNames = 20;

    private static readonly ImmutableArray<ServiceErrorDetail> NoDetails = [];

    public static ServiceErrorException BadRequest(string message, string? target = null) =>
        new(400, "BadRequest", message, NoDetails) { Target = target };

    public static ServiceErrorException InvalidDefinition(string message, string target, ImmutableArray<ServiceErrorDetail> details) =>
        new(400, "BadRequest", message, details) { Target = target };

    public static ServiceErrorException InvalidReference(string name, string target, ImmutableArray<ServiceErrorDetail> details) =>
        InvalidDefinition($"The document creation or update failed because of invalid reference '{name}'.", target, details);

    public static ServiceErrorException StillReferenced(IReadOnlyList<string> by, string target) =>
        new(
            400,
            "BadRequest",
            $"The document cannot be deleted since it is referenced by {string.Join(", ", by.Take(MostNames))}.",
            [.. by.Select(name => new ServiceErrorDetail("ReferencedResource", name))])
        { Target = target };

    public static ServiceErrorException FactoryNotFound(string name, IEnumerable<string> known) => new(
        404,
        "ResourceNotFound",
        $"There is no factory '{ServiceErrors.Shorten(name)}' on this server. {Known(known)}",
        NoDetails)
    { Target = name };

    public static ServiceErrorException NotFound(ManagedKind kind, string name, IEnumerable<string> known) => new(
        404,
        kind.NotFoundCode,
        $"The factory has no {kind.Label} '{ServiceErrors.Shorten(name)}'. {Known(known)}",
        NoDetails)
    { Target = name };

    public static ServiceErrorException NotFound(string code, string message) => new(404, code, message, NoDetails);

    public static ServiceErrorException RunNotFound(string id) => new(
        404, "PipelineRunNotFound", $"There is no pipeline run '{ServiceErrors.Shorten(id)}' in this factory.", NoDetails);

    public static ServiceErrorException PreconditionFailed(string message) =>
        new(412, "PreconditionFailed", message, NoDetails);

    public static ServiceErrorException Conflict(string code, string message) => new(409, code, message, NoDetails);

    public static ServiceErrorException MissingVersion() => new(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
        NoDetails);

    public static ServiceErrorException UnknownVersion(string version, IEnumerable<string> known) => new(
        400,
        "InvalidApiVersionParameter",
        $"The api-version '{ServiceErrors.Shorten(version)}' is invalid. The supported versions are '{string.Join(",", known)}'.",
        NoDetails);

    /// <summary>An error of another of this server's interfaces, in the form and with the codes of this one.</summary>
    public static ServiceErrorException From(ServiceErrorException error)
    {
        var code = error.ServiceCode switch
        {
            "BadArgument" when error.Status == StatusCodes.Status413PayloadTooLarge => "RequestEntityTooLarge",
            "BadArgument" or "BadUserArgument" => "BadRequest",
            "Unauthorized" => "AuthenticationFailed",
            "Forbidden" => "AuthorizationFailed",
            _ => null,
        };
        if (code is null || error.Details is not [var detail])
        {
            return error;
        }

        return new ServiceErrorException(error.Status, code, detail.Message, error.Details, error)
        {
            Target = detail.Target,
            RetryAfter = error.RetryAfter,
        };
    }

    /// <summary>What the trigger engine refused.</summary>
    public static ServiceErrorException From(TriggerException error) => error.Error switch
    {
        TriggerError.NotFound => new(404, "TriggerNotFound", error.Message, NoDetails, error),
        TriggerError.Conflict => new(400, "TriggerStateConflict", error.Message, NoDetails, error),
        _ => new(400, "BadRequest", error.Message, NoDetails, error),
    };

    public static ServiceErrorException TriggerStarted(string name) => new(
        400,
        "TriggerEnabledCannotUpdate",
        $"Cannot update enabled Trigger '{name}'; the trigger needs to be stopped first.",
        NoDetails)
    { Target = name };

    private static string Known(IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.OrdinalIgnoreCase).Take(MostNames).ToArray();
        return names.Length == 0 ? "It has none." : $"There are: {string.Join(", ", names)}.";
    }
}
