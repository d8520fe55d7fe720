using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement.Copying.Mapping;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>How files that cannot be copied are taken.</summary>
/// <param name="Missing">Files that are gone before they are read are passed over.</param>
/// <param name="Forbidden">So are files that may not be read.</param>
/// <param name="Inconsistent">So are files that are not the same after the copy.</param>
internal sealed record SkippedFiles(bool Missing, bool Forbidden, bool Inconsistent);

/// <summary>A place for logs: a linked service and a path.</summary>
internal sealed record LogPlace(ResourceReference Store, string Path);

/// <summary>What a Copy is asked to do, apart from its datasets.</summary>
internal sealed record CopySettings
{
    /// <summary>The source's properties.</summary>
    public required PropertyReader Source { get; init; }

    /// <summary>The sink's properties.</summary>
    public required PropertyReader Sink { get; init; }

    /// <summary>Which columns go where.</summary>
    public required ColumnMapping Mapping { get; init; }

    /// <summary>How many files are copied side by side.</summary>
    public required int ParallelCopies { get; init; }

    /// <summary>Whether rows that do not fit are left out.</summary>
    public bool SkipsRows { get; init; }

    /// <summary>Which files are passed over.</summary>
    public required SkippedFiles SkipsFiles { get; init; }

    /// <summary>Where rows that are left out are kept; null for nowhere.</summary>
    public LogPlace? RedirectedRows { get; init; }

    /// <summary>Where the session's log goes; null for nowhere.</summary>
    public LogPlace? Log { get; init; }

    /// <summary>Whether the log names the files that were copied too.</summary>
    public bool LogsEverything { get; init; }

    /// <summary>Whether what was written is compared with what was read.</summary>
    public bool ValidatesConsistency { get; init; }

    /// <summary>Reads the properties of a Copy.</summary>
    public static CopySettings Read(ActivityAttempt attempt, DataMovementOptions options)
    {
        var properties = PropertyReader.Of(attempt);
        var source = properties.RequiredObject("source");
        var sink = properties.RequiredObject("sink");
        var skips = properties.Object("skipErrorFile");
        var log = LogOf(properties, out var logsEverything);
        return new CopySettings
        {
            Source = source,
            Sink = sink,
            Mapping = ColumnMapping.Read(properties),
            ParallelCopies = (int)(properties.Integer("parallelCopies", 1, 1000) ?? options.ParallelCopies),
            SkipsRows = properties.Boolean("enableSkipIncompatibleRow", false),
            SkipsFiles = new SkippedFiles(
                properties.Has("skipErrorFile") && skips.Boolean("fileMissing", true),
                skips.Boolean("fileForbidden", false),
                skips.Boolean("dataInconsistency", false)),
            RedirectedRows = properties.Has("redirectIncompatibleRowSettings")
                ? PlaceOf(properties.Object("redirectIncompatibleRowSettings"))
                : null,
            Log = log,
            LogsEverything = logsEverything,
            ValidatesConsistency = properties.Boolean("validateDataConsistency", false),
        };
    }

    private static LogPlace? LogOf(PropertyReader properties, out bool logsEverything)
    {
        if (properties.Has("logStorageSettings"))
        {
            var old = properties.Object("logStorageSettings");
            logsEverything = IsInfo(old);
            return PlaceOf(old);
        }

        var settings = properties.Object("logSettings");
        var detail = settings.Object("copyActivityLogSettings");
        logsEverything = IsInfo(detail);
        return properties.Has("logSettings") && settings.Boolean("enableCopyActivityLog", true)
            ? PlaceOf(settings.RequiredObject("logLocationSettings"))
            : null;
    }

    private static bool IsInfo(PropertyReader settings) =>
        "Info".Equals(settings.Text("logLevel"), StringComparison.OrdinalIgnoreCase);

    private static LogPlace PlaceOf(PropertyReader settings)
    {
        JsonNode? reference = settings.Json.Member("linkedServiceName");
        return new LogPlace(
            ReferenceLoader.Load(reference) ?? throw settings.Missing("linkedServiceName"), settings.Text("path") ?? "");
    }
}
