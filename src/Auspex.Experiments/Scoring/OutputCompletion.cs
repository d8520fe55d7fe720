using Auspex.Connectors.Formats;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// Puts the scored rows of mended rejects into an output where they belong: behind as many of its rows as stood before them
/// in the input.
/// </summary>
/// <remarks>Streams: memory holds the blocks that are being scored, and the places of the rejects in them.</remarks>
public sealed class OutputCompletion
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly RejectsReader _rejects;
    private readonly RecordReader _present;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _write;
    private readonly RejectedRows _stillRejected;
    private readonly DelimitedTextOptions _output;

    // Rejects, from 0, that could not be read this time either and were not passed yet.
    private readonly Queue<long> _bad = [];

    // The places of the rejects from _firstPlace on, as far as they were asked for.
    private readonly List<RejectedPlace> _places = [];
    private long _firstPlace;
    private long _next;
    private long _nextRow = 1;

    private OutputCompletion(
        RejectsReader rejects,
        RecordReader present,
        DelimitedTextOptions output,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write,
        RejectedRows stillRejected)
    {
        _rejects = rejects;
        _present = present;

        // Its rows are those of the input and more beside them.
        _output = output with { MaxRecordBytes = DelimitedTextOptions.MostRecordBytes };
        _write = write;
        _stillRejected = stillRejected;
    }

    private long Rows { get; set; }

    /// <summary>Scores mended rejects and writes the output anew with them in their places.</summary>
    /// <param name="rejects">The mended rejects.</param>
    /// <param name="scored">Where and how the rejects are scored.</param>
    /// <param name="present">The output as it is; disposed.</param>
    /// <param name="output">How the output is read.</param>
    /// <param name="write">Takes the new output, header included.</param>
    /// <param name="stillRejected">Takes the rows that cannot be read this time either.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Rows of the new output.</returns>
    /// <exception cref="TableFormatException">The output is not the one that the rejects were taken from.</exception>
    public static async Task<long> RunAsync(
        RejectsReader rejects,
        (TextScoringPlan Plan, DelimitedBlockReader Reader, int Threads) scored,
        Stream present,
        DelimitedTextOptions output,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write,
        RejectedRows stillRejected,
        CancellationToken cancellationToken)
    {
        await using var rows = await RecordReader.OpenAsync(
            present, output with { MaxRecordBytes = DelimitedTextOptions.MostRecordBytes }, cancellationToken);
        var header = scored.Plan.Header();
        if (!header.Span.TrimEnd((byte)'\n').SequenceEqual(rows.HeaderRecord.Span))
        {
            throw new TableFormatException(
                Errors.ErrorCode.RejectsFile, $"{output.Name}: found another header than the model's scores have; expected the output that the rejects were taken from.");
        }

        await write(header, cancellationToken);
        var completion = new OutputCompletion(rejects, rows, output, write, stillRejected);
        await new TextScorer(scored.Plan, scored.Threads, completion.Take).RunAsync(
            scored.Reader, default, completion.WriteAsync, cancellationToken);
        await completion.CompleteAsync(cancellationToken);
        return completion.Rows;
    }

    /// <summary>Decides about a reject that is bad still: it keeps the place it had.</summary>
    private BadRowAction Take(BadRow row)
    {
        var index = row.Location.Row - 1;
        _bad.Enqueue(index);
        var place = PlaceOf(index);
        return _stillRejected.Take(row with { Location = row.Location with { Row = place.Row, Offset = place.Offset } });
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> text, ScoringPosition after, CancellationToken cancellationToken)
    {
        if (after.Rows > _next)
        {
            PlaceOf(after.Rows - 1);
        }

        var options = _output with { HasHeader = false, Schema = null };
        await using var scored = text.IsEmpty
            ? null
            : await RecordReader.OpenAsync(new MemoryStream(text.ToArray(), writable: false), options, cancellationToken);
        for (; _next < after.Rows; _next++, _nextRow++)
        {
            await CopyAsync(PlaceOf(_next).Row, cancellationToken);
            if (_bad.TryPeek(out var bad) && bad == _next)
            {
                _bad.Dequeue();
            }
            else if (await scored!.MoveNextAsync(cancellationToken))
            {
                await WriteAsync(scored.Current, cancellationToken);
            }
        }

        _places.RemoveRange(0, (int)(_next - _firstPlace));
        _firstPlace = _next;
    }

    private ValueTask CompleteAsync(CancellationToken cancellationToken) =>
        _rejects.TryTakePlace(out _) ? throw NotOneRowEach(_next, "more") : CopyAsync(long.MaxValue, cancellationToken);

    /// <summary>Where a reject that was not passed yet belongs.</summary>
    private RejectedPlace PlaceOf(long index)
    {
        while (_firstPlace + _places.Count <= index)
        {
            // A record's place is there before its text is.
            _places.Add(_rejects.TryTakePlace(out var place) ? place : throw NotOneRowEach(index + 1, $"{_firstPlace + _places.Count}"));
        }

        return _places[(int)(index - _firstPlace)];
    }

    // A quote that is opened in one record and closed in another makes one row of both.
    private static TableFormatException NotOneRowEach(long rows, string rejects) => new(
        Errors.ErrorCode.RejectsFile,
        $"Found {rows} rows in the records of {rejects} rejects; expected one in each. Look for quotes that do not fit.");

    private async ValueTask CopyAsync(long beforeRow, CancellationToken cancellationToken)
    {
        for (; _nextRow < beforeRow && await _present.MoveNextAsync(cancellationToken); _nextRow++)
        {
            await WriteAsync(_present.Current, cancellationToken);
        }

        if (_nextRow < beforeRow && beforeRow != long.MaxValue)
        {
            throw new TableFormatException(
                Errors.ErrorCode.RejectsFile,
                $"The output ends before row {beforeRow} of the input, where the next reject belongs; expected the output that the rejects were taken from.");
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
    {
        await _write(record, cancellationToken);
        await _write(NewLine, cancellationToken);
        Rows++;
    }
}
