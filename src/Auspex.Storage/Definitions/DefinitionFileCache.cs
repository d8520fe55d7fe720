using Auspex.Definitions.Loading;

namespace Auspex.Storage.Definitions;

/// <summary>
/// The files of a factory as last read. One whose size and time are what they were is given again, the same object, and so is parsed
/// once however often its factory is read.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class DefinitionFileCache
{
    private readonly Dictionary<string, (long Length, DateTime Written, DefinitionFile File)> _files = new(StringComparer.Ordinal);

    /// <summary>A file's bytes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="relative">Its path in the factory.</param>
    public DefinitionFile Read(FileInfo file, string relative)
    {
        if (_files.TryGetValue(file.FullName, out var known)
            && known.Length == file.Length
            && known.Written == file.LastWriteTimeUtc
            && known.File.Path == relative)
        {
            return known.File;
        }

        // Size and time are from before the reading: what is written meanwhile is noticed the next time.
        var read = new DefinitionFile(relative, File.ReadAllBytes(file.FullName));
        _files[file.FullName] = (file.Length, file.LastWriteTimeUtc, read);
        return read;
    }

    /// <summary>Forgets a file that is being written here: its clock may not tell it from the one before.</summary>
    public void Forget(string file) => _files.Remove(Path.GetFullPath(file));
}
