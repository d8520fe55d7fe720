using System.Text;

namespace Auspex.Experiments.Modules.Text;

/// <summary>Words of texts, and runs of them.</summary>
internal static class Words
{
    /// <summary>Runs of letters and digits, an apostrophe or hyphen inside one included.</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isInside = i < text.Length
                && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]) || char.GetUnicodeCategory(text[i]) == System.Globalization.UnicodeCategory.NonSpacingMark
                    || (text[i] is '\'' or '’' or '-' or '_' && start >= 0 && i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1])));
            if (isInside && start < 0)
            {
                start = i;
            }
            else if (!isInside && start >= 0)
            {
                words.Add(text[start..i]);
                start = -1;
            }
        }

        return words;
    }

    /// <summary>Runs of one to so many words, joined by <c>_</c>; with up to so many words left out between them in all.</summary>
    public static IEnumerable<string> NGrams(IReadOnlyList<string> words, int size, int skips)
    {
        var chosen = new List<string>(size);
        for (var start = 0; start < words.Count; start++)
        {
            foreach (var gram in From(start, skips))
            {
                yield return gram;
            }
        }

        IEnumerable<string> From(int at, int left)
        {
            chosen.Add(words[at]);
            yield return string.Join('_', chosen);
            if (chosen.Count < size)
            {
                for (var skipped = 0; skipped <= left && at + 1 + skipped < words.Count; skipped++)
                {
                    foreach (var gram in From(at + 1 + skipped, left - skipped))
                    {
                        yield return gram;
                    }
                }
            }

            chosen.RemoveAt(chosen.Count - 1);
        }
    }

    /// <summary>The hash of each run of one to so many words, as Vowpal Wabbit combines them.</summary>
    public static IEnumerable<uint> HashedNGrams(IReadOnlyList<string> words, int size)
    {
        uint[] hashes = [.. words.Select(word => MurmurHash.Of(Encoding.UTF8.GetBytes(word), 0))];
        for (var start = 0; start < hashes.Length; start++)
        {
            var hash = 0u;
            for (var length = 0; length < size && start + length < hashes.Length; length++)
            {
                hash = length == 0 ? hashes[start] : unchecked((hash * MurmurHash.NGramFactor) + hashes[start + length]);
                yield return hash;
            }
        }
    }
}
