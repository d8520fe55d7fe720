using Auspex.Activities.Datasets.Files;

namespace Auspex.Activities.DataMovement.Copying;

/// <summary>Source files that go to the same target, in order; no files for a source that is none of files.</summary>
/// <param name="Files">The files.</param>
/// <param name="Path">The target's path; null for a table.</param>
internal sealed record FileGroup(IReadOnlyList<SelectedFile> Files, string? Path)
{
    /// <summary>Divides files among the targets.</summary>
    /// <param name="files">The source's files in order; null for a source that is none of files.</param>
    /// <param name="targets">The sink's files; null for a table.</param>
    public static IReadOnlyList<FileGroup> Divide(IReadOnlyList<SelectedFile>? files, FileTargets? targets)
    {
        if (files is null)
        {
            return [new FileGroup([], targets?.Single)];
        }

        if (files.Count == 0)
        {
            return [];
        }

        // Many files and one name: all rows belong into that file.
        return targets is null || targets.HasName || targets.Behavior == CopyBehavior.MergeFiles
            ? [new FileGroup(files, targets?.Single)]
            : [.. files.Select((file, number) => new FileGroup([file], targets.PathOf(file.RelativePath, number)))];
    }
}
