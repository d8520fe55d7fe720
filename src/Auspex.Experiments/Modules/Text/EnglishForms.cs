using System.Collections.Frozen;

namespace Auspex.Experiments.Modules.Text;

/// <summary>English words brought to their base form by rule, and contractions written out.</summary>
internal static class EnglishForms
{
    private static readonly FrozenDictionary<string, string> Irregular = """
        am=be are=be is=be was=be were=be been=be being=be has=have had=have having=have does=do did=do done=do goes=go
        went=go gone=go children=child men=man women=woman people=person feet=foot teeth=tooth mice=mouse geese=goose
        better=good best=good worse=bad worst=bad said=say made=make took=take taken=take came=come saw=see seen=see
        knew=know known=know got=get gave=give given=give found=find thought=think told=tell became=become left=leave
        felt=feel brought=bring began=begin kept=keep held=hold wrote=write written=write stood=stand heard=hear meant=mean
        met=meet ran=run paid=pay sat=sit spoke=speak bought=buy lives=life wives=wife knives=knife leaves=leaf news=news
        this=this his=his its=its us=us yes=yes thus=thus
        """
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('='))
        .ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);

    private static readonly (string From, string To)[] Endings =
    [
        ("can't", "cannot"), ("won't", "will not"), ("shan't", "shall not"), ("let's", "let us"), ("n't", " not"), ("'re", " are"),
        ("'ve", " have"), ("'ll", " will"), ("'m", " am"), ("'d", " would"),
    ];

    private static readonly FrozenSet<string> WithIs =
        new[] { "it's", "he's", "she's", "that's", "there's", "here's", "what's", "who's", "where's", "how's" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>A word with its contraction written out, in its own case where it begins.</summary>
    public static string Expand(string word)
    {
        var plain = word.Replace('’', '\'');
        if (WithIs.Contains(plain))
        {
            return plain[..^2] + " is";
        }

        foreach (var (from, to) in Endings)
        {
            if (plain.Length > from.Length - 1 && plain.EndsWith(from, StringComparison.OrdinalIgnoreCase))
            {
                return plain.Length == from.Length ? Like(plain, to) : plain[..^from.Length] + to;
            }
        }

        return word;
    }

    /// <summary>The base form: irregular ones by list, others by their ending.</summary>
    public static string Lemma(string word)
    {
        if (Irregular.TryGetValue(word, out var known))
        {
            return Like(word, known);
        }

        if (word.Length < 4 || !word.All(char.IsAsciiLetter))
        {
            return word;
        }

        return Ends("ies") ? word[..^3] + "y"
            : Ends("sses") || Ends("xes") || Ends("ches") || Ends("shes") || Ends("zes") ? word[..^2]
            : Ends("ss") || Ends("us") || Ends("is") ? word
            : Ends("s") ? word[..^1]
            : Ends("ied") ? word[..^3] + "y"
            : Ends("ing") && HasVowel(word[..^3]) ? Stem(word[..^3])
            : Ends("ed") && HasVowel(word[..^2]) ? Stem(word[..^2])
            : word;

        bool Ends(string ending) => word.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
    }

    // "running" leaves "runn", "making" leaves "mak".
    private static string Stem(string stem)
    {
        if (stem.Length < 3)
        {
            return stem;
        }

        var (last, before) = (char.ToLowerInvariant(stem[^1]), char.ToLowerInvariant(stem[^2]));
        if (last == before && last is not ('l' or 's' or 'z'))
        {
            return stem[..^1];
        }

        var isShort = !IsVowel(last) && last is not ('w' or 'x' or 'y') && IsVowel(before) && stem.Length >= 3 && !IsVowel(char.ToLowerInvariant(stem[^3]));
        return (isShort && stem.Count(letter => IsVowel(char.ToLowerInvariant(letter))) == 1) || last is 'v' or 'c' or 'u' ? stem + "e" : stem;
    }

    private static bool HasVowel(string text) => text.Length > 1 && text.Any(letter => IsVowel(char.ToLowerInvariant(letter)) || letter is 'y' or 'Y');

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';

    private static string Like(string pattern, string word) => char.IsUpper(pattern[0]) ? char.ToUpperInvariant(word[0]) + word[1..] : word;
}
