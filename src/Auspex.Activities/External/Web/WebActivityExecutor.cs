using System.Net;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement;
using Auspex.Connectors.Http;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.External.Web;

/// <summary>Runs <c>WebActivity</c>: one call of a web service, or the start of work there that is then looked after.</summary>
/// <remarks>
/// An attempt that runs again after a crash calls again, with the same <c>x-ms-client-request-id</c>; once work was accepted with 202, its address
/// is kept and only that is asked.
/// </remarks>
internal sealed class WebActivityExecutor(ExternalServices services) : IActivityExecutor
{
    private const string PollMember = "poll";

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var call = Read(attempt, properties);
        var timeout = properties.Duration("httpRequestTimeout") ?? DefaultTimeout;
        if (timeout <= TimeSpan.Zero || timeout > LongestTimeout)
        {
            throw properties.Wrong("httpRequestTimeout", "a time span from 00:00:01 to 00:10:00");
        }

        try
        {
            using var credential = await WebCredential.ReadAsync(services, attempt, properties, cancellationToken);
            using var sender = new WebSender(services, attempt, credential, properties.Boolean("disableCertValidation", false));
            WebAnswer answer;
            if (attempt.Checkpoint?.ObjectMember(PollMember)?.TextMember("value") is { } poll)
            {
                answer = await PollAsync(attempt, sender, call.Address, new Uri(poll), null, timeout, cancellationToken);
            }
            else
            {
                answer = await sender.SendAsync(call, timeout, isAuthenticated: true, cancellationToken);
                if (answer is { Status: HttpStatusCode.Accepted, Location: { } location } && !properties.Boolean("turnOffAsync", false))
                {
                    answer = await PollAsync(attempt, sender, call.Address, location, answer.RetryAfter, timeout, cancellationToken);
                }
            }

            return answer.IsSuccess
                ? ActivityOutputs.AddCommon(answer.ToOutput(), services.Clock.GetElapsedTime(started))
                : throw WebFailures.Refused(attempt, call.Shown, answer, "2108");
        }
        catch (OutboundRefusedException refused)
        {
            throw WebFailures.NotAllowed(refused, "2128");
        }
    }

    private WebCall Read(ActivityAttempt attempt, PropertyReader properties)
    {
        var method = properties.Required("method").Trim().ToUpperInvariant();
        if (!Methods.Contains(method))
        {
            throw properties.Wrong("method", string.Join(", ", Methods));
        }

        var address = WebCall.ReadAddress(attempt, services.Addresses, properties.Required("url"), properties.At("url"));
        var body = properties.Array("datasets").Count > 0 || properties.Array("linkedServices").Count > 0
            ? NamedResources.AddTo(
                WebCall.ReadObjectBody(properties, "datasets and linkedServices are added to it"), services, attempt, properties).ToJsonString(WebJson.Plain)
            : WebCall.ReadBody(properties);
        return new WebCall(
            new HttpMethod(method), address, WebCall.ReadHeaders(properties), method is "GET" or "HEAD" ? null : body);
    }

    /// <summary>Looks at accepted work until it has ended.</summary>
    private async Task<WebAnswer> PollAsync(
        ActivityAttempt attempt,
        WebSender sender,
        Uri origin,
        Uri location,
        TimeSpan? pause,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        // The address may carry a key; as a SecureString it lies encrypted in the journal.
        await attempt.SaveCheckpointAsync(
            new JsonObject { [PollMember] = new JsonObject { ["type"] = "SecureString", ["value"] = location.AbsoluteUri } },
            cancellationToken);
        var failures = 0;
        while (true)
        {
            var wait = pause ?? services.Web.PollInterval;
            await Task.Delay(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestPause ? LongestPause : wait, services.Clock, cancellationToken);
            pause = null;
            var address = WebCall.ReadAddress(attempt, services.Addresses, location.AbsoluteUri, "the Location of the answer");
            WebAnswer answer;
            try
            {
                answer = await sender.SendAsync(
                    new WebCall(HttpMethod.Get, address, [], null), timeout, IsSameServer(origin, address), cancellationToken);
            }
            catch (ActivityException unreachable) when (
                unreachable.Code == ErrorCode.EndpointUnreachable && ++failures <= services.Web.ToleratedPollFailures)
            {
                continue;
            }

            if ((int)answer.Status is 408 or 429 or >= 500 && ++failures <= services.Web.ToleratedPollFailures)
            {
                pause = answer.RetryAfter;
                continue;
            }

            if (answer.Status != HttpStatusCode.Accepted)
            {
                return answer;
            }

            failures = 0;
            pause = answer.RetryAfter;
            location = answer.Location ?? location;
        }
    }

    private static bool IsSameServer(Uri one, Uri other) => Uri.Compare(
        one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
