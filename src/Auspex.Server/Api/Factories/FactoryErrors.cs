using System.Collections.Immutable;

namespace Auspex.Server.Api.Factories;

/// <summary>Errors of the Data Factory interface: <c>{"error": {"code", "message", "target", "details"}}</c>.</summary>
internal static class FactoryErrors
{
    private static readonly ImmutableArray<ServiceErrorDetail> NoDetails = [];

    public static ServiceErrorException BadRequest(string message) => new(400, "BadRequest", message, NoDetails);

    public static ServiceErrorException FactoryNotFound(string name, string known) => new(
        404,
        "ResourceNotFound",
        $"There is no factory '{ServiceErrors.Shorten(name)}' on this server. Expected '{known}'.",
        NoDetails);

    public static ServiceErrorException PipelineNotFound(string name, IEnumerable<string> known) => new(
        404,
        "PipelineNotFound",
        $"The factory has no pipeline '{ServiceErrors.Shorten(name)}'. It has: {string.Join(", ", known.Order(StringComparer.Ordinal).Take(20))}.",
        NoDetails);

    public static ServiceErrorException RunNotFound(string id) => new(
        404, "PipelineRunNotFound", $"There is no pipeline run '{ServiceErrors.Shorten(id)}' in this factory.", NoDetails);
}
