using System.Collections.Concurrent;

namespace Auspex.TestKit.Connectors;

/// <summary>Counts what goes out, holds it back, and breaks answers off in the middle.</summary>
public sealed class BreakingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly ConcurrentQueue<(HttpMethod Method, string Range)> _requests = new();
    private int _active;
    private int _mostActive;

    /// <summary>After how many bytes the answer to a request, counted from 0, breaks off; null lets it through.</summary>
    public Func<int, long?> BreakAfter { get; set; } = _ => null;

    /// <summary>Waits before a request, counted from 0, goes out.</summary>
    public Func<int, CancellationToken, Task> Hold { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Method and range of what went out, in order.</summary>
    public IReadOnlyList<(HttpMethod Method, string Range)> Requests => [.. _requests];

    /// <summary>Requests without answer, and answers that are neither read to their end nor given up.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>The most that were active at once.</summary>
    public int MostActive => Volatile.Read(ref _mostActive);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var active = Interlocked.Increment(ref _active);
        var isHandedOn = false;
        try
        {
            int index;
            lock (_requests)
            {
                index = _requests.Count;
                _requests.Enqueue((request.Method, RangeOf(request)));
                _mostActive = Math.Max(_mostActive, active);
            }

            await Hold(index, cancellationToken);
            var response = await base.SendAsync(request, cancellationToken);
            var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            var counted = new StreamContent(new Body(content, BreakAfter(index) ?? long.MaxValue, () => Interlocked.Decrement(ref _active)));
            foreach (var header in response.Content.Headers)
            {
                counted.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            response.Content = counted;
            isHandedOn = true;
            return response;
        }
        finally
        {
            if (!isHandedOn)
            {
                Interlocked.Decrement(ref _active);
            }
        }
    }

    private static string RangeOf(HttpRequestMessage request) =>
        request.Headers.TryGetValues("x-ms-range", out var range) || request.Headers.TryGetValues("Range", out range)
            ? string.Join(',', range)
            : "";

    private sealed class Body(Stream inner, long breakAfter, Action ended) : Stream
    {
        private long _read;
        private bool _isEnded;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_read >= breakAfter)
            {
                throw new IOException("The connection was dropped on purpose.");
            }

            var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, breakAfter - _read)], cancellationToken);
            _read += read;
            if (read == 0 && !buffer.IsEmpty)
            {
                End();
            }

            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        // Bodies of error answers are read so; those are let through.
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
                End();
            }

            base.Dispose(disposing);
        }

        private void End()
        {
            if (!_isEnded)
            {
                _isEnded = true;
                ended();
            }
        }
    }
}
