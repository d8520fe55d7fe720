using System.Text;
using Auspex.Definitions;
using Auspex.Definitions.Loading;

namespace Auspex.Tests.Core.Definitions;

/// <summary>Factories for tests: from the disk, or from text.</summary>
internal static class DefinitionFolder
{
    /// <summary>All JSON files below a folder, as the loader takes them.</summary>
    public static DefinitionFile[] Read(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => new DefinitionFile(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes(file))),
    ];

    public static FactoryDefinition Load(params (string Path, string Text)[] files) => LoadFor(null, files);

    public static FactoryDefinition LoadFor(string? environment, params (string Path, string Text)[] files) =>
        FactoryDefinitionLoader.Load(
            [.. files.Select(file => new DefinitionFile(file.Path, Encoding.UTF8.GetBytes(file.Text)))],
            Path.Combine(Path.GetTempPath(), "factory"),
            environment);
}
