using System.Buffers;
using System.Collections.Frozen;

namespace Auspex.Experiments.Modules.Text;

/// <summary>A language that a text may be in.</summary>
/// <param name="Name">In English.</param>
/// <param name="Code">By ISO 639-1.</param>
/// <param name="Score">0 to 100.</param>
internal readonly record struct GuessedLanguage(string Name, string Code, double Score);

/// <summary>
/// Tells languages by their commonest words where they are written in Latin letters, and by their letters where those are their
/// own. Texts of a word or two in Latin letters are often not told.
/// </summary>
internal static class LanguageGuess
{
    private static readonly (string Name, string Code, FrozenSet<string> Words)[] ByWords =
    [
        ("English", "en", StopWords.ByLanguage["English"]),
        ("Spanish", "es", StopWords.ByLanguage["Spanish"]),
        ("French", "fr", StopWords.ByLanguage["French"]),
        ("Dutch", "nl", StopWords.ByLanguage["Dutch"]),
        ("German", "de", StopWords.ByLanguage["German"]),
        ("Italian", "it", StopWords.ByLanguage["Italian"]),
        ("Portuguese", "pt", Set("a ao aos as até com como da das de do dos e ela ele em entre era esta este eu foi há isso já lhe mais mas me muito na nas não no nos nós o os ou para pela pelo por qual quando que se sem ser seu sua são também tem um uma você")),
        ("Swedish", "sv", Set("alla att av blev bli då de den det dig din du där efter ej eller en ett från för ha hade han har henne honom hon hur här i icke in inte jag kan kunde man med men mig min mot mycket när nu något och om oss på sig sin skulle som så till under upp ut var vara vi vid vår är över")),
        ("Danish", "da", Set("af alle at blev bliver da de dem den der deres det dette dig din dog du efter eller en er et for fra få han hans har havde hende her hun hvad hvis hvor i ikke ind jeg jo kunne man mange med meget men mig min mod ned noget nogle nu når og også om op os over på selv sig skal som til ud under var vi vil ville være været")),
        ("Polish", "pl", Set("aby ale był była było być co czy dla do go i ich ja jak jako je jego jej jest jeszcze już kiedy kto który ma mi mnie może na nad nie nich niż o od on ona oraz po pod przez przy się są tak także tam te tego ten to tu tylko tym w we wszystko z za ze że")),
        ("Czech", "cs", Set("a aby ale ani bude by byl byla být co do ho i jak jako je jeho jen ještě jsem jsou kde která které který má mi na nad ne nebo není o od po pod podle pro proto při s se si tak také to ten u v ve však z za že")),
        ("Turkish", "tr", Set("ama ancak bir biz bu böyle çok da daha de değil diye en gibi hem her için ile ise kadar ki mi ne o olan olarak oldu onun sonra şey şu ve veya var ya yok")),
        ("Finnish", "fi", Set("ei että en hän ja jo joka jos kanssa kuin kun me mikä minä mitä mutta ne niin nyt oli olla on ovat se sen siellä siitä sitten tai tämä vain voi")),
        ("Hungarian", "hu", Set("a az azt csak de egy el én és ez ezt ha hogy is kell le már meg mert mint minden nagyon nem olyan s van volt")),
        ("Romanian", "ro", Set("a acest am ar au că ce cel cu de din dar este fi fost în la lor mai nu o pe pentru prin sa să se și sunt un una unui")),
    ];

    private static readonly (string Name, string Code, int From, int To)[] ByLetters =
    [
        ("Greek", "el", 0x0370, 0x03FF), ("Russian", "ru", 0x0400, 0x04FF), ("Armenian", "hy", 0x0530, 0x058F), ("Hebrew", "he", 0x0590, 0x05FF),
        ("Arabic", "ar", 0x0600, 0x06FF), ("Hindi", "hi", 0x0900, 0x097F), ("Bengali", "bn", 0x0980, 0x09FF), ("Tamil", "ta", 0x0B80, 0x0BFF),
        ("Thai", "th", 0x0E00, 0x0E7F), ("Georgian", "ka", 0x10A0, 0x10FF), ("Japanese", "ja", 0x3040, 0x30FF), ("Chinese", "zh", 0x4E00, 0x9FFF),
        ("Korean", "ko", 0xAC00, 0xD7AF),
    ];

    private static readonly SearchValues<char> UkrainianLetters = SearchValues.Create("іїєґІЇЄҐ");

    /// <summary>Languages by descending score; none where nothing tells.</summary>
    public static List<GuessedLanguage> Of(string text)
    {
        var letters = text.Count(char.IsLetter);
        if (letters == 0)
        {
            return [];
        }

        var guesses = new List<GuessedLanguage>();
        foreach (var (name, code, from, to) in ByLetters)
        {
            var count = text.Count(letter => letter >= from && letter <= to && char.IsLetter(letter));
            if (count > 0)
            {
                guesses.Add(new GuessedLanguage(name, code, 100.0 * count / letters));
            }
        }

        // Kana settles that the Chinese signs beside it are Japanese.
        if (guesses.FindIndex(guess => guess.Code == "ja") is var kana and >= 0 && guesses.FindIndex(guess => guess.Code == "zh") is var han and >= 0)
        {
            guesses[kana] = guesses[kana] with { Score = guesses[kana].Score + guesses[han].Score };
            guesses.RemoveAt(han);
        }

        if (text.AsSpan().ContainsAny(UkrainianLetters) && guesses.FindIndex(guess => guess.Code == "ru") is var cyrillic and >= 0)
        {
            guesses[cyrillic] = guesses[cyrillic] with { Name = "Ukrainian", Code = "uk" };
        }

        var words = Words.Of(text).Select(word => word.ToLowerInvariant()).Where(word => word[0] < 0x0370).ToList();
        var hits = ByWords.Select(language => (Language: language, Hits: words.Count(language.Words.Contains))).Where(entry => entry.Hits > 0).ToList();
        if (words.Count > 0 && hits.Count > 0)
        {
            // The share of the words that tell anything, as far as Latin letters make the text.
            var share = 100.0 * text.Count(letter => char.IsLetter(letter) && letter < 0x0370) / letters;
            double most = hits.Max(entry => entry.Hits);
            guesses.AddRange(hits.Select(entry => new GuessedLanguage(entry.Language.Name, entry.Language.Code, share * entry.Hits / most)));
        }

        return [.. guesses.OrderByDescending(guess => guess.Score)];
    }

    private static FrozenSet<string> Set(string words) =>
        words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
