using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

/// <summary>Finds which of an input's unneeded columns may be meant by a name that is missing.</summary>
internal sealed class NameSuggestions
{
    // Comparing thousands of names with thousands of others by edits would take longer than the check may.
    private const int MostCompared = 100_000;

    private readonly List<string> _names;
    private readonly Dictionary<string, string> _byLetters = new(StringComparer.Ordinal);
    private long _compared;

    public NameSuggestions(IEnumerable<string> unneeded)
    {
        _names = [.. unneeded];
        foreach (var name in _names)
        {
            _byLetters.TryAdd(Letters(name), name);
        }
    }

    /// <summary>The name that differs in case, blanks or punctuation alone, else one that is a few edits away; null when none is near.</summary>
    public string? Find(string missing)
    {
        if (Letters(missing) is { Length: > 0 } letters && _byLetters.TryGetValue(letters, out var same))
        {
            return same;
        }

        _compared += _names.Count;
        return _compared <= MostCompared ? NearestName.Find(missing, _names) : null;
    }

    // Marks and characters of no width that editors leave at the start of a file are no letters either.
    private static string Letters(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToUpperInvariant));
}
