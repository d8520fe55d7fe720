using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Storage.Files;

/// <summary>The folder of our own state, held by one process at a time.</summary>
/// <remarks>
/// <para>
/// In it: <c>journal.db</c> (runs and documents), <c>artifacts/</c> (models, tables, large outputs by their hash),
/// <c>keys/</c> (what protects secrets), <c>server.json</c> (address and process of the server that owns it) and
/// <c>lock</c>.
/// </para>
/// <para>The lock is the operating system's: it ends with the process, however that ends.</para>
/// </remarks>
public sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";
    private const string ServerName = "server.json";
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>The database of runs and documents.</summary>
    public string JournalFile => System.IO.Path.Combine(Path, "journal.db");

    /// <summary>The folder of the artifacts.</summary>
    public string ArtifactsFolder => System.IO.Path.Combine(Path, "artifacts");

    /// <summary>The folder of the keys that protect secrets; only this user may read it.</summary>
    public string KeysFolder => System.IO.Path.Combine(Path, "keys");

    /// <summary>Takes the folder for this process; makes it if it is not there.</summary>
    /// <exception cref="DataFolderInUseException">Another process has it.</exception>
    /// <exception cref="StorageException">It cannot be made or written.</exception>
    public static DataFolder Open(string path)
    {
        var folder = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(folder);
            MakePrivateFolder(System.IO.Path.Combine(folder, "keys"));
            Directory.CreateDirectory(System.IO.Path.Combine(folder, "artifacts"));
            var held = Lock(folder) ?? throw new DataFolderInUseException(folder, ReadOwner(folder));

            // Whatever an earlier owner wrote there is not true any more.
            File.Delete(System.IO.Path.Combine(folder, ServerName));
            return new DataFolder(folder, held);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                ErrorCode.StorageUnavailable,
                $"The data folder '{folder}' cannot be used: {exception.Message} Name another with --data, or mend its permissions.",
                exception);
        }
    }

    /// <summary>The server that owns a folder at this moment; null when no process does, or one that is no server.</summary>
    public static DataFolderOwner? FindOwner(string path)
    {
        var folder = System.IO.Path.GetFullPath(path);
        if (!File.Exists(System.IO.Path.Combine(folder, LockName)))
        {
            return null;
        }

        try
        {
            using var free = TryLock(folder);
            return free is null ? ReadOwner(folder) : null;
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's folder: whoever may not lock it may still be told who has it.
            return ReadOwner(folder);
        }
    }

    /// <summary>Lets other processes find the server that owns the folder.</summary>
    public void RecordServer(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var record = new JsonObject { ["url"] = url.ToString(), ["pid"] = Environment.ProcessId };
        var file = System.IO.Path.Combine(Path, ServerName);
        var draft = file + ".tmp";
        File.WriteAllText(draft, record.ToJsonString());
        File.Move(draft, file, overwrite: true);
    }

    /// <summary>Gives the folder up.</summary>
    public void Dispose()
    {
        if (_lock.CanRead)
        {
            File.Delete(System.IO.Path.Combine(Path, ServerName));
            _lock.Dispose();
        }
    }

    // Whoever only asks for the owner holds the lock for a moment; that is no reason to give up.
    private static FileStream? Lock(string folder)
    {
        FileStream? held = null;
        SpinWait.SpinUntil(() => (held = TryLock(folder)) is not null, TimeSpan.FromMilliseconds(200));
        return held;
    }

    private static FileStream? TryLock(string folder)
    {
        try
        {
            return new FileStream(
                System.IO.Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    private static DataFolderOwner? ReadOwner(string folder)
    {
        try
        {
            var record = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(folder, ServerName)));
            return record?["url"] is { } url && record["pid"] is { } pid
                ? new DataFolderOwner(new Uri(url.GetValue<string>()), pid.GetValue<int>())
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException
            or UriFormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void MakePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}

/// <summary>The server that owns a data folder.</summary>
/// <param name="Url">Where it listens.</param>
/// <param name="ProcessId">Its process.</param>
public sealed record DataFolderOwner(Uri Url, int ProcessId);

/// <summary>Another process works on the data folder.</summary>
/// <param name="folder">The folder.</param>
/// <param name="owner">The server that has it; null when the process did not say.</param>
public sealed class DataFolderInUseException(string folder, DataFolderOwner? owner) : AuspexException(
    ErrorCode.DataFolderInUse,
    owner is null
        ? $"The data folder '{folder}' is in use by another process. Wait for it, stop it, or name another folder with --data."
        : FormattableString.Invariant(
            $"The data folder '{folder}' is in use by the server at {owner.Url} (process {owner.ProcessId}). Use that server, stop it, or name another folder with --data."))
{
    /// <summary>The server that has the folder; null when the process did not say.</summary>
    public DataFolderOwner? Owner { get; } = owner;
}
