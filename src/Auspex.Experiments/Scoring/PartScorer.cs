using System.Threading.Channels;
using Auspex.Connectors.Formats.Segments;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>Takes the parts of a table in input order, each with its scored rows; null when none of its rows could be read.</summary>
public delegate ValueTask ScoredPartSink(TablePart part, TableBatch? scored, CancellationToken cancellationToken);

/// <summary>Runs the parts of a table through a row transform: one task reads, several transform, one writes, in input order.</summary>
/// <remarks>Memory: parts that were read and not yet written, at most three more than there are threads.</remarks>
public sealed class PartScorer
{
    private readonly IRowTransform _transform;
    private readonly int _threads;

    /// <summary>Prepares a run.</summary>
    /// <param name="transform">Bound to the schema of the source.</param>
    /// <param name="threads">Parts that are transformed at once; at least 1.</param>
    public PartScorer(IRowTransform transform, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _transform = transform;
        _threads = threads;
    }

    /// <summary>Reads all and hands all on.</summary>
    /// <param name="source">Read to its end; not disposed.</param>
    /// <param name="write">Takes the scored parts; they are released when it returns.</param>
    /// <param name="cancellationToken">Stops between parts.</param>
    /// <param name="rowsBefore">Rows that an earlier run has scored.</param>
    public async Task RunAsync(ITablePartSource source, ScoredPartSink write, CancellationToken cancellationToken, long rowsBefore = 0)
    {
        var done = rowsBefore;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scored = Channel.CreateBounded<Task<(TablePart Part, TableBatch? Rows, object? Observed)>>(
            new BoundedChannelOptions(_threads) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(source, scored.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var task in scored.Reader.ReadAllAsync(cancellationToken))
            {
                var (part, rows, observed) = await task;
                Observation.Settle(_transform, observed, done);
                done += rows?.RowCount ?? 0;
                await write(part, rows, cancellationToken);
                part.Release();
            }

            await reading;
        }
        catch
        {
            // The reader may wait for room in the channel that nobody will make; what is being scored uses its buffers.
            await stop.CancelAsync();
            await Task.WhenAny(reading);
            while (scored.Reader.TryRead(out var task))
            {
                await Task.WhenAny(task);
            }

            throw;
        }
    }

    private async Task ReadAsync(
        ITablePartSource source, ChannelWriter<Task<(TablePart Part, TableBatch? Rows, object? Observed)>> scored, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var part in source.ReadAsync(cancellationToken))
            {
                await scored.WriteAsync(
                    Task.Run(() => Score(part), CancellationToken.None), cancellationToken);
            }
        }
        finally
        {
            // Also after a failure: the writer takes what came before it, and then meets it by awaiting this task.
            scored.Complete();
        }
    }

    private (TablePart Part, TableBatch? Rows, object? Observed) Score(TablePart part)
    {
        if (part.Rows is not { } rows)
        {
            return (part, null, null);
        }

        var (scored, observed) = Observation.Apply(_transform, rows);
        return (part, scored, observed);
    }
}
