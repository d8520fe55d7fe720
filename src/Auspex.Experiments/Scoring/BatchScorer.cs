using System.Collections.Immutable;
using System.Threading.Channels;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring;

/// <summary>What a batch scoring did.</summary>
/// <param name="Rows">Rows written, as many as were read.</param>
/// <param name="Elapsed">From the first batch asked for to the sink's commit.</param>
public sealed record BatchScore(long Rows, TimeSpan Elapsed)
{
    /// <summary>Rows by seconds.</summary>
    public double RowsPerSecond => Elapsed > TimeSpan.Zero ? Rows / Elapsed.TotalSeconds : 0;
}

/// <summary>
/// Runs a table through a row transform, such as a bound model or a whole scoring plan: one task reads, several transform,
/// one writes, in input order.
/// </summary>
/// <remarks>Memory: batches that were read and not yet written, at most three more than there are threads.</remarks>
public sealed class BatchScorer
{
    private readonly IRowTransform _transform;
    private readonly int _threads;
    private readonly TimeProvider _clock;

    /// <summary>Prepares a run.</summary>
    /// <param name="transform">Bound to the schema of the source.</param>
    /// <param name="threads">Batches that are transformed at once; at least 1.</param>
    /// <param name="clock">Measures the time.</param>
    public BatchScorer(IRowTransform transform, int threads, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _transform = transform;
        _threads = threads;
        _clock = clock;
    }

    /// <summary>
    /// The schema to read a file with, so that types are the model's and not guessed anew: the file's columns in their order,
    /// features and label typed as at training, others as text.
    /// </summary>
    /// <param name="model">The model that will score.</param>
    /// <param name="fileColumns">The file's column names.</param>
    /// <param name="others">Models that score the same rows beside it, which say the types of columns that it does not know.</param>
    public static TableSchema ReadingSchema(TrainedModel model, ImmutableArray<string> fileColumns, params IEnumerable<TrainedModel> others)
    {
        TrainedModel[] models = [model, .. others];
        return new([.. fileColumns.Select(name => models.Select(known => Field(known, name)).FirstOrDefault(field => field is not null)
            ?? new TableField { Name = name, Type = ColumnType.String })]);
    }

    /// <summary>Reads all, writes all, and commits the sink.</summary>
    /// <param name="source">Read to its end; not disposed.</param>
    /// <param name="sink">Gets batches of the transform's output schema; completed, not disposed.</param>
    /// <param name="reportRows">Told the rows written so far, after each batch; null for nobody.</param>
    /// <param name="cancellationToken">Stops between batches; nothing becomes visible then.</param>
    public async Task<BatchScore> RunAsync(
        ITableSource source, ITableSink sink, Action<long>? reportRows, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scored = Channel.CreateBounded<Task<(TableBatch Rows, object? Observed)>>(
            new BoundedChannelOptions(_threads) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(source, scored.Writer, stop.Token), stop.Token);
        var rows = 0L;
        try
        {
            await foreach (var task in scored.Reader.ReadAllAsync(cancellationToken))
            {
                var (batch, observed) = await task;
                Observation.Settle(_transform, observed, rows);
                await sink.WriteAsync(batch, cancellationToken);
                rows += batch.RowCount;
                reportRows?.Invoke(rows);
            }

            await reading;
        }
        catch
        {
            // The reader may wait for room in the channel that nobody will make.
            await stop.CancelAsync();
            await Task.WhenAny(reading);
            throw;
        }

        await sink.CompleteAsync(cancellationToken);
        return new BatchScore(rows, _clock.GetElapsedTime(started));
    }

    private async Task ReadAsync(ITableSource source, ChannelWriter<Task<(TableBatch Rows, object? Observed)>> scored, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in source.ReadAsync(cancellationToken))
            {
                await scored.WriteAsync(Task.Run(() => Observation.Apply(_transform, batch), cancellationToken), cancellationToken);
            }
        }
        finally
        {
            // Also after a failure: the writer takes what came before it, and then meets it by awaiting this task.
            scored.Complete();
        }
    }

    private static TableField? Field(TrainedModel model, string name)
    {
        if (name == model.Label.Name)
        {
            return model.Label with { Categories = null, Score = null };
        }

        var index = model.Features.IndexOf(name);
        return index < 0
            ? null
            : model.Features.Fields[index] with { Categories = null };
    }
}
