using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Auspex.Connectors.Http;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.External.Web;

/// <summary>Sends calls of one attempt and reads their answers, within a time and a size.</summary>
/// <remarks>A client of its own is made where the call needs certificates; else the shared one is used.</remarks>
internal sealed class WebSender : IDisposable
{
    private const string DefaultMediaType = "application/json";

    private readonly ExternalServices _services;
    private readonly ActivityAttempt _attempt;
    private readonly WebCredential _credential;
    private readonly HttpClient? _own;

    public WebSender(ExternalServices services, ActivityAttempt attempt, WebCredential credential, bool acceptsAnyCertificate)
    {
        (_services, _attempt, _credential) = (services, attempt, credential);
        if (acceptsAnyCertificate || credential.Certificate is not null)
        {
            var connection = new OutboundConnection { AcceptsAnyCertificate = acceptsAnyCertificate, ClientCertificate = credential.Certificate };
            _own = new HttpClient(services.Gate.CreateHandler(connection)) { Timeout = Timeout.InfiniteTimeSpan };
        }
    }

    /// <summary>Sends a call once.</summary>
    /// <param name="call">What to send.</param>
    /// <param name="timeout">The most time for the whole answer.</param>
    /// <param name="isAuthenticated">Whether the credential goes along.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ActivityException">No answer (2128), none in time (2108), or one that is too large (2001).</exception>
    /// <exception cref="OutboundRefusedException">The address may not be called.</exception>
    public async Task<WebAnswer> SendAsync(WebCall call, TimeSpan timeout, bool isAuthenticated, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _services.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Build(call);
            if (isAuthenticated)
            {
                _credential.Apply(request);
            }

            using var response = await (_own ?? _services.Http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return await ReadAsync(response, call.Address, both.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested
            && failure is HttpRequestException or IOException or OperationCanceledException)
        {
            if (failure.InnerException is OutboundRefusedException refused)
            {
                throw refused;
            }

            throw limit.IsCancellationRequested
                ? new ActivityException(
                    ErrorCode.EndpointUnreachable,
                    "2108",
                    string.Create(CultureInfo.InvariantCulture, $"Error calling the endpoint '{call.Shown}'. It did not answer within {timeout}."),
                    FailureType.UserError,
                    inner: failure)
                : new ActivityException(
                    ErrorCode.EndpointUnreachable,
                    "2128",
                    $"No response from the endpoint '{call.Shown}': {failure.Message} Check the address, the network and the server's certificate.",
                    FailureType.UserError,
                    inner: failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();

    private HttpRequestMessage Build(WebCall call)
    {
        var request = new HttpRequestMessage(call.Method, call.Address);
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(call.Body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(DefaultMediaType) { CharSet = "utf-8" };
        }

        // A service that knows it answers the same call, made again after a crash, with the same work.
        request.Headers.TryAddWithoutValidation("x-ms-client-request-id", _attempt.IdempotencyKey);
        foreach (var (name, value) in call.Headers)
        {
            if (request.Headers.NonValidated.Contains(name))
            {
                request.Headers.Remove(name);
            }

            if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content is not null)
            {
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        // Two lengths would contradict each other.
        if (request.Content is not null)
        {
            request.Content.Headers.ContentLength = null;
        }

        return request;
    }

    private async Task<WebAnswer> ReadAsync(HttpResponseMessage response, Uri asked, CancellationToken cancellationToken)
    {
        var most = _services.Web.MaxResponseBytes;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16_384];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > most)
            {
                throw new ActivityException(
                    ErrorCode.OutputTooLarge,
                    "2001",
                    string.Create(CultureInfo.InvariantCulture,
                        $"The length of execution output of activity '{_attempt.Activity.Name}' is over the limit (around {most} bytes currently): the answer is larger. Ask for less."),
                    FailureType.UserError);
            }

            body.Write(buffer, 0, read);
        }

        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Select(header => KeyValuePair.Create(header.Key, string.Join(", ", header.Value)))
            .ToList();
        var location = response.Headers.Location is { } target
            ? target.IsAbsoluteUri ? target : new Uri(response.RequestMessage?.RequestUri ?? asked, target)
            : null;
        return new WebAnswer(response.StatusCode, headers, Decode(response, body), location, RetryAfter(response.Headers.RetryAfter));
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - _services.Clock.GetUtcNow() : null);

    private static string Decode(HttpResponseMessage response, MemoryStream body)
    {
        Encoding encoding;
        try
        {
            encoding = response.Content.Headers.ContentType?.CharSet?.Trim('"') is { Length: > 0 } name ? Encoding.GetEncoding(name) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            encoding = Encoding.UTF8;
        }

        var text = encoding.GetString(body.GetBuffer(), 0, (int)body.Length);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }
}
