using System.Text.Json.Nodes;
using Auspex.Activities.Datasets;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>Counts what a Copy does and makes its output. Thread-safe.</summary>
internal sealed class CopyReport(TimeProvider clock)
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly long _started = clock.GetTimestamp();
    private long _dataRead;
    private long _dataWritten;
    private long _filesRead;
    private long _filesWritten;
    private long _filesSkipped;
    private long _rowsRead;
    private long _rowsCopied;
    private long _rowsSkipped;

    /// <summary>Rows read so far, those that were left out included.</summary>
    public long RowsRead => Interlocked.Read(ref _rowsRead);

    /// <summary>Rows left out so far.</summary>
    public long RowsSkipped => Interlocked.Read(ref _rowsSkipped);

    /// <summary>How many files were copied side by side.</summary>
    public int UsedParallelCopies { get; set; } = 1;

    /// <summary>Whether the output counts rows.</summary>
    public bool CountsRows { get; set; }

    /// <summary>Whether the output counts files read, and files written.</summary>
    public (bool Read, bool Written) CountsFiles { get; set; }

    /// <summary>What comparing found; null when nothing was compared.</summary>
    public string? Verification { get; set; }

    /// <summary>Where the session's log lies.</summary>
    public string? LogFilePath { get; set; }

    /// <summary>Where the rows that were left out lie.</summary>
    public string? RedirectRowPath { get; set; }

    public void AddRead(long bytes) => Interlocked.Add(ref _dataRead, bytes);

    public void AddWritten(long bytes) => Interlocked.Add(ref _dataWritten, bytes);

    public void FileRead() => Interlocked.Increment(ref _filesRead);

    public void FileWritten() => Interlocked.Increment(ref _filesWritten);

    public void FileSkipped() => Interlocked.Increment(ref _filesSkipped);

    public void AddRowsRead(long rows) => Interlocked.Add(ref _rowsRead, rows);

    public void AddRowsCopied(long rows) => Interlocked.Add(ref _rowsCopied, rows);

    public void RowSkipped() => Interlocked.Increment(ref _rowsSkipped);

    /// <summary>Takes back a row that was counted as copied before the sink refused it.</summary>
    public void RowRefused()
    {
        Interlocked.Decrement(ref _rowsCopied);
        Interlocked.Increment(ref _rowsSkipped);
    }

    /// <summary>The output.</summary>
    /// <param name="source">The dataset read.</param>
    /// <param name="sink">The dataset written.</param>
    /// <param name="error">What went wrong; null when nothing did.</param>
    public JsonObject ToOutput(ResolvedDataset source, ResolvedDataset sink, (string Code, string Message)? error)
    {
        var duration = clock.GetElapsedTime(_started);
        var seconds = ActivityOutputs.WholeSeconds(duration);
        var output = new JsonObject { ["dataRead"] = _dataRead, ["dataWritten"] = _dataWritten };
        if (CountsFiles.Read)
        {
            output["filesRead"] = _filesRead;
        }

        if (CountsFiles.Written)
        {
            output["filesWritten"] = _filesWritten;
        }

        if (_filesSkipped > 0)
        {
            output["filesSkipped"] = _filesSkipped;
        }

        output["sourcePeakConnections"] = UsedParallelCopies;
        output["sinkPeakConnections"] = UsedParallelCopies;
        if (CountsRows)
        {
            output["rowsRead"] = _rowsRead;
            output["rowsCopied"] = _rowsCopied;
            if (_rowsSkipped > 0)
            {
                output["rowsSkipped"] = _rowsSkipped;
            }
        }

        output["copyDuration"] = seconds;
        output["throughput"] = Math.Round(_dataRead / 1024.0 / Math.Max(duration.TotalSeconds, 0.001), 3);
        AddPaths(output);
        output["errors"] = error is { } failure
            ? new JsonArray(new JsonObject { ["Code"] = failure.Code, ["Message"] = failure.Message, ["EventType"] = 0, ["Category"] = 5 })
            : [];
        output["usedParallelCopies"] = UsedParallelCopies;
        output["executionDetails"] = new JsonArray(Details(source, sink, error is null ? "Succeeded" : "Failed", seconds));
        if (Verification is not null)
        {
            output["dataConsistencyVerification"] = new JsonObject { ["VerificationResult"] = Verification };
        }

        return ActivityOutputs.AddCommon(output, duration);
    }

    private void AddPaths(JsonObject output)
    {
        if (LogFilePath is not null)
        {
            output["logFilePath"] = LogFilePath;
        }

        if (RedirectRowPath is not null)
        {
            output["redirectRowPath"] = RedirectRowPath;
        }
    }

    private JsonObject Details(ResolvedDataset source, ResolvedDataset sink, string status, long seconds) => new()
    {
        ["source"] = new JsonObject { ["type"] = source.Store.Type },
        ["sink"] = new JsonObject { ["type"] = sink.Store.Type },
        ["status"] = status,
        ["start"] = _start.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        ["duration"] = seconds,
        ["usedParallelCopies"] = UsedParallelCopies,
        ["profile"] = new JsonObject
        {
            ["queue"] = new JsonObject { ["status"] = "Completed", ["duration"] = 0 },
            ["transfer"] = new JsonObject { ["status"] = "Completed", ["duration"] = seconds },
        },
        ["detailedDurations"] = new JsonObject { ["queuingDuration"] = 0, ["transferDuration"] = seconds },
    };
}
