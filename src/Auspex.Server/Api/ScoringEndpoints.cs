using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Scoring;
using Microsoft.Extensions.Options;

namespace Auspex.Server.Api;

/// <summary>Request-response scoring: <c>POST .../services/{id}/execute</c>.</summary>
internal sealed class ScoringEndpoints(
    WebServiceDirectory directory, RequestScorer scorer, IOptions<WebServiceOptions> options, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/workspaces/{workspace}/services/{endpoint}/execute", (RequestDelegate)ExecuteAsync);
        routes.MapPost("/subscriptions/{subscription}/services/{endpoint}/execute", (RequestDelegate)ExecuteAsync);
    }

    private async Task ExecuteAsync(HttpContext context)
    {
        var call = ScoringCall.Open(context, directory);
        var format = ReadFormat(context);
        var settings = options.Value;
        using var deadline = new CallDeadline(settings.RequestTimeout, clock, context.RequestAborted);
        try
        {
            var model = call.State.Model.Loaded ?? await call.State.Model.GetAsync(deadline.Token);
            var request = await ReadAsync(context, model, settings.MaxRequestBytes);
            using var place = call.Endpoint.Throttle.TryEnter() ?? await call.Endpoint.Throttle.TryEnterAsync(
                settings.ConcurrencyWait, settings.MaxWaitingCalls, clock, deadline.Token);
            if (place is null)
            {
                throw ServiceErrors.TooManyConcurrentRequests(call.State.Document.MaxConcurrentCalls);
            }

            var outputs = RequestScorer.TryScoreRows(model, request) ?? await scorer.ScoreAsync(model, request, deadline.Token);
            await Json.WriteAsync(context, writer => ScoreResponseWriter.Write(writer, outputs, format));
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            throw ServiceErrors.ScoreTimeout(settings.RequestTimeout);
        }
    }

    private static async Task<ScoreRequest> ReadAsync(HttpContext context, LiveModel model, int limit)
    {
        using var body = await RequestBody.ReadAsync(context, limit);
        return ScoreRequestReader.Read(body.Bytes.Span, model.Shape);
    }

    private static ScoreFormat ReadFormat(HttpContext context)
    {
        var format = context.Request.Query["format"].ToString();
        var details = context.Request.Query["details"].ToString();
        if (format.Length > 0 && !format.Equals("swagger", StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid("format", format, "swagger");
        }

        var showDetails = false;
        return details.Length == 0 || bool.TryParse(details, out showDetails)
            ? new ScoreFormat(format.Length > 0, showDetails)
            : throw Invalid("details", details, "true or false");
    }

    private static ServiceErrorException Invalid(string name, string found, string expected) => ServiceErrors.BadArgument(
        "InvalidQueryParameter",
        $"The query parameter '{name}' is invalid: found '{ServiceErrors.Shorten(found)}', expected {expected}.");
}
