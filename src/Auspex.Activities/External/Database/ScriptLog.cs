using System.Text;
using Auspex.Activities.Datasets.Files;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.External.Database;

/// <summary>What a database says while scripts run, such as PRINT and NOTICE: into the output, or into a file of a store. Thread-safe.</summary>
internal sealed class ScriptLog
{
    private const int MostCharacters = 1 << 20;

    private readonly StringBuilder _text = new();
    private readonly FilePlace? _place;
    private readonly string _path;

    private ScriptLog(FilePlace? place, string path) => (_place, _path) = (place, path);

    /// <summary>Whether something was left out.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Prepares the log that <c>logSettings</c> asks for; without them, one for the output.</summary>
    /// <exception cref="ActivityException">They are malformed, or the store cannot be used.</exception>
    public static async Task<ScriptLog> OpenAsync(
        ExternalServices services, ActivityAttempt attempt, PropertyReader properties, CancellationToken cancellationToken)
    {
        if (!properties.Has("logSettings"))
        {
            return new ScriptLog(null, "");
        }

        var settings = properties.Object("logSettings");
        switch (settings.Required("logDestination").ToUpperInvariant())
        {
            case "ACTIVITYOUTPUT":
                return new ScriptLog(null, "");
            case "EXTERNALSTORE":
                var location = settings.RequiredObject("logLocationSettings");
                var reference = ReferenceLoader.Load(location.Json.Member("linkedServiceName")) ?? throw location.Missing("linkedServiceName");
                var store = await services.LinkedServices.ResolveAsync(attempt.Factory, reference, cancellationToken);
                var place = services.Places.OpenFolder(attempt, store, location.Text("path") ?? "");
                return new ScriptLog(
                    place, FilePlace.Join(place.FolderPath, "scriptactivity-logs", attempt.Activity.Name, attempt.ActivityRunId + ".txt"));
            default:
                throw settings.Wrong("logDestination", "ActivityOutput or ExternalStore");
        }
    }

    /// <summary>Takes a message.</summary>
    public void Add(string message)
    {
        lock (_text)
        {
            if (_text.Length + message.Length > MostCharacters)
            {
                IsTruncated = true;
                return;
            }

            _text.Append(message).Append('\n');
        }
    }

    /// <summary>Writes the file where there is one; gives what the output shows and where the file is.</summary>
    public async Task<(string Text, string Location)> CompleteAsync(CancellationToken cancellationToken)
    {
        string text;
        lock (_text)
        {
            text = _text.ToString();
        }

        if (_place is null)
        {
            return (text, "");
        }

        await using var upload = await _place.Store.OpenWriteAsync(_path, cancellationToken);
        await upload.Stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await upload.CommitAsync(cancellationToken);
        return ("", _path);
    }
}
