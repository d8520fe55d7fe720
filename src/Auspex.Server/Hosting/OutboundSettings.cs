using Auspex.Connectors.Http;

namespace Auspex.Server.Hosting;

/// <summary>Where outgoing calls may go. Section <c>Auspex:Outbound</c>.</summary>
internal static class OutboundSettings
{
    public const string Section = "Auspex:Outbound";

    /// <summary>
    /// <c>AllowedHosts</c>: host names separated by commas, none for all; <c>AllowLinkLocal</c> and <c>UseProxy</c>:
    /// <c>true</c> or <c>false</c>, default false.
    /// </summary>
    public static OutboundOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return new OutboundOptions
        {
            AllowedHosts =
            [
                .. (section["AllowedHosts"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            ],
            AllowLinkLocal = bool.TryParse(section["AllowLinkLocal"], out var linkLocal) && linkLocal,
            UseProxy = bool.TryParse(section["UseProxy"], out var proxy) && proxy,
        };
    }
}
