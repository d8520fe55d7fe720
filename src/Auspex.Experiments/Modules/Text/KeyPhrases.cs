using System.Collections.Frozen;

namespace Auspex.Experiments.Modules.Text;

/// <summary>
/// Key phrases after Rose et al. (2010, RAKE): runs of words between stop words and punctuation, ranked by how much their words
/// keep company.
/// </summary>
internal static class KeyPhrases
{
    private const int LongestPhrase = 4;

    /// <summary>The best third of the phrases, at least one where there is any, best first.</summary>
    public static List<string> Of(string text, FrozenSet<string> stopWords)
    {
        var phrases = Candidates(text, stopWords);
        var (frequency, degree) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var word in phrases.SelectMany(phrase => phrase.Select(word => (word, phrase.Count))))
        {
            frequency[word.word] = frequency.GetValueOrDefault(word.word) + 1;
            degree[word.word] = degree.GetValueOrDefault(word.word) + word.Count;
        }

        var ranked = phrases
            .GroupBy(phrase => string.Join(' ', phrase), StringComparer.Ordinal)
            .Select(group => (Text: group.Key, Score: group.First().Sum(word => (double)degree[word] / frequency[word])))
            .OrderByDescending(phrase => phrase.Score)
            .ToList();
        return [.. ranked.Take((ranked.Count + 2) / 3).Select(phrase => phrase.Text)];
    }

    private static List<List<string>> Candidates(string text, FrozenSet<string> stopWords)
    {
        var phrases = new List<List<string>>();
        foreach (var clause in text.Split(['.', ',', ';', ':', '!', '?', '(', ')', '"', '\n', '\r', '\t', '|'], StringSplitOptions.RemoveEmptyEntries))
        {
            var phrase = new List<string>();
            foreach (var word in Words.Of(clause).Select(word => word.ToLowerInvariant()))
            {
                if (stopWords.Contains(word) || word.All(char.IsDigit))
                {
                    Close(phrase);
                    phrase = [];
                }
                else
                {
                    phrase.Add(word);
                }
            }

            Close(phrase);
        }

        return phrases;

        void Close(List<string> phrase)
        {
            if (phrase.Count is > 0 and <= LongestPhrase)
            {
                phrases.Add(phrase);
            }
        }
    }
}
