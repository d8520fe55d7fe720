using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Activities.External.Web;

namespace Auspex.Activities.External.Commands;

/// <summary>The folder of one command: <c>wd</c> inside it is where the program runs, beside lie what it writes to stdout and stderr.</summary>
internal sealed class CommandFolder
{
    private const string ExpiryFile = "expires";

    private CommandFolder(string path) => Path = path;

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>Where the program runs.</summary>
    public string WorkingFolder => System.IO.Path.Combine(Path, "wd");

    /// <summary>What the program writes to standard output.</summary>
    public string StandardOutput => System.IO.Path.Combine(Path, "stdout.txt");

    /// <summary>What the program writes to standard error.</summary>
    public string StandardError => System.IO.Path.Combine(Path, "stderr.txt");

    /// <summary>Makes the folder anew; what an earlier run of the attempt left is removed.</summary>
    /// <param name="root">The folder of all commands.</param>
    /// <param name="name">The folder's name.</param>
    /// <param name="expires">When it may be removed.</param>
    public static CommandFolder Create(string root, string name, DateTimeOffset expires)
    {
        var folder = new CommandFolder(System.IO.Path.Combine(root, name));
        if (Directory.Exists(folder.Path))
        {
            Directory.Delete(folder.Path, recursive: true);
        }

        MakePrivate(folder.WorkingFolder);
        File.WriteAllText(
            System.IO.Path.Combine(folder.Path, ExpiryFile), expires.ToString("O", CultureInfo.InvariantCulture));
        return folder;
    }

    /// <summary>Removes folders whose time is over.</summary>
    public static void Sweep(string root, DateTimeOffset now)
    {
        if (!Directory.Exists(root))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            try
            {
                var expiry = System.IO.Path.Combine(folder, ExpiryFile);
                if (File.Exists(expiry)
                    && DateTimeOffset.TryParse(File.ReadAllText(expiry), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var expires)
                    && expires < now)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // In use, or being removed by another command: the next sweep finds it.
            }
        }
    }

    /// <summary>Writes a document beside the program.</summary>
    public Task WriteAsync(string name, JsonNode document, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(System.IO.Path.Combine(WorkingFolder, name), document.ToJsonString(WebJson.Plain), cancellationToken);

    // Secrets in clear may lie in it.
    private static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
