using System.Collections.Concurrent;
using System.Globalization;

namespace Auspex.Connectors.Files;

/// <summary>
/// The files that uploads write into, beside the place of the blob. Those that nobody has written for a week are removed by the next
/// upload into their folder. Thread-safe.
/// </summary>
internal sealed class PartialFiles
{
    private const string Prefix = ".auspex-";
    private const string Suffix = ".partial";
    private const int MostFoldersRemembered = 10_000;

    /// <summary>How long they are kept: as long as Azure keeps blocks that were never committed, so that callers meet one rule.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    // A folder may hold a million files; it is not gone through for each upload.
    private static readonly TimeSpan SweepPause = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTime> _lastSweeps = new(StringComparer.Ordinal);

    /// <summary>Where an upload writes until it is committed.</summary>
    public static string PathOf(string location, Guid uploadId) => Path.Join(Path.GetDirectoryName(location), NameOf(uploadId));

    /// <summary>The name of that file.</summary>
    public static string NameOf(Guid uploadId) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{uploadId:N}{Suffix}");

    /// <summary>Whether a file is one that an upload has not finished, or left behind when its process died.</summary>
    public static bool IsPartial(string fileName) =>
        fileName.StartsWith(Prefix, StringComparison.Ordinal) && fileName.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Removes what was left behind.</summary>
    /// <param name="folder">Where to look; not below it.</param>
    /// <param name="now">By the clock that dates the folder's files, which may be another machine's.</param>
    public void Sweep(string folder, DateTime now)
    {
        if (_lastSweeps.TryGetValue(folder, out var last) && now - last < SweepPause)
        {
            return;
        }

        if (_lastSweeps.Count >= MostFoldersRemembered)
        {
            _lastSweeps.Clear();
        }

        _lastSweeps[folder] = now;
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles($"{Prefix}*{Suffix}"))
            {
                if (now - file.LastWriteTimeUtc > Kept)
                {
                    file.Delete();
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed is hidden and harms nobody; the upload that swept has other things to do.
        }
    }
}
