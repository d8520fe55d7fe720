using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Auspex.Connectors.Formats;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// Scores delimited text: one task reads blocks of records, several parse, score and write them as text side by side, and
/// the results come out in input order.
/// </summary>
/// <remarks>Memory: two blocks more than there are threads, each with its columns and its result; the size of the file has no part in it.</remarks>
public sealed class TextScorer
{
    /// <summary>Bytes of a block unless told otherwise: enough to be worth a task, little enough for a processor's cache.</summary>
    public const int DefaultBlockBytes = 256 << 10;

    private readonly TextScoringPlan _plan;
    private readonly int _threads;
    private readonly int _blockBytes;
    private readonly Func<BadRow, BadRowAction>? _onBadRow;

    /// <summary>Prepares a run.</summary>
    /// <param name="plan">What to do with a block.</param>
    /// <param name="threads">Blocks that are scored at once; at least 1.</param>
    /// <param name="onBadRow">Decides about bad rows, in order and never two at once; null fails at the first.</param>
    /// <param name="blockBytes">About how many bytes a block has.</param>
    public TextScorer(
        TextScoringPlan plan, int threads, Func<BadRow, BadRowAction>? onBadRow, int blockBytes = DefaultBlockBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockBytes, 1);
        _plan = plan;
        _threads = threads;
        _onBadRow = onBadRow;
        _blockBytes = blockBytes;
    }

    /// <summary>Scores all that a reader has left.</summary>
    /// <param name="reader">Opened with the plan's options; not disposed.</param>
    /// <param name="from">Where the reader stands: what an earlier run came to, or the default for the first.</param>
    /// <param name="write">Takes the scored rows.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <returns>Where scoring ended.</returns>
    /// <exception cref="TableFormatException">A bad row that was not to be skipped.</exception>
    public async Task<ScoringPosition> RunAsync(
        DelimitedBlockReader reader, ScoringPosition from, ScoredTextSink write, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inFlight = _threads + 2;
        var free = Channel.CreateUnbounded<Work>();
        for (var i = 0; i < inFlight; i++)
        {
            free.Writer.TryWrite(new Work(_plan));
        }

        var scored = Channel.CreateUnbounded<Task<Work>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var places = new SemaphoreSlim(_threads);
        var reading = Task.Run(() => ReadAsync(reader, free.Reader, scored.Writer, places, stop.Token), CancellationToken.None);
        var position = from;
        try
        {
            await foreach (var task in scored.Reader.ReadAllAsync(cancellationToken))
            {
                var work = await task;
                position = Count(work, position);
                await write(work.Text.Written, position, cancellationToken);
                free.Writer.TryWrite(work);
            }

            await reading;
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAny(reading);

            // What is still being scored uses buffers and the semaphore; nobody wants its result or its failure any more.
            while (scored.Reader.TryRead(out var task))
            {
                await Task.WhenAny(task);
            }

            throw;
        }

        return position;
    }

    [SuppressMessage("Reliability", "CA2008", Justification = "Task.Run uses the default scheduler.")]
    private async Task ReadAsync(
        DelimitedBlockReader reader,
        ChannelReader<Work> free,
        ChannelWriter<Task<Work>> scored,
        SemaphoreSlim places,
        CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var work = await free.ReadAsync(cancellationToken);
                if (!await reader.ReadAsync(work.Block, _blockBytes, cancellationToken))
                {
                    return;
                }

                await places.WaitAsync(cancellationToken);
                await scored.WriteAsync(
                    Task.Run(
                        () =>
                        {
                            try
                            {
                                work.Score();
                                return work;
                            }
                            finally
                            {
                                places.Release();
                            }
                        },
                        CancellationToken.None),
                    CancellationToken.None);
            }
        }
        finally
        {
            // Also after a failure: what came before it is written, and then it is met by awaiting this task.
            scored.Complete();
        }
    }

    /// <summary>Decides about the bad rows of a block and counts it.</summary>
    private ScoringPosition Count(Work work, ScoringPosition before)
    {
        if (work.Parser.BadRowCount > 0)
        {
            foreach (var bad in work.Parser.BadRows(before.Rows))
            {
                if (_onBadRow?.Invoke(bad) != BadRowAction.Skip)
                {
                    throw new TableFormatException(bad.Code, bad.Message, bad.Location);
                }
            }
        }

        _plan.Settle(work.Observed, before.Scored);
        return new ScoringPosition(
            work.Block.Offset + work.Block.Length,
            before.Rows + work.Parser.RowCount,
            before.Rejected + work.Parser.BadRowCount,
            work.Block.IsCut);
    }

    /// <summary>A block with everything that scoring it needs, used again and again.</summary>
    private sealed class Work(TextScoringPlan plan)
    {
        public RecordBlock Block { get; } = new();

        public BlockParser Parser { get; } = plan.CreateParser();

        public DelimitedTextEncoder Text { get; } = plan.CreateEncoder();

        public object? Observed { get; private set; }

        public void Score()
        {
            Text.Clear();
            Parser.Parse(Block);
            Observed = plan.Score(Parser, Text);
        }
    }
}
