using Auspex.Connectors.ObjectStorage;

namespace Auspex.Activities.Datasets.Files;

/// <summary>Where a dataset's files lie.</summary>
/// <param name="Store">The store.</param>
/// <param name="Container">Container, file system or bucket; empty where a store has none.</param>
/// <param name="Folder">The folder in it, without slashes at its ends; empty for the container itself.</param>
/// <param name="FileName">The file in the folder; empty when the folder is meant. May hold wildcards in old datasets.</param>
internal sealed record FilePlace(IBlobStore Store, string Container, string Folder, string FileName)
{
    /// <summary>Whether files cannot be listed: one address is one file.</summary>
    public bool IsSingleFile { get; init; }

    /// <summary>The folder's path in the store.</summary>
    public string FolderPath => Join(Container, Folder);

    /// <summary>The file's path in the store.</summary>
    public string FilePath => Join(FolderPath, FileName);

    /// <summary>The path without its container, as <c>$$FILEPATH</c> and the logs show it.</summary>
    public string WithoutContainer(string path) =>
        Container.Length > 0 && path.StartsWith(Container + "/", StringComparison.Ordinal) ? path[(Container.Length + 1)..] : path;

    /// <summary>Joins the parts of a path that are not empty.</summary>
    public static string Join(params ReadOnlySpan<string> parts)
    {
        var path = "";
        foreach (var part in parts)
        {
            path = path.Length == 0 ? part : part.Length == 0 ? path : path + "/" + part;
        }

        return path;
    }
}
