using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Auspex.Engine.Hosting;

/// <summary>How this host runs pipelines. Section <c>Auspex:Engine</c>, environment <c>Auspex__Engine__LeaseDuration</c>.</summary>
public sealed class EngineOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auspex:Engine";

    /// <summary>How long a host owns a run without renewing. 5 s to 10 min; default 30 s. Longer: slower recovery.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long an attempt may go on after it was asked to stop before it is left behind. 0 to 10 min; default 30 s.
    /// Longer: cleaner ends, slower stops.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopGracePeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The timeout of an attempt whose policy names none. 1 s to 90 d; default 12 h, as in Data Factory.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "90.00:00:00")]
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromHours(12);

    /// <summary>
    /// The largest JSON value in bytes that stands in the journal itself; larger ones become artifacts. 256 to 1,048,576;
    /// default 65,536.
    /// </summary>
    [Range(256, 1_048_576)]
    public int MaxInlineBytes { get; set; } = 65_536;

    /// <summary>How many runs of one pipeline may wait for a place. 0 to 100,000; default 100, as in Data Factory.</summary>
    [Range(0, 100_000)]
    public int MaxQueuedRuns { get; set; } = 100;

    /// <summary>
    /// How long a run that has ended is kept, with its activity runs, and the run of a trigger unless it is a window's. 0 to 36,500 d; default 45 d, as in Data Factory; 0 keeps
    /// all. Longer: a larger journal, not a slower one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(45);

    /// <summary>
    /// Whether a ForEach starts no further iteration once one has failed. Default false, as in Data Factory, where all items are
    /// worked off. A loop's user property <c>stopAtFirstFailure</c> says so for that loop alone.
    /// </summary>
    public bool StopForEachAtFirstFailure { get; set; }

    /// <summary>
    /// The most bytes that the evaluated properties of an activity may take as JSON. 0 to 1,073,741,824; default 917,504 (896 KB), as
    /// in Data Factory; 0 is no limit.
    /// </summary>
    [Range(0, 1_073_741_824)]
    public int MaxInputBytes { get; set; } = 896 << 10;

    /// <summary>
    /// The most bytes that an activity's output, or a pipeline's return value, may take as JSON. 0 to 1,073,741,824; default
    /// 4,194,304 (4 MB), as in Data Factory; 0 is no limit.
    /// </summary>
    [Range(0, 1_073_741_824)]
    public int MaxOutputBytes { get; set; } = 4 << 20;

    /// <summary>How deep pipelines may execute pipelines. 1 to 1,000; default 50. Stops recursion without end.</summary>
    [Range(1, 1_000)]
    public int MaxPipelineDepth { get; set; } = 50;
}

/// <summary>Checks the ranges above.</summary>
[OptionsValidator]
internal sealed partial class EngineOptionsValidator : IValidateOptions<EngineOptions>;
