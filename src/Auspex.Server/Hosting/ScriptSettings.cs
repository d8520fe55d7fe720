using System.Globalization;
using Auspex.Experiments.Modules;

namespace Auspex.Server.Hosting;

/// <summary>How script modules run. Section <c>Auspex:Scripts</c>.</summary>
public static class ScriptSettings
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auspex:Scripts";

    private const int MostStandby = 16;

    /// <summary>Reads the section; what cannot be read keeps its default.</summary>
    /// <param name="find">Gives a setting by its name in the section, such as <c>Timeout</c>; null where it is not set.</param>
    public static ScriptOptions Read(Func<string, string?> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        var defaults = new ScriptOptions();
        return defaults with
        {
            Python = find("Python"),
            Rscript = find("Rscript"),
            Timeout = TimeSpan.TryParse(find("Timeout"), CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero
                ? timeout
                : defaults.Timeout,
            MemoryInBytes = long.TryParse(find("MemoryInBytes"), NumberStyles.None, CultureInfo.InvariantCulture, out var memory) && memory > 0
                ? memory
                : defaults.MemoryInBytes,
            Standby = int.TryParse(find("Standby"), NumberStyles.None, CultureInfo.InvariantCulture, out var standby) && standby <= MostStandby
                ? standby
                : defaults.Standby,
            StandbyTime = TimeSpan.TryParse(find("StandbyTime"), CultureInfo.InvariantCulture, out var standbyTime) && standbyTime > TimeSpan.Zero
                ? standbyTime
                : defaults.StandbyTime,
            AllowsNetwork = bool.TryParse(find("AllowNetwork"), out var network) && network,
        };
    }
}
