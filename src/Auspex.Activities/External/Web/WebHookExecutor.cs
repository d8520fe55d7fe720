using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement;
using Auspex.Connectors.Http;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.External.Web;

/// <summary>Runs <c>WebHook</c>: calls a service with an address of ours in the body, and waits until somebody posts to that.</summary>
/// <remarks>
/// Once the service has accepted, that is kept: an attempt that runs again only waits, until the same instant. The address is the same for every run of
/// an attempt, so that a call-back meant for the attempt before a crash counts. A crash between the service's answer and its being kept calls again.
/// </remarks>
internal sealed class WebHookExecutor(ExternalServices services) : IActivityExecutor
{
    private const string UntilMember = "waitingUntil";

    private static readonly TimeSpan AcceptTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(90);

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var timeout = properties.Duration("timeout") ?? DefaultTimeout;
        if (timeout <= TimeSpan.Zero || timeout > LongestTimeout)
        {
            throw properties.Wrong("timeout", "a time span from 00:00:01 to 90.00:00:00");
        }

        DateTimeOffset until;
        if (attempt.Checkpoint?.TextMember(UntilMember) is { } kept)
        {
            until = DateTimeOffset.Parse(kept, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        }
        else
        {
            var callback = await services.Callbacks.OpenAsync(
                attempt.IdempotencyKey, services.Clock.GetUtcNow() + AcceptTimeout + timeout, cancellationToken);
            await CallAsync(attempt, properties, callback, cancellationToken);
            until = services.Clock.GetUtcNow() + timeout;
            await attempt.SaveCheckpointAsync(
                new JsonObject { [UntilMember] = until.ToString("O", CultureInfo.InvariantCulture) }, cancellationToken);
        }

        var body = await services.Callbacks.WaitAsync(attempt.IdempotencyKey, until, cancellationToken)
            ?? throw new ActivityException(
                ErrorCode.WebHookFailed,
                "ActivityTimeout",
                $"WebHook activity '{attempt.Activity.Name}' timed out: nobody called back within {timeout:d\\.hh\\:mm\\:ss}.",
                FailureType.UserError);
        return ActivityOutputs.AddCommon(
            properties.Boolean("reportStatusOnCallBack", false) ? ReadReport(attempt, body) : ReadOutput(body),
            services.Clock.GetElapsedTime(started));
    }

    private async Task CallAsync(ActivityAttempt attempt, PropertyReader properties, Uri callback, CancellationToken cancellationToken)
    {
        if (!properties.Required("method").Trim().Equals("POST", StringComparison.OrdinalIgnoreCase))
        {
            throw properties.Wrong("method", "POST");
        }

        var body = WebCall.ReadObjectBody(properties, "callBackUri is added to it");
        body["callBackUri"] = callback.AbsoluteUri;
        var call = new WebCall(
            HttpMethod.Post,
            WebCall.ReadAddress(attempt, services.Addresses, properties.Required("url"), properties.At("url")),
            WebCall.ReadHeaders(properties),
            body.ToJsonString(WebJson.Plain));
        try
        {
            using var credential = await WebCredential.ReadAsync(services, attempt, properties, cancellationToken);
            using var sender = new WebSender(services, attempt, credential, properties.Boolean("disableCertValidation", false));
            var answer = await sender.SendAsync(call, AcceptTimeout, isAuthenticated: true, cancellationToken);
            if (!answer.IsSuccess)
            {
                throw WebFailures.Refused(attempt, call.Shown, answer, "2108");
            }
        }
        catch (OutboundRefusedException refused)
        {
            throw WebFailures.NotAllowed(refused, "2128");
        }
    }

    private static JsonObject ReadOutput(string body) => body.Trim().Length == 0 ? [] : WebJson.TryParse(body) switch
    {
        JsonObject json => json,
        null => new JsonObject { ["Response"] = body },
        var other => new JsonObject { ["Response"] = other },
    };

    /// <summary>Reads <c>{"Output", "Error": {"ErrorCode", "Message"}, "StatusCode"}</c>: from 400 on the work has failed.</summary>
    private static JsonObject ReadReport(ActivityAttempt attempt, string body)
    {
        var report = body.Trim().Length == 0 ? [] : WebJson.TryParse(body) as JsonObject ?? throw Failed(
            "InvalidCallback",
            $"The call-back of WebHook activity '{attempt.Activity.Name}' is no JSON object; expected {{\"Output\", \"Error\", \"StatusCode\"}}.",
            null);
        var output = report.Member("Output") switch
        {
            JsonObject json => (JsonObject)json.DeepClone(),
            null => [],
            var other => new JsonObject { ["Output"] = other.DeepClone() },
        };
        var error = report.ObjectMember("Error");
        if (report.Member("StatusCode") is { } written && written.AsInteger() is not (>= 100 and <= 999))
        {
            throw Failed(
                "InvalidCallback",
                $"The call-back of WebHook activity '{attempt.Activity.Name}' has a StatusCode that is no status; expected a number such as \"200\".",
                output);
        }

        var status = report.IntegerMember("StatusCode") ?? 200;
        if (status < 400)
        {
            return output;
        }

        var message = attempt.Activity.Policy.SecureOutput ? null : error?.TextMember("Message");
        throw Failed(
            error?.TextMember("ErrorCode") is { Length: > 0 } code ? code : status.ToString(CultureInfo.InvariantCulture),
            message is { Length: > 0 } ? message : string.Create(
                CultureInfo.InvariantCulture, $"The call-back of WebHook activity '{attempt.Activity.Name}' reported status {status}."),
            output);
    }

    private static ActivityException Failed(string errorCode, string message, JsonObject? output) =>
        new(ErrorCode.WebHookFailed, errorCode, message, FailureType.UserError) { Output = output };
}
