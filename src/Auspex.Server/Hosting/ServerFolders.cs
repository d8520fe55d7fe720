namespace Auspex.Server.Hosting;

/// <summary>Where things lie in the data folder.</summary>
internal sealed class ServerFolders
{
    public ServerFolders(string data)
    {
        Data = data;
        Keys = CreatePrivate("keys");
        Certificates = CreatePrivate("certificates");
        Temporary = CreatePrivate("temp");
        Storage = CreatePrivate("storage");
    }

    /// <summary>The data folder, absolute.</summary>
    public string Data { get; }

    /// <summary>Keys of Data Protection.</summary>
    public string Keys { get; }

    /// <summary>The certificate of our own making.</summary>
    public string Certificates { get; }

    /// <summary>Uploads on their way; emptied at each start.</summary>
    public string Temporary { get; }

    /// <summary>The workspace's default storage: outputs for which a batch request names no place.</summary>
    public string Storage { get; }

    /// <summary>Where commands of Custom activities run; not there before the first.</summary>
    public string Commands => Path.Combine(Data, "custom");

    /// <summary>Factories that clients made, a git folder each; not there before the first.</summary>
    public string Factories => Path.Combine(Data, "factories");

    public void EmptyTemporary()
    {
        foreach (var file in Directory.EnumerateFiles(Temporary))
        {
            File.Delete(file);
        }
    }

    private string CreatePrivate(string name)
    {
        var path = Path.Combine(Data, name);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }
}
