using Auspex.Connectors.Formats;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>A JSON file being written as the sink's settings say.</summary>
internal sealed class JsonOutput : IAsyncDisposable
{
    private readonly Stream _encoded;
    private readonly bool _isOwn;

    /// <summary>Writes to a stream, which is left open.</summary>
    public JsonOutput(CopyWork work, Stream stream, string path)
    {
        var settings = work.Settings.Sink.Object("formatSettings");
        var pattern = settings.Text("filePattern")?.ToUpperInvariant() switch
        {
            null or "SETOFOBJECTS" => JsonFilePattern.SetOfObjects,
            "ARRAYOFOBJECTS" => JsonFilePattern.ArrayOfObjects,
            _ => throw settings.Wrong("filePattern", "setOfObjects or arrayOfObjects"),
        };
        _encoded = TextOutput.Encode(stream, work.Sink.Text("encodingName"), path);
        _isOwn = _encoded != stream;
        Writer = new JsonRowWriter(_encoded, pattern);
    }

    /// <summary>Writes documents and rows.</summary>
    public JsonRowWriter Writer { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        if (_isOwn)
        {
            await _encoded.DisposeAsync();
        }
    }
}
