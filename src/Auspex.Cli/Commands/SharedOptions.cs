using System.CommandLine;

namespace Auspex.Cli.Commands;

/// <summary>Options that several commands have, each with one meaning.</summary>
internal static class SharedOptions
{
    public static Option<DirectoryInfo> Factory() => new("--factory")
    {
        Description = "The factory's folder, or a single definition's file.",
        DefaultValueFactory = _ => new DirectoryInfo("."),
    };

    /// <summary>The same in fewer letters, for commands that are about the factory as a whole.</summary>
    public static Argument<DirectoryInfo?> FactoryArgument() => new("FACTORY")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The same as --factory.",
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

    public static Option<string?> Server()
    {
        var url = new Option<string?>("--url")
        {
            Description = "The server to talk to (default: the one that owns the data folder).",
        };
        url.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var text }]
                && !(Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                result.AddError($"--url {text}: expected http://HOST:PORT or https://HOST:PORT.");
            }
        });
        return url;
    }

    /// <summary>The data folder that goes with a factory: the one that was named, else <c>.auspex</c> beside the factory.</summary>
    public static string DataFolder(string factory, string? named) => Path.GetFullPath(
        named ?? Path.Combine(File.Exists(factory) ? Path.GetDirectoryName(Path.GetFullPath(factory))! : factory, ".auspex"));
}
