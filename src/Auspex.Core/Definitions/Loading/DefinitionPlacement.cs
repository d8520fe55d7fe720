using System.Security.Cryptography;
using System.Text;

namespace Auspex.Definitions.Loading;

/// <summary>Chooses the file of a new resource so that the factory reads it back: beside its kind's other files.</summary>
public static class DefinitionPlacement
{
    // What file systems allow for a name, without the ending.
    private const int LongestStem = 200;

    /// <summary>
    /// Whether all of the factory lies in files of its own that can be written: an exported template describes many resources
    /// at once and would no longer be read once a kind's folder stood beside it.
    /// </summary>
    public static bool IsEditable(FactoryDefinition factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return factory.ListAll().All(resource =>
            resource.Origin is not { File: { } file } origin || origin.Path == JsonPath.Root || OverlayLoader.IsOverlay(NameOf(file)));
    }

    /// <summary>The file's path relative to the factory's folder, with <c>/</c> between the parts.</summary>
    /// <param name="factory">The factory as it is now.</param>
    /// <param name="kind">The kind's folder name, such as <c>linkedService</c>.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="isTaken">Whether a file of another resource lies at a path.</param>
    public static string Choose(FactoryDefinition factory, string kind, string name, Func<string, bool> isTaken)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(isTaken);
        var files = factory.ListAll().Where(resource => resource.IsWholeFile).ToArray();
        var folder = files.Where(resource => resource.Kind == kind)
            .Select(resource => KindFolder(resource.Origin!.File!))
            .OfType<string>()
            .Order(StringComparer.Ordinal)
            .LastOrDefault();
        if (folder is null)
        {
            var root = files.Select(resource => FactoryLayout.Place(resource.Origin!.File!))
                .Where(place => place.Kind is not null)
                .Select(place => place.Root)
                .Order(StringComparer.Ordinal)
                .LastOrDefault() ?? string.Empty;
            folder = root.Length == 0 ? kind : $"{root}/{kind}";
        }

        var path = $"{folder}/{name}.json";
        return Encoding.UTF8.GetByteCount(name) <= LongestStem && !isTaken(path)
            ? path
            : $"{folder}/{Shorten(name)}-{Digest(name)}.json";
    }

    // The folder of the kind as it is spelled there, without folders of the author's own below it.
    private static string? KindFolder(string file)
    {
        var parts = file.Split('/');
        for (var index = parts.Length - 2; index >= 0; index--)
        {
            if (FactoryLayout.IsKindFolder(parts[index]))
            {
                return string.Join('/', parts[..(index + 1)]);
            }
        }

        return null;
    }

    private static string Shorten(string name)
    {
        var length = Math.Min(name.Length, 40);
        return char.IsHighSurrogate(name[length - 1]) ? name[..(length - 1)] : name[..length];
    }

    private static string Digest(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.ToUpperInvariant())).AsSpan(0, 8));

    private static string NameOf(string file) => file[(file.LastIndexOf('/') + 1)..];
}
