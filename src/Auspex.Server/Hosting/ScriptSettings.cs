using System.Globalization;
using Auspex.Experiments.Modules;

namespace Auspex.Server.Hosting;

/// <summary>How script modules run. Section <c>Auspex:Scripts</c>.</summary>
internal static class ScriptSettings
{
    public const string Section = "Auspex:Scripts";

    /// <summary>Reads the section; what cannot be read keeps its default.</summary>
    public static ScriptOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var defaults = new ScriptOptions();
        return defaults with
        {
            Python = section["Python"],
            Rscript = section["Rscript"],
            Timeout = TimeSpan.TryParse(section["Timeout"], CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero
                ? timeout
                : defaults.Timeout,
            MemoryInBytes = long.TryParse(section["MemoryInBytes"], NumberStyles.None, CultureInfo.InvariantCulture, out var memory) && memory > 0
                ? memory
                : defaults.MemoryInBytes,
            AllowsNetwork = bool.TryParse(section["AllowNetwork"], out var network) && network,
        };
    }
}
