namespace Auspex.Experiments.Modules.Text;

/// <summary>A name in a text.</summary>
/// <param name="Offset">Its first character's place.</param>
/// <param name="Length">Its characters.</param>
/// <param name="Type"><c>PER</c>, <c>LOC</c> or <c>ORG</c>.</param>
internal readonly record struct Entity(int Offset, int Length, string Type);

/// <summary>
/// Finds names of persons, places and organisations in English texts by rules: runs of capitalised words, what stands within them, before
/// and behind them. Immutable and thread-safe.
/// </summary>
/// <param name="known">Names that somebody listed, with their types; they come before every rule.</param>
internal sealed class EntityRecognizer(IReadOnlyDictionary<string, string> known)
{
    public const string Person = "PER";
    public const string Place = "LOC";
    public const string Organization = "ORG";

    private const int LongestName = 8;

    // Words that join the parts of one name.
    private static readonly HashSet<string> Joints = new(StringComparer.Ordinal) { "of", "de", "da", "del", "della", "van", "von", "der", "den", "la", "bin", "al", "&" };

    public List<Entity> Find(string text)
    {
        var words = Words(text);
        var found = new List<Entity>();
        var persons = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count;)
        {
            var (length, type, skipped) = Recognize(text, words, i, persons);
            if (type is not null)
            {
                var (first, last) = (words[i + skipped], words[i + length - 1]);
                found.Add(new Entity(first.Start, last.End - first.Start, type));
                if (type == Person)
                {
                    persons.Add(text[last.Start..last.End]);
                }
            }

            i += Math.Max(1, length);
        }

        return found;
    }

    private (int Length, string? Type, int Skipped) Recognize(string text, List<Word> words, int at, HashSet<string> persons)
    {
        for (var length = Math.Min(LongestName, words.Count - at); known.Count > 0 && length > 0; length--)
        {
            if (known.TryGetValue(text[words[at].Start..words[at + length - 1].End], out var listed))
            {
                return (length, listed, 0);
            }
        }

        if (!words[at].IsCapital)
        {
            return (1, null, 0);
        }

        var run = Run(text, words, at);

        // The name begins behind titles, and behind a word that only the sentence made large.
        var skipped = 0;
        while (skipped < run && EntityWords.Titles.Contains(words[at + skipped].Text))
        {
            skipped++;
        }

        var hasTitle = skipped > 0;
        if (!hasTitle && run > 1 && words[at].BeginsSentence && IsOrdinary(words[at].Text, words))
        {
            return (1, null, 0);
        }

        return skipped == run ? (run, null, 0) : (run, Classify(text, words, at + skipped, run - skipped, at, hasTitle, persons), skipped);
    }

    private static string? Classify(string text, List<Word> words, int first, int length, int at, bool hasTitle, HashSet<string> persons)
    {
        string[] parts = [.. words.GetRange(first, length).Select(word => word.Text)];
        var whole = text[words[first].Start..words[first + length - 1].End].TrimEnd('.');
        var (before, behind) = (at > 0 ? words[at - 1].Text : "", first + length < words.Count ? words[first + length].Text : "");
        if (EntityWords.Places.Contains(whole))
        {
            return hasTitle ? Person : Place;
        }

        if (length > 1 && parts.Any(EntityWords.Organizations.Contains))
        {
            return Organization;
        }

        if (hasTitle)
        {
            return Person;
        }

        if (length > 1 && (EntityWords.PlaceEnds.Contains(parts[^1]) || EntityWords.PlaceBeginnings.Contains(parts[0])))
        {
            return Place;
        }

        if (EntityWords.GivenNames.Contains(parts[0]) || (length == 1 && persons.Contains(parts[0])))
        {
            return Person;
        }

        if (length == 1 && EntityWords.Others.Contains(parts[0]))
        {
            return null;
        }

        if (length == 1 && IsAcronym(parts[0]))
        {
            return Organization;
        }

        var isOrdinary = length == 1 && words[first].BeginsSentence && IsOrdinary(parts[0], words);
        if (EntityWords.PersonContexts.Contains(behind))
        {
            return isOrdinary ? null : Person;
        }

        if (EntityWords.OrganizationContexts.Contains(behind) || parts.Contains("&"))
        {
            return isOrdinary ? null : Organization;
        }

        if (EntityWords.PlaceContexts.Contains(before) && !isOrdinary)
        {
            return Place;
        }

        return length is 2 or 3 && parts.All(part => !EntityWords.Others.Contains(part)) ? Person : null;
    }

    // A first word of a sentence is taken for an ordinary one unless something else says that it is a name.
    private static bool IsOrdinary(string word, List<Word> words) =>
        !EntityWords.Places.Contains(word) && !EntityWords.GivenNames.Contains(word) && !EntityWords.Titles.Contains(word) && !IsAcronym(word)
        && !EntityWords.PlaceBeginnings.Contains(word)
        && !words.Exists(other => other.Text == word && !other.BeginsSentence);

    private static bool IsAcronym(string word) => word.Length is >= 2 and <= 6 && word.All(char.IsUpper);

    private static int Run(string text, List<Word> words, int at)
    {
        var end = at + 1;
        while (end < words.Count && end - at < LongestName && Follows(text, words[end - 1], words[end]))
        {
            if (words[end].IsCapital)
            {
                end++;
            }
            else if (Joints.Contains(words[end].Text) && end + 1 < words.Count && words[end + 1].IsCapital && Follows(text, words[end], words[end + 1]))
            {
                end += 2;
            }
            else
            {
                break;
            }
        }

        return end - at;
    }

    // With nothing but blanks between, and a full stop only behind an abbreviation.
    private static bool Follows(string text, Word one, Word next)
    {
        var between = text.AsSpan(one.End, next.Start - one.End);
        return between.Trim().Length == 0 || (between.Trim() is "." && !next.BeginsSentence);
    }

    private static List<Word> Words(string text)
    {
        var words = new List<Word>();
        var begins = true;
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[i]) && text[i] != '&')
            {
                begins |= text[i] is '!' or '?' or '\n' or '“' or '"' || (text[i] == '.' && !IsAbbreviation(words));
                i++;
                continue;
            }

            var end = i + 1;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || (IsInner(text[end]) && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]))))
            {
                end++;
            }

            var word = text[i..end];
            var possessive = word.Length > 2 && word[^2] is '\'' or '’' && word[^1] == 's' ? 2 : 0;
            words.Add(new Word(i, end - possessive, word[..^possessive], char.IsUpper(word[0]), begins));
            begins = false;
            i = end;
        }

        return words;

        static bool IsInner(char character) => character is '\'' or '’' or '-' or '.';
    }

    private static bool IsAbbreviation(List<Word> words) => words.Count > 0
        && (EntityWords.Titles.Contains(words[^1].Text) || words[^1].Text is "Inc" or "Corp" or "Co" or "Ltd" or "St" || words[^1].Text.Length == 1 || words[^1].Text.Contains('.', StringComparison.Ordinal));

    private readonly record struct Word(int Start, int End, string Text, bool IsCapital, bool BeginsSentence);
}
