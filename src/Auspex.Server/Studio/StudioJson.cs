using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Auspex.Server.Studio;

/// <summary>JSON as Studio writes it: members in Pascal case, dates as <c>\/Date(milliseconds)\/</c>, nothing else escaped that need not be.</summary>
internal static partial class StudioJson
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Date(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"/Date({time.ToUnixTimeMilliseconds()})/");

    public static async Task AnswerAsync(HttpContext context, JsonNode? body, int status = StatusCodes.Status200OK)
    {
        var text = DatePattern().Replace(body?.ToJsonString(Relaxed) ?? "null", "\"\\/Date($1)\\/\"");
        context.Response.StatusCode = status;
        context.Response.ContentType = Api.Json.ContentType;
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    [GeneratedRegex("\"/Date\\((-?[0-9]+)\\)/\"", RegexOptions.CultureInvariant)]
    private static partial Regex DatePattern();
}
