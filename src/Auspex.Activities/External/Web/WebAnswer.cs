using System.Net;
using System.Text.Json.Nodes;

namespace Auspex.Activities.External.Web;

/// <summary>An answer, its body read.</summary>
/// <param name="Status">The status.</param>
/// <param name="Headers">Headers, those of the body included; several values of one name are joined by commas.</param>
/// <param name="Body">The body as text; empty when there is none.</param>
/// <param name="Location">Where it points, absolute; null when it points nowhere.</param>
/// <param name="RetryAfter">How long it asks to wait; null when it does not say.</param>
internal sealed record WebAnswer(
    HttpStatusCode Status, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body, Uri? Location, TimeSpan? RetryAfter)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The output of an activity that got this answer: an object's members, or anything else under <c>Response</c>.</summary>
    public JsonObject ToOutput()
    {
        var output = Body.Length == 0 ? [] : WebJson.TryParse(Body) switch
        {
            JsonObject json => json,
            null => new JsonObject { ["Response"] = Body },
            var other => new JsonObject { ["Response"] = other },
        };
        var headers = new JsonObject();
        foreach (var (name, value) in Headers)
        {
            headers[name] = value;
        }

        output["ADFWebActivityResponseHeaders"] = headers;
        output["ADFHttpStatusCodeInResponse"] = Status.ToString();
        return output;
    }
}
