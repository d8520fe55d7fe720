using System.CommandLine;
using System.CommandLine.Parsing;
using Auspex.Errors;

namespace Auspex.Cli.Commands;

/// <summary>Arguments and options that name files to read: what is wrong with a name shows before anything is done.</summary>
internal static class FileArguments
{
    /// <summary>Each must be a file that is there.</summary>
    public static Argument<T> MustBeFile<T>(this Argument<T> argument)
    {
        argument.Validators.Add(Check);
        return argument;
    }

    /// <summary>Each must be a file that is there.</summary>
    public static Option<T> MustBeFile<T>(this Option<T> option)
    {
        option.Validators.Add(Check);
        return option;
    }

    /// <summary>What is wrong with a path as a file to read; null when there is such a file.</summary>
    public static string? Problem(string path)
    {
        if (File.Exists(path))
        {
            return null;
        }

        if (Directory.Exists(path))
        {
            return $"'{path}' is a folder; expected a file.";
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return !Directory.Exists(folder)
            ? $"There is no file '{path}': there is no folder '{folder}'."
            : $"There is no file '{path}'.{NearestName.Hint(Path.GetFileName(path), [.. Directory.EnumerateFiles(folder).Take(1000).Select(Path.GetFileName).OfType<string>()])}";
    }

    private static void Check(SymbolResult result)
    {
        foreach (var problem in result.Tokens.Select(token => Problem(token.Value)).OfType<string>())
        {
            result.AddError(problem);
        }
    }
}
