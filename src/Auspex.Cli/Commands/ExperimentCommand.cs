using System.CommandLine;

namespace Auspex.Cli.Commands;

/// <summary><c>auspex experiment new|run|convert|publish|upload</c>.</summary>
internal static class ExperimentCommand
{
    public static Command Create() => new("experiment", "Begin and run experiments, make web services of them.")
    {
        ExperimentNewCommand.Create(),
        ExperimentRunCommand.Create(),
        ExperimentConvertCommand.Create(),
        ExperimentPublishCommand.Create(),
        ExperimentUploadCommand.Create(),
    };

    internal static Argument<FileInfo> File() => new Argument<FileInfo>("FILE")
    {
        Description = "The experiment's JSON file.",
    }.MustBeFile();

    internal static Option<string[]> Inputs()
    {
        var option = new Option<string[]>("--input")
        {
            Description = "NAME=FILE: a table for a web-service input in place of the experiment's own data.",
        };
        option.Validators.Add(static result =>
        {
            foreach (var text in result.Tokens.Select(token => token.Value).Where(text => text.IndexOf('=', StringComparison.Ordinal) > 0))
            {
                if (FileArguments.Problem(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]) is { } problem)
                {
                    result.AddError($"--input {text}: {problem}");
                }
            }
        });
        return option;
    }

    internal static Option<string[]> Parameters() => new("--set")
    {
        Description = "NAME=VALUE: a value for a web-service parameter.",
    };

    /// <summary>Splits <c>name=value</c> options; null, with a message, when one has no equals sign.</summary>
    internal static IReadOnlyDictionary<string, string>? Pairs(string[]? options, string option)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in options ?? [])
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                Console.Error.WriteLine($"auspex: {option} {text}: expected NAME=VALUE.");
                return null;
            }

            pairs[text[..equals]] = text[(equals + 1)..];
        }

        return pairs;
    }
}
