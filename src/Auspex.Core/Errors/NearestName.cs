namespace Auspex.Errors;

/// <summary>Finds what an author may have meant by a name that does not exist.</summary>
public static class NearestName
{
    private const int LongestCompared = 200;
    private const string HintStart = " Did you mean '";
    private const string HintEnd = "'?";

    /// <summary>
    /// The candidate that differs in case only, else the one with the fewest edits, when those are at most a third of
    /// a short name's length, a quarter of a long one's (names such as StorageLinkedService share half of their letters
    /// without being meant for each other); at least one is always allowed. Null when nothing is near. Ties go to the first.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        if (name.Length > LongestCompared)
        {
            return null;
        }

        string? nearest = null;
        var fewest = (name.Length <= 12 ? Math.Max(1, name.Length / 3) : Math.Max(4, name.Length / 4)) + 1;
        foreach (var candidate in candidates)
        {
            if (string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase))
            {
                return candidate;
            }

            if (Math.Abs(candidate.Length - name.Length) < fewest && Edits(name, candidate) is var edits && edits < fewest)
            {
                fewest = edits;
                nearest = candidate;
            }
        }

        return nearest;
    }

    /// <summary><c> Did you mean 'X'?</c> with its leading blank, or nothing when no candidate is near.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        Find(name, candidates) is { } nearest ? $"{HintStart}{nearest}{HintEnd}" : "";

    /// <summary>The name that a <see cref="Hint"/> inside a message gives; null when there is none.</summary>
    internal static string? FromHint(string message)
    {
        var start = message.LastIndexOf(HintStart, StringComparison.Ordinal);
        var end = start < 0 ? -1 : message.IndexOf(HintEnd, start + HintStart.Length, StringComparison.Ordinal);
        return end < 0 ? null : message[(start + HintStart.Length)..end];
    }

    // Two letters that changed places count as one edit: it is the commonest slip.
    private static int Edits(string left, string right)
    {
        var before = new int[right.Length + 1];
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (Same(left[i - 1], right[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[right.Length];
    }

    private static bool Same(char left, char right) => char.ToUpperInvariant(left) == char.ToUpperInvariant(right);
}
