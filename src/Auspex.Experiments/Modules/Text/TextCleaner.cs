using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace Auspex.Experiments.Modules.Text;

/// <summary>The steps of Preprocess Text, those switched on, in their order.</summary>
internal sealed partial class TextCleaner
{
    private const string SentenceMark = "|||";

    public bool RemovesStopWords { get; init; }

    public bool FindsBaseForms { get; init; }

    public bool MarksSentences { get; init; }

    public bool LowersCase { get; init; }

    public bool RemovesNumbers { get; init; }

    public bool RemovesSpecial { get; init; }

    public bool RemovesRepeats { get; init; }

    public bool RemovesAddresses { get; init; }

    public bool RemovesUrls { get; init; }

    public bool ExpandsContractions { get; init; }

    public bool NormalizesBackslashes { get; init; }

    public bool SplitsOnSpecial { get; init; }

    public Regex? Custom { get; init; }

    public string Replacement { get; init; } = "";

    /// <summary>Words to remove in place of the language's own; null for those.</summary>
    public FrozenSet<string>? OwnStopWords { get; init; }

    public string Clean(string text, string language)
    {
        var isEnglish = language.StartsWith("en", StringComparison.OrdinalIgnoreCase);
        text = Custom?.Replace(text, Replacement) ?? text;
        text = NormalizesBackslashes ? text.Replace('\\', '/') : text;
        text = RemovesUrls ? Urls().Replace(text, " ") : text;
        text = RemovesAddresses ? Addresses().Replace(text, " ") : text;
        text = MarksSentences ? SentenceEnds().Replace(text, "$1 " + SentenceMark + " ") : text;
        var stopWords = !RemovesStopWords ? [] : OwnStopWords ?? StopWords.Of(language);
        var words = new List<string>();
        foreach (var token in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (token == SentenceMark)
            {
                words.Add(token);
                continue;
            }

            var expanded = ExpandsContractions && isEnglish ? ExpandInside(token) : token;
            foreach (var part in Parts(expanded))
            {
                var word = RemovesRepeats ? Repeats().Replace(part, "$1$1") : part;
                word = LowersCase ? word.ToLowerInvariant() : word;
                if (word.Length == 0 || stopWords.Contains(word) || (RemovesNumbers && Numbers().IsMatch(word)))
                {
                    continue;
                }

                words.Add(FindsBaseForms && isEnglish ? EnglishForms.Lemma(word) : word);
            }
        }

        return string.Join(' ', words);
    }

    private static string ExpandInside(string token)
    {
        // Quotes and commas around the word are none of its letters.
        var start = 0;
        while (start < token.Length && !char.IsLetterOrDigit(token[start]))
        {
            start++;
        }

        var end = token.Length;
        while (end > start && !char.IsLetterOrDigit(token[end - 1]))
        {
            end--;
        }

        return token[..start] + EnglishForms.Expand(token[start..end]) + token[end..];
    }

    private string[] Parts(string token)
    {
        if (!RemovesSpecial && !SplitsOnSpecial)
        {
            return token.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        var text = new StringBuilder(token.Length);
        foreach (var letter in token)
        {
            var isPlain = char.IsLetterOrDigit(letter) || char.IsSurrogate(letter) || char.IsWhiteSpace(letter)
                || char.GetUnicodeCategory(letter) == System.Globalization.UnicodeCategory.NonSpacingMark;
            if (isPlain)
            {
                text.Append(letter);
            }
            else if (!RemovesSpecial)
            {
                text.Append(' ').Append(letter).Append(' ');
            }
            else if (SplitsOnSpecial)
            {
                text.Append(' ');
            }
        }

        return text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"\b(?:https?|ftp)://\S+|\bwww\.\S+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Urls();

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();

    [GeneratedRegex(@"([.!?])\s+(?=\p{Lu}|\p{N}|""|')", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnds();

    [GeneratedRegex(@"^[\d.,]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"(.)\1{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Repeats();
}
