using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Auspex.Engine.Triggers;

/// <summary>How this host runs triggers. Section <c>Auspex:Triggers</c>, environment <c>Auspex__Triggers__CheckInterval</c>.</summary>
public sealed class TriggerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auspex:Triggers";

    /// <summary>
    /// How often definitions and the store are looked at for what others changed, and at most how late a jump of the clock is
    /// noticed. 1 s to 1 d; default 15 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How late a schedule's occurrence may be started after this host was down or asleep; older ones are left out, as in Data
    /// Factory. 0 to 1 d; default 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MisfireTolerance { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a storage trigger lists its blobs. 1 s to 1 d; default 10 s. Longer: fewer calls, later starts.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BlobPollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many due windows of a trigger are looked at beyond those that run. 1 to 10,000; default 100. A window behind so many
    /// that wait for others waits with them.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxWaitingWindows { get; set; } = 100;

    /// <summary>How long a window waits for those it depends on. 1 min to 90 d; default 7 d, as in Data Factory.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan DependencyTimeout { get; set; } = TimeSpan.FromDays(7);
}

/// <summary>Checks the ranges above.</summary>
[OptionsValidator]
internal sealed partial class TriggerOptionsValidator : IValidateOptions<TriggerOptions>;
