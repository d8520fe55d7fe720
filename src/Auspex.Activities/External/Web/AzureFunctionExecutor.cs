using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement;
using Auspex.Activities.LinkedServices;
using Auspex.Connectors.Http;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.External.Web;

/// <summary>Runs <c>AzureFunctionActivity</c>: calls a function of the function app that the linked service names; it must answer with a JSON object.</summary>
/// <remarks>An attempt that runs again after a crash calls again, with the same <c>x-ms-client-request-id</c>.</remarks>
internal sealed class AzureFunctionExecutor(ExternalServices services) : IActivityExecutor
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"];

    // The front end of function apps ends every call then.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(230);

    /// <inheritdoc/>
    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var properties = PropertyReader.Of(attempt);
        var service = await ResolveAsync(attempt, cancellationToken);
        var function = properties.Text("functionName")?.Trim().Trim('/') is { Length: > 0 } name ? name
            : throw Fail("3607", $"Azure function activity '{attempt.Activity.Name}' has no functionName; expected the name of a function.");
        var call = Read(attempt, properties, service, function);
        try
        {
            using var credential = await AuthenticateAsync(attempt, service, cancellationToken);
            using var sender = new WebSender(services, attempt, credential, acceptsAnyCertificate: false);
            var answer = await sender.SendAsync(call, CallTimeout, isAuthenticated: true, cancellationToken);
            return ActivityOutputs.AddCommon(ReadOutput(attempt, call, function, answer), services.Clock.GetElapsedTime(started));
        }
        catch (OutboundRefusedException refused)
        {
            throw WebFailures.NotAllowed(refused, "3610");
        }
        catch (ActivityException unreachable) when (unreachable.Code == ErrorCode.EndpointUnreachable)
        {
            throw new ActivityException(
                ErrorCode.EndpointUnreachable,
                "3610",
                $"There was an error while calling the function '{function}': {unreachable.Message}",
                FailureType.UserError,
                inner: unreachable);
        }
    }

    private async Task<ResolvedLinkedService> ResolveAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var reference = attempt.LinkedServiceName ?? throw Fail(
            "3612", $"Azure function activity '{attempt.Activity.Name}' has no linkedServiceName; expected one of type AzureFunction.");
        var service = await services.LinkedServices.ResolveAsync(attempt.Factory, reference, cancellationToken);
        return service.Type.Equals("AzureFunction", StringComparison.OrdinalIgnoreCase)
            ? service
            : throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2110",
                $"The linked service type '{service.Type}' is not supported for '{attempt.Activity.Type}' activities; expected AzureFunction.",
                FailureType.UserError);
    }

    private WebCall Read(ActivityAttempt attempt, PropertyReader properties, ResolvedLinkedService service, string function)
    {
        var method = properties.Text("method")?.Trim().ToUpperInvariant()
            ?? throw Fail("3611", $"Azure function activity '{attempt.Activity.Name}' has no method; expected one of {string.Join(", ", Methods)}.");
        if (!Methods.Contains(method))
        {
            throw Fail("3602", $"Invalid HttpMethod: '{method}' in activity '{attempt.Activity.Name}'; expected one of {string.Join(", ", Methods)}.");
        }

        var app = service.Text("functionAppUrl")?.TrimEnd('/')
            ?? throw Fail("3609", $"Linked service '{service.Name}' has no functionAppUrl; expected https://NAME.azurewebsites.net.");
        var address = WebCall.ReadAddress(
            attempt, services.Addresses, $"{app}/api/{function}", $"functionAppUrl of linked service '{service.Name}'");
        var headers = WebCall.ReadHeaders(properties);
        if (service.Text("functionKey") is { } key)
        {
            headers.RemoveAll(header => header.Key.Equals("x-functions-key", StringComparison.OrdinalIgnoreCase));
            headers.Add(KeyValuePair.Create("x-functions-key", key));
        }
        else if (!UsesIdentity(service) && !IsAnonymous(service) && !address.IsLoopback)
        {
            throw Fail(
                "3606",
                $"Azure function activity missing function key: linked service '{service.Name}' has none. Give it, or say where it comes from in auspex.json.");
        }

        var hasBody = method is not ("GET" or "HEAD" or "TRACE");
        return new WebCall(new HttpMethod(method), address, headers, hasBody ? WebCall.ReadBody(properties) : null);
    }

    private async Task<WebCredential> AuthenticateAsync(
        ActivityAttempt attempt, ResolvedLinkedService service, CancellationToken cancellationToken)
    {
        if (!UsesIdentity(service))
        {
            return new WebCredential(null, null);
        }

        var owner = $"linked service '{service.Name}'";
        var identity = FactoryCredential.Find(attempt.Factory, service.TypeProperties.Member("credential"), owner)?.IdentityResourceId;
        var token = await services.Tokens.OfMachineAsync(service.Required("resourceId"), identity, owner, cancellationToken);
        return new WebCredential(new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token), null);
    }

    private static JsonObject ReadOutput(ActivityAttempt attempt, WebCall call, string function, WebAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            throw new ActivityException(
                ErrorCode.EndpointRefused,
                "3608",
                string.Create(CultureInfo.InvariantCulture,
                    $"Call to provided Azure function '{function}' failed with status-'{answer.Status}' and message - '{WebFailures.Details(attempt, answer.Body)}'."),
                FailureType.UserError);
        }

        // A HEAD has no body to judge.
        if (call.Method == HttpMethod.Head)
        {
            return [];
        }

        return WebJson.TryParse(answer.Body) as JsonObject ?? throw new ActivityException(
            ErrorCode.FunctionAnswerInvalid,
            "3603",
            $"Response Content is not a valid JObject: function '{function}' answered with {(answer.Body.Length == 0 ? "no body" : "something else")}; "
            + "expected a JSON object.",
            FailureType.UserError);
    }

    private static bool UsesIdentity(ResolvedLinkedService service) =>
        service.Text("authentication") is { } kind && kind.Equals("MSI", StringComparison.OrdinalIgnoreCase);

    private static bool IsAnonymous(ResolvedLinkedService service) =>
        service.Text("authentication") is { } kind && kind.Equals("Anonymous", StringComparison.OrdinalIgnoreCase);

    private static ActivityException Fail(string errorCode, string message) =>
        new(ErrorCode.ActivityProperty, errorCode, message, FailureType.UserError);
}
