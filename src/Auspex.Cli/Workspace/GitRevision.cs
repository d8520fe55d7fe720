using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;

namespace Auspex.Cli.Workspace;

/// <summary>A folder as it was in a commit of its git repository, laid into a temporary folder as long as this object lives.</summary>
internal sealed class GitRevision : IDisposable
{
    private GitRevision(string path) => Folder = path;

    /// <summary>The temporary folder.</summary>
    public string Folder { get; }

    /// <summary>Takes a folder out of a commit by the <c>git</c> command.</summary>
    /// <param name="folder">The folder as it is now; also the place whose repository is asked.</param>
    /// <param name="revision">A commit (<c>HEAD~1</c>, a branch, a tag), or a folder of one (<c>main:factory</c>).</param>
    /// <returns>The files, or why there are none.</returns>
    public static (GitRevision? Files, string? Problem) Open(string folder, string revision)
    {
        // Nothing that could be an option reaches git. A commit alone means the folder as it was in it.
        var tree = revision.Contains(':', StringComparison.Ordinal) ? revision : revision + ":./";
        if (revision.StartsWith('-') || Ask(folder, "rev-parse", "--verify", "--quiet", tree) is not { Length: > 0 } id
            || Ask(folder, "rev-parse", "--show-toplevel") is not { Length: > 0 } top)
        {
            return (null, IsInstalled()
                ? $"'{revision}' is no file or folder, and {Path.GetFullPath(folder)} is in no git repository that knows it as a revision"
                : $"'{revision}' is no file or folder, and there is no 'git' command to look for a revision of that name");
        }

        var files = new GitRevision(Directory.CreateTempSubdirectory("auspex-plan-").FullName);
        if (Run(top, stream => TarFile.ExtractToDirectory(stream, files.Folder, overwriteFiles: true), "archive", "--format=tar", id) == 0)
        {
            return (files, null);
        }

        files.Dispose();
        return (null, $"git has no folder at '{revision}'");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static bool IsInstalled() => Run(Directory.GetCurrentDirectory(), null, "--version") is not null;

    private static string? Ask(string folder, params string[] arguments)
    {
        var answer = "";
        var exitCode = Run(
            folder,
            stream =>
            {
                using var reader = new StreamReader(stream);
                answer = reader.ReadToEnd().Trim();
            },
            arguments);
        return exitCode == 0 ? answer : null;
    }

    /// <summary>Runs git; null where there is none.</summary>
    private static int? Run(string folder, Action<Stream>? read, params string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Array.ForEach(arguments, start.ArgumentList.Add);
        try
        {
            using var process = Process.Start(start)!;

            // What git says on stderr is not shown, and must not fill its pipe.
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            try
            {
                (read ?? (stream => stream.CopyTo(Stream.Null)))(process.StandardOutput.BaseStream);
            }
            catch (EndOfStreamException)
            {
                // git broke off, and its exit code says so.
            }

            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
