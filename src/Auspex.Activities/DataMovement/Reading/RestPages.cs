using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.DataMovement.Reading;

/// <summary>Reads the answers of a REST service, page by page as <c>paginationRules</c> say.</summary>
internal sealed class RestPages
{
    private const int MostPages = 100_000;

    private readonly DataServices _services;
    private readonly HttpRequests _requests;
    private readonly string _name;
    private readonly string _address;
    private readonly HttpMethod _method;
    private readonly HttpBody? _body;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _pause;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _headers;
    private readonly PaginationRules _rules;

    /// <summary>Takes how to ask from the source, else from the dataset, where it stood in earlier days.</summary>
    public RestPages(DataServices services, ActivityAttempt attempt, ResolvedDataset dataset, PropertyReader source)
    {
        _services = services;
        _name = dataset.Name;
        (_requests, _address) = RestResource.Open(services, attempt, dataset);
        _method = new HttpMethod((source.Text("requestMethod") ?? dataset.Text("requestMethod") ?? "GET").ToUpperInvariant());
        _body = HttpBody.Of(source.Text("requestBody") ?? dataset.Text("requestBody"));
        _timeout = source.Duration("httpRequestTimeout") ?? RestResource.DefaultTimeout;
        _pause = RestResource.Pause(source);
        _headers = HttpRequests.ReadHeaders(
            source.Json.Member("additionalHeaders") ?? dataset.TypeProperties.Member("additionalHeaders"));
        _rules = PaginationRules.Read(
            source.Json.ObjectMember("paginationRules") ?? dataset.TypeProperties.ObjectMember("paginationRules"), source);
    }

    /// <summary>The bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The body of each answer.</summary>
    /// <exception cref="ActivityException">The service gave no success.</exception>
    /// <exception cref="TableFormatException">An answer is no JSON.</exception>
    public async IAsyncEnumerable<JsonNode?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PageRequest? next = _rules.First(new PageRequest(_address, _headers));
        for (var page = 0; next is not null; page++)
        {
            if (page == MostPages)
            {
                throw new TableFormatException(
                    ErrorCode.JsonInvalid, $"{_name}: found more than {MostPages} pages; expected paginationRules that come to an end.");
            }

            if (page > 0 && _pause > TimeSpan.Zero)
            {
                await Task.Delay(_pause, _services.Clock, cancellationToken);
            }

            var redirected = next;
            using var response = await _requests.SendAsync(
                _method, redirected.Address, redirected.Headers, _body, _timeout, cancellationToken);
            var body = await ReadBodyAsync(response, cancellationToken);
            next = _rules.Next(redirected, page, body, response);
            if (!_rules.IsEnd(body))
            {
                yield return body;
            }
        }
    }

    private async Task<JsonNode?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        BytesRead += bytes.Length;
        if (bytes.Length == 0)
        {
            return null;
        }

        try
        {
            var text = bytes.AsMemory(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0);
            return JsonNode.Parse(text.Span);
        }
        catch (JsonException broken)
        {
            throw new TableFormatException(
                ErrorCode.JsonInvalid, $"{_name}: found an answer that is no JSON; expected a JSON object or array.", inner: broken);
        }
    }
}
