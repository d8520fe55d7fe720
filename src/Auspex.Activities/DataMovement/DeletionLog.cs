using System.Text;
using Auspex.Activities.Datasets.Files;
using Auspex.Connectors.Formats;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement;

/// <summary>The log of a Delete: a CSV file with <c>Name,Category,Status,Error</c> where <c>logStorageSettings</c> says. Without it, nothing.</summary>
internal sealed class DeletionLog
{
    private readonly Lock _gate = new();
    private readonly DelimitedTextEncoder _text = new(DelimitedTextWriterOptions.Csv with { NewLine = "\r\n" });
    private readonly FilePlace? _place;
    private readonly string _path;

    private DeletionLog(FilePlace? place, string path)
    {
        _place = place;
        _path = path;
        Write("Name", "Category", "Status", "Error");
    }

    /// <summary>Prepares the log.</summary>
    public static async Task<DeletionLog> OpenAsync(
        DataServices services, ActivityAttempt attempt, PropertyReader properties, CancellationToken cancellationToken)
    {
        var isWanted = properties.Boolean("enableLogging", properties.Has("logSettings") || properties.Has("logStorageSettings"));
        if (!isWanted)
        {
            return new DeletionLog(null, "");
        }

        var settings = properties.Has("logStorageSettings")
            ? properties.Object("logStorageSettings")
            : properties.RequiredObject("logSettings").RequiredObject("logLocationSettings");
        var reference = ReferenceLoader.Load(settings.Json.Member("linkedServiceName")) ?? throw settings.Missing("linkedServiceName");
        var store = await services.Datasets.ResolveStoreAsync(attempt, reference, cancellationToken);
        var place = services.Places.OpenFolder(attempt, store, settings.Text("path") ?? "");
        var name = $"{attempt.ActivityRunId}.csv";
        return new DeletionLog(place, FilePlace.Join(place.FolderPath, "delete-logs", attempt.Activity.Name, name));
    }

    /// <summary>Notes what became of a file.</summary>
    public void Add(string path, string status, string error)
    {
        if (_place is not null)
        {
            lock (_gate)
            {
                Write(path, "File", status, error);
            }
        }
    }

    /// <summary>Writes the log; gives its path, or null without one.</summary>
    public async Task<string?> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_place is null)
        {
            return null;
        }

        await using var upload = await _place.Store.OpenWriteAsync(_path, cancellationToken);
        await upload.Stream.WriteAsync(_text.Written, cancellationToken);
        await upload.CommitAsync(cancellationToken);
        return _path;
    }

    private void Write(params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            _text.WriteDelimiter(i);
            if (fields[i].Length > 0)
            {
                _text.WriteText(Encoding.UTF8.GetBytes(fields[i]));
            }
        }

        _text.EndRow();
    }
}
