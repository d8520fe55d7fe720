using System.Text.Json.Nodes;
using Auspex.Server.Api.Factories;

namespace Auspex.Server.Api.MachineLearning;

/// <summary>A call of the resource interface of <c>Microsoft.MachineLearning</c>.</summary>
/// <param name="Context">The request.</param>
/// <param name="Kind">The kind of resource.</param>
/// <param name="Subscription">As the caller wrote it.</param>
/// <param name="Group">As the caller wrote it, or this server's.</param>
/// <param name="Name">The resource's name; empty in lists.</param>
/// <param name="Version">The api-version.</param>
internal sealed record ArmCall(HttpContext Context, string Kind, string Subscription, string Group, string Name, string Version)
{
    private const int MostBodyBytes = 32 << 20;

    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>The type as resources of this kind bear it.</summary>
    public string Type => $"Microsoft.MachineLearning/{Kind}";

    /// <summary>The id of a resource of this kind in the caller's subscription and group.</summary>
    public string IdOf(string name) =>
        $"/subscriptions/{Subscription}/resourceGroups/{Group}/providers/Microsoft.MachineLearning/{Kind}/{name}";

    /// <summary>Whether the caller is one who knows parameters as plain text.</summary>
    public bool IsPreview => Version.EndsWith("-preview", StringComparison.OrdinalIgnoreCase);

    public Task<JsonObject> ReadBodyAsync() => FactoryBody.ReadAsync(new FactoryCall(Context, "", "", IsSynapse: false), MostBodyBytes);

    /// <summary>Answers with a JSON body.</summary>
    public Task AnswerAsync(JsonNode body, int status = StatusCodes.Status200OK)
    {
        Context.Response.StatusCode = status;
        return Json.WriteAsync(Context, writer => body.WriteTo(writer));
    }
}
