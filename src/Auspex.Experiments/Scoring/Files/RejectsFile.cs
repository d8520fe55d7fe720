using Auspex.Connectors.Formats;

namespace Auspex.Experiments.Scoring.Files;

/// <summary>The rejects file beside a scored file: made when the first row is quarantined, visible once committed.</summary>
/// <param name="path">Where it goes.</param>
/// <param name="preamble">What it begins with.</param>
internal sealed class RejectsFile(string path, byte[] preamble) : IAsyncDisposable
{
    private ReplacedFile? _file;

    /// <summary>Where it goes.</summary>
    public string Path => path;

    /// <summary>Writes the rows that were quarantined since the last time.</summary>
    /// <remarks>Few rows are bad, and the stream has a buffer: there is nothing to wait for.</remarks>
    public void Write(RejectedRows rows)
    {
        if (rows.Pending.IsEmpty)
        {
            return;
        }

        if (_file is null)
        {
            _file = new ReplacedFile(path);
            _file.Stream.Write(preamble);
        }

        _file.Stream.Write(rows.Pending.Span);
        rows.ClearPending();
    }

    /// <summary>Waits until all is on disk, so that the commit need not.</summary>
    public void Secure() => _file?.Secure();

    /// <summary>Makes the file visible; one that an earlier run left goes when there is nothing to keep now.</summary>
    public void Commit()
    {
        if (_file is not null)
        {
            _file.Commit();
        }
        else
        {
            File.Delete(path);
        }
    }

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;
}
