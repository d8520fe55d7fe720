using System.CommandLine;

namespace Auspex.Cli.Commands;

/// <summary>Options that several commands have, each with one meaning.</summary>
internal static class SharedOptions
{
    public static Option<DirectoryInfo> Factory() => new("--factory")
    {
        Description = "The factory's folder (default: the current folder).",
        DefaultValueFactory = _ => new DirectoryInfo("."),
    };

    public static Option<string?> Environment() => new("--env")
    {
        Description = "Lay auspex.NAME.json over auspex.json.",
    };

    public static Option<string?> Data() => new("--data")
    {
        Description = "The data folder (default: .auspex beside the factory).",
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print JSON lines for programs instead of text for people.",
    };

    public static Option<string?> Server() => new("--url")
    {
        Description = "The server to talk to (default: the one that owns the data folder).",
    };
}
