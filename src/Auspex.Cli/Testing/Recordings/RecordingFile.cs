using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing.Reading;
using Auspex.Definitions;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Recordings;

/// <summary>Writes and reads recordings: indented JSON, made to be looked at and kept beside the tests.</summary>
internal static class RecordingFile
{
    private const string Marker = "auspexRecording";
    private const int Version = 1;

    private static readonly JsonSerializerOptions ForPeople =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Whether the JSON is a recording of some version.</summary>
    public static bool IsRecording(JsonObject json) => json.ContainsKey(Marker);

    public static string Write(Recording recording) => new JsonObject
    {
        [Marker] = Version,
        ["pipeline"] = recording.Pipeline,
        ["runId"] = recording.RunId,
        ["status"] = recording.Status,
        ["startTime"] = Time(recording.StartTime),
        ["endTime"] = Time(recording.EndTime),
        ["parameters"] = recording.Parameters.DeepClone(),
        ["error"] = Error(recording.Error),
        ["returnValue"] = recording.ReturnValue?.DeepClone(),
        ["notKept"] = new JsonArray([.. recording.NotKept.Select(text => JsonValue.Create(text))]),
        ["activities"] = new JsonArray([.. recording.Activities.Select(Activity)]),
    }.ToJsonString(ForPeople) + "\n";

    /// <exception cref="RecordingException">There is no such file, or it is no recording that this release reads.</exception>
    public static Recording Read(string path)
    {
        JsonObject? json;
        try
        {
            json = JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RecordingException($"The recording {path} could not be read: {exception.Message}", exception);
        }
        catch (JsonException exception)
        {
            throw new RecordingException($"The recording {path} is no JSON: {exception.Message}", exception);
        }

        var version = json is null ? null : json.IntegerMember(Marker);
        if (version != Version)
        {
            throw new RecordingException(
                $"{path} is no recording that this program reads: found {(version is null ? "no version" : string.Create(CultureInfo.InvariantCulture, $"version {version}"))}, expected \"{Marker}\": {Version}. Record a run with 'auspex run PIPELINE --record FILE'.");
        }

        return Read(json!, path);
    }

    private static Recording Read(JsonObject json, string path) => new()
    {
        Path = path,
        Pipeline = Text(json, "pipeline", path),
        RunId = Text(json, "runId", path),
        Status = Text(json, "status", path),
        StartTime = Instant(json, "startTime", path) ?? throw Missing("startTime", path),
        EndTime = Instant(json, "endTime", path) ?? throw Missing("endTime", path),
        Parameters = json.ObjectMember("parameters")?.DeepClone().AsObject() ?? [],
        Error = Error(json.ObjectMember("error")),
        ReturnValue = json.ObjectMember("returnValue"),
        NotKept = [.. (json.ArrayMember("notKept") ?? []).Select(node => node.AsText()).OfType<string>()],
        Activities =
        [
            .. (json.ArrayMember("activities") ?? throw Missing("activities", path)).OfType<JsonObject>().Select(activity => new RecordedActivity
            {
                Path = Text(activity, "activity", path),
                Type = Text(activity, "type", path),
                Attempt = (int)(activity.IntegerMember("attempt") ?? 1),
                Status = Text(activity, "status", path),
                Start = Instant(activity, "startTime", path),
                End = Instant(activity, "endTime", path),
                Input = activity.ObjectMember("input"),
                Output = activity.ObjectMember("output"),
                Error = Error(activity.ObjectMember("error")),
                HasSecureInput = activity.BooleanMember("secureInput") ?? false,
                HasSecureOutput = activity.BooleanMember("secureOutput") ?? false,
            }),
        ],
    };

    private static JsonObject Activity(RecordedActivity activity)
    {
        var json = new JsonObject
        {
            ["activity"] = activity.Path,
            ["type"] = activity.Type,
            ["attempt"] = activity.Attempt,
            ["status"] = activity.Status,
            ["startTime"] = activity.Start is { } start ? Time(start) : null,
            ["endTime"] = activity.End is { } end ? Time(end) : null,
            ["input"] = activity.Input?.DeepClone(),
            ["output"] = activity.Output?.DeepClone(),
            ["error"] = Error(activity.Error),
        };
        if (activity.HasSecureInput)
        {
            json["secureInput"] = true;
        }

        if (activity.HasSecureOutput)
        {
            json["secureOutput"] = true;
        }

        return json;
    }

    private static JsonObject? Error(Failure? failure) => failure is null ? null : new JsonObject
    {
        ["errorCode"] = failure.ErrorCode,
        ["message"] = failure.Message,
        ["failureType"] = failure.FailureType.ToString(),
        ["target"] = failure.Target,
        ["details"] = failure.Details,
    };

    private static Failure? Error(JsonObject? json) => json is null ? null : new Failure(
        json.TextMember("errorCode") ?? "",
        json.TextMember("message") ?? "",
        json.TextMember("failureType") == nameof(FailureType.SystemError) ? FailureType.SystemError : FailureType.UserError,
        json.TextMember("target") ?? "",
        Details: json.TextMember("details"));

    private static string Text(JsonObject json, string member, string path) => json.TextMember(member) ?? throw Missing(member, path);

    private static DateTimeOffset? Instant(JsonObject json, string member, string path) => json[member] switch
    {
        null => null,
        var node => TestMembers.AsTime(node) ?? throw new RecordingException($"The recording {path} has no time in '{member}': found {node.ToJsonString()}."),
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static RecordingException Missing(string member, string path) =>
        new($"The recording {path} is damaged: it lacks '{member}'. Record the run again.");
}
