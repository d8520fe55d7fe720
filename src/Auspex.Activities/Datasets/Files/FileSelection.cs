using Auspex.Definitions;

namespace Auspex.Activities.Datasets.Files;

/// <summary>Which files of a place are meant: what stands in <c>storeSettings</c> of sources, of Delete and of GetMetadata.</summary>
internal sealed record FileSelection
{
    /// <summary>Whether files of folders below count too.</summary>
    public bool IsRecursive { get; init; }

    /// <summary>Folders by pattern, from the container on, instead of the dataset's folder; null for the dataset's.</summary>
    public string? WildcardFolder { get; init; }

    /// <summary>Files by pattern; null for all.</summary>
    public string? WildcardFile { get; init; }

    /// <summary>What paths begin with, from the container on; null for the dataset's folder.</summary>
    public string? Prefix { get; init; }

    /// <summary>A text file with a path a line, relative to the dataset's folder; null for none.</summary>
    public string? FileListPath { get; init; }

    /// <summary>The earliest time of modification, inclusive; null for any.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>The latest time of modification, exclusive; null for any.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>Whether files are removed once they are copied.</summary>
    public bool DeletesAfterCopy { get; init; }

    /// <summary>Whether folders named <c>key=value</c> become columns.</summary>
    public bool FindsPartitions { get; init; }

    /// <summary>The folder below which they do; null for the dataset's folder, or for the part of the pattern before its first wildcard.</summary>
    public string? PartitionRoot { get; init; }

    /// <summary>Whether a pattern, a prefix or a list chooses the files.</summary>
    public bool IsPattern => WildcardFile is not null || WildcardFolder is not null || Prefix is not null || FileListPath is not null;

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">The <c>storeSettings</c>.</param>
    /// <param name="dataset">Old datasets hold wildcards and times of their own.</param>
    /// <param name="recursive">What an absent <c>recursive</c> means.</param>
    public static FileSelection Read(PropertyReader settings, ResolvedDataset dataset, bool recursive)
    {
        var fileName = dataset.TypeProperties.ObjectMember("location")?.TextMember("fileName");
        var filter = settings.Text("fileFilter") ?? dataset.Text("fileFilter");
        var old = new PropertyReader(dataset.TypeProperties, $"dataset '{dataset.Name}'", settings.Activity);
        return new FileSelection
        {
            IsRecursive = settings.Boolean("recursive", recursive),
            WildcardFolder = Clean(settings.Text("wildcardFolderPath")),
            WildcardFile = Clean(settings.Text("wildcardFileName")) ?? filter ?? (WildcardPattern.IsPattern(fileName) ? fileName : null),
            Prefix = (settings.Text("prefix") ?? dataset.Text("prefix"))?.Replace('\\', '/').TrimStart('/'),
            FileListPath = Clean(settings.Text("fileListPath")),
            ModifiedFrom = settings.Instant("modifiedDatetimeStart") ?? old.Instant("modifiedDatetimeStart"),
            ModifiedBefore = settings.Instant("modifiedDatetimeEnd") ?? old.Instant("modifiedDatetimeEnd"),
            DeletesAfterCopy = settings.Boolean("deleteFilesAfterCompletion", false),
            FindsPartitions = settings.Boolean("enablePartitionDiscovery", false),
            PartitionRoot = Clean(settings.Text("partitionRootPath")),
        };
    }

    /// <summary>Whether a time of modification is within the bounds.</summary>
    public bool Takes(DateTimeOffset modified) =>
        (ModifiedFrom is not { } from || modified >= from) && (ModifiedBefore is not { } before || modified < before);

    private static string? Clean(string? path) => path?.Replace('\\', '/').Trim('/') is { Length: > 0 } clean ? clean : null;
}
