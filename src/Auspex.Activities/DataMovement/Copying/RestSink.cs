using Auspex.Activities.DataMovement.Reading;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Definitions;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>Sends rows to a REST service: one request for each batch, a JSON array of objects.</summary>
/// <remarks>
/// A request that gets no answer, or one that passes by itself, is sent again: a service that takes POST twice for two should take PUT,
/// or know its rows.
/// </remarks>
internal sealed class RestSink : ITableSink
{
    private const int DefaultBatch = 10_000;

    private readonly CopyWork _work;
    private readonly JsonRowShape _shape;
    private readonly HttpRequests _requests;
    private readonly string _address;
    private readonly HttpMethod _method;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _headers;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _pause;
    private readonly bool _gzip;
    private readonly int _rowsPerRequest;

    private MemoryStream _body = new();
    private JsonRowWriter? _rows;
    private int _rowsInBody;
    private bool _hasSent;

    /// <summary>Reads how to send.</summary>
    /// <param name="work">The copy.</param>
    /// <param name="shape">Where columns go in the objects.</param>
    public RestSink(CopyWork work, JsonRowShape shape)
    {
        (_work, _shape) = (work, shape);
        (_requests, _address) = RestResource.Open(work.Services, work.Attempt, work.Sink);
        var sink = work.Settings.Sink;
        _method = (sink.Text("requestMethod") ?? "POST").ToUpperInvariant() is var method and ("POST" or "PUT" or "PATCH")
            ? new HttpMethod(method)
            : throw sink.Wrong("requestMethod", "POST, PUT or PATCH");
        _headers = HttpRequests.ReadHeaders(sink.Json.Member("additionalHeaders"));
        _timeout = sink.Duration("httpRequestTimeout") ?? RestResource.DefaultTimeout;
        _pause = RestResource.Pause(sink);
        _gzip = (sink.Text("httpCompressionType") ?? "none").ToUpperInvariant() switch
        {
            "GZIP" => true,
            "NONE" => false,
            _ => throw sink.Wrong("httpCompressionType", "none or gzip"),
        };
        _rowsPerRequest = (int)(sink.Integer("writeBatchSize", 0, int.MaxValue) is > 0 and var size ? size : DefaultBatch);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        for (var start = 0; start < batch.RowCount;)
        {
            var length = Math.Min(batch.RowCount - start, _rowsPerRequest - _rowsInBody);
            _rows ??= new JsonRowWriter(_body, JsonFilePattern.ArrayOfObjects, "");
            await _rows.WriteAsync(batch.Slice(start, length), _shape, cancellationToken);
            start += length;
            _rowsInBody += length;
            if (_rowsInBody == _rowsPerRequest)
            {
                await SendAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public Task CompleteAsync(CancellationToken cancellationToken) =>
        _rowsInBody > 0 ? SendAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_rows is not null)
        {
            await _rows.DisposeAsync();
        }

        await _body.DisposeAsync();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await _rows!.CompleteAsync(cancellationToken);
        var body = HttpBody.Of(_body.ToArray(), _gzip);
        await DisposeAsync();
        (_body, _rows, _rowsInBody) = (new MemoryStream(), null, 0);
        if (_hasSent && _pause > TimeSpan.Zero)
        {
            await Task.Delay(_pause, _work.Services.Clock, cancellationToken);
        }

        using var answer = await _requests.SendAsync(_method, _address, _headers, body, _timeout, cancellationToken);
        _hasSent = true;
        _work.Report.AddWritten(body.Length);
    }
}
