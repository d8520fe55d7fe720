using System.Text;
using Auspex.Connectors.Formats;

namespace Auspex.Cli.Workspace;

/// <summary>
/// Rows of a file that cannot be read: left out, counted, and kept as they stand, under the input's header, for whoever
/// mends them, so that one bad row does not cost the file.
/// </summary>
/// <param name="path">Where they are kept.</param>
/// <param name="input">How the file is read.</param>
/// <param name="columns">The file's columns.</param>
internal sealed class RejectedRows(string path, DelimitedTextOptions input, IEnumerable<string> columns) : IAsyncDisposable
{
    private ReplacedFile? _file;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>What was wrong with the first, and where; holds no value. Null when there is none.</summary>
    public string? FirstProblem { get; private set; }

    /// <summary>Where they are kept.</summary>
    public string Path => path;

    /// <summary>Takes a row that cannot be read.</summary>
    public BadRowAction Take(BadRow row)
    {
        if (_file is null)
        {
            _file = new ReplacedFile(path);
            if (input.HasHeader)
            {
                var header = columns.Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
                _file.Stream.Write(Encoding.UTF8.GetBytes(string.Join(input.Delimiter, header) + "\n"));
            }
        }

        Count++;
        FirstProblem ??= row.Message;
        _file.Stream.Write(row.Record.Span);
        _file.Stream.WriteByte((byte)'\n');
        return BadRowAction.Skip;
    }

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
