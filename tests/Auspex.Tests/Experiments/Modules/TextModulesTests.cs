using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Text;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class TextModulesTests
{
    private const string Preprocess = "Preprocess Text";
    private const string Hashing = "Feature Hashing";
    private const string NGrams = "Extract N-Gram Features from Text";
    private const string Topics = "Latent Dirichlet Allocation";
    private const string Phrases = "Extract Key Phrases from Text";

    [Theory]
    [InlineData("", 0u, 0u)]
    [InlineData("", 1u, 0x514E28B7u)]
    [InlineData("test", 0u, 0xBA6BD213u)]
    [InlineData("Hello, world!", 0u, 0xC0363E43u)]
    public void Murmur_KnownTexts_HaveTheirHash(string text, uint seed, uint expected) =>
        Assert.Equal(expected, MurmurHash.Of(Encoding.UTF8.GetBytes(text), seed));

    [Fact]
    public async Task Preprocess_AllSteps_CleanTheText()
    {
        var table = ModuleRuns.Single(
            "t", ColumnType.String,
            "I can't stop RUNNING! Cats aren't cooool, see http://a.b/c or me@x.org. Priced 42.", null, "", "Übergröße naïve");

        var output = await ModuleRuns.OutputAsync(Preprocess, [table]);

        Assert.Equal(["t", "Preprocessed t"], ModuleRuns.Names(output));
        Assert.Equal(["stop run ||| cat cool see ||| price", null, "", "übergröße naïve"], ModuleRuns.Texts(output, "Preprocessed t").Select((text, i) => i == 0 ? Normal(text!) : text));

        // Which words count as stop words within contractions is not what this test is about.
        static string Normal(string text) => text.Replace("cannot ", "", StringComparison.Ordinal).Replace("  ", " ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preprocess_StepsOff_LeaveTheTextAlone()
    {
        string[] steps =
        [
            "Remove stop words", "Lemmatization", "Detect sentences", "Normalize case to lowercase", "Remove numbers", "Remove special characters",
            "Remove duplicate characters", "Remove email addresses", "Remove URLs", "Expand verb contractions", "Normalize backslashes to slashes",
            "Split tokens on special characters",
        ];
        const string Text = "The 3 cats' http://x/y, A\\b aaaa me@x.org can't.";

        var output = await ModuleRuns.OutputAsync(Preprocess, [ModuleRuns.Single("t", ColumnType.String, Text)], [.. steps.Select(step => (step, "False"))]);

        Assert.Equal([Text], ModuleRuns.Texts(output, "Preprocessed t"));
    }

    [Fact]
    public async Task Preprocess_OwnStopWordsLanguageAndPattern_Count()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("t", ColumnType.String), ModuleRuns.Field("l", ColumnType.String)], ["der Hund und die Katze x9", "de"], ["the dog x9", "en"]);

        var byColumn = await ModuleRuns.OutputAsync(
            Preprocess, [table],
            ("Text column to clean", "t"), ("Language", "Column contains language"), ("Culture-language column", "l"),
            ("Custom regular expression", "x\\d"), ("Custom replacement string", "code"));
        var own = await ModuleRuns.OutputAsync(Preprocess, [table, ModuleRuns.Single("w", ColumnType.String, "hund")], ("Text column to clean", "t"));

        Assert.Equal(["hund katze code", "dog code"], ModuleRuns.Texts(byColumn, "Preprocessed t"));
        Assert.StartsWith("der und die katze", ModuleRuns.Texts(own, "Preprocessed t")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cities", "city")]
    [InlineData("making", "make")]
    [InlineData("running", "run")]
    [InlineData("boxes", "box")]
    [InlineData("went", "go")]
    [InlineData("glass", "glass")]
    [InlineData("Cars", "Car")]
    [InlineData("walked", "walk")]
    public void Lemma_Words_HaveTheirBaseForm(string word, string expected) => Assert.Equal(expected, EnglishForms.Lemma(word));

    [Fact]
    public async Task Preprocess_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "a");

        await ModuleRuns.FailAsync(2, Preprocess, [table], ("Custom regular expression", "("));
        await ModuleRuns.FailAsync(39, Preprocess, [table], ("Remove by part of speech", "True"));
        await ModuleRuns.FailAsync(17, Preprocess, [ModuleRuns.Single("n", ColumnType.Int32, 1)], ("Text column to clean", "n"));
        await ModuleRuns.FailAsync(22, Preprocess, [ModuleRuns.Single("n", ColumnType.Int32, 1)]);
        await ModuleRuns.FailAsync(20, Preprocess, [table, new TableBatch(new TableSchema([]), [], 1)]);
    }

    [Fact]
    public async Task Hashing_Texts_BecomeCounts()
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "a b a", "", null);

        var output = await ModuleRuns.OutputAsync(Hashing, [table], ("Hashing bitsize", "4"));

        Assert.Equal(1 + 16, output.Columns.Length);
        Assert.Equal("t_HashingFeature.16", ModuleRuns.Names(output)[^1]);

        // Three words and two pairs.
        Assert.Equal([5, 0, 0], Enumerable.Range(0, 3).Select(row => output.Columns.Skip(1).Sum(column => ((DoubleColumn)column).Values[row])));
        var words = await ModuleRuns.OutputAsync(Hashing, [table], ("Hashing bitsize", "4"), ("N-grams", "1"));
        Assert.Equal(3, words.Columns.Skip(1).Sum(column => ((DoubleColumn)column).Values[0]));
        Assert.Equal(2, words.Columns.Skip(1).Max(column => ((DoubleColumn)column).Values[0]));
    }

    [Fact]
    public async Task Hashing_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "a");

        await ModuleRuns.FailAsync(17, Hashing, [ModuleRuns.Single("n", ColumnType.Int32, 1)], ("Target columns", "n"));
        await ModuleRuns.FailAsync(1, Hashing, [table], ("Target columns", "z"));
        await ModuleRuns.FailAsync(8, Hashing, [table], ("Hashing bitsize", "32"));
        await ModuleRuns.FailAsync(129, Hashing, [table], ("Hashing bitsize", "30"));
        await ModuleRuns.FailAsync(3, Hashing, [table], ("Target columns", ""));
    }

    [Theory]
    [InlineData("Binary Weight", 1)]
    [InlineData("TF Weight", 0.5)]
    [InlineData("IDF Weight", 0.6931471805599453)]
    [InlineData("TF-IDF Weight", 0.34657359027997264)]
    public async Task NGrams_Weighting_IsItsFormula(string weighting, double expected)
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "red cat", "red dog", "cat", "dog");

        var context = await ModuleRuns.RunAsync(
            NGrams, [table],
            [
                ("Weighting function", weighting), ("Minimum n-gram document absolute frequency", "1"),
                ("Normalize n-gram feature vectors", "False"), ("Use filter-based feature selection", "False"),
            ]);

        var output = ModuleRuns.Table(context, "Results dataset");
        Assert.Equal(["t", "t.[cat]", "t.[dog]", "t.[red]", "t.[OutOfVocabulary]"], ModuleRuns.Names(output));
        Assert.Equal(expected, Tables.Doubles(output, "t.[red]")[0], 1e-12);
        var vocabulary = ModuleRuns.Table(context, "Result vocabulary");
        Assert.Equal(["Id", "NGram", "DF", "IDF"], ModuleRuns.Names(vocabulary));
        Assert.Equal(["2", "2", "2"], ModuleRuns.Texts(vocabulary, "DF"));
    }

    [Fact]
    public async Task NGrams_RunsSkipsAndLengths_AreTaken()
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "one two three");
        (string, string)[] common = [("Minimum n-gram document absolute frequency", "1"), ("Use filter-based feature selection", "False"), ("Detect out-of-vocabulary rows", "False")];

        var pairs = await ModuleRuns.OutputAsync(NGrams, [table], [.. common, ("N-Grams size", "2")]);
        var skipping = await ModuleRuns.OutputAsync(NGrams, [table], [.. common, ("N-Grams size", "2"), ("K-Skip size", "1"), ("Weighting function", "Graph Weight")]);
        var marked = await ModuleRuns.OutputAsync(NGrams, [table], [.. common, ("N-Grams size", "2"), ("Mark begin-of-sentence", "True"), ("Minimum word length", "4")]);

        Assert.Equal(["t", "t.[one]", "t.[one_two]", "t.[three]", "t.[two]", "t.[two_three]"], ModuleRuns.Names(pairs));
        Assert.Equal(1 / System.Math.Sqrt(5), Tables.Doubles(pairs, "t.[one]")[0], 1e-12);
        Assert.Contains("t.[one_three]", ModuleRuns.Names(skipping));
        Assert.Equal(["t", "t.[^_three]", "t.[three]"], ModuleRuns.Names(marked));
    }

    [Fact]
    public async Task NGrams_ReadOnlyVocabulary_IsUsedAsItIs()
    {
        var vocabulary = ModuleRuns.Batch(
            [ModuleRuns.Field("Id", ColumnType.Int32), ModuleRuns.Field("NGram", ColumnType.String), ModuleRuns.Field("DF", ColumnType.Double), ModuleRuns.Field("IDF", ColumnType.Double)],
            [0, "cat", 2.0, 0.5], [1, "gone", 1.0, 1.5]);
        var table = ModuleRuns.Single("t", ColumnType.String, "the cat sat", "nothing known", null);

        var context = await ModuleRuns.RunAsync(NGrams, [table, vocabulary], [("Vocabulary mode", "ReadOnly"), ("Weighting function", "IDF Weight"), ("Normalize n-gram feature vectors", "False")]);
        var merged = await ModuleRuns.RunAsync(
            NGrams, [table, vocabulary], [("Vocabulary mode", "Merge"), ("Minimum n-gram document absolute frequency", "1"), ("Use filter-based feature selection", "False")]);

        var output = ModuleRuns.Table(context, "Results dataset");
        Assert.Equal(["t", "t.[cat]", "t.[gone]", "t.[OutOfVocabulary]"], ModuleRuns.Names(output));
        Assert.Equal(["0.5", "0", "0"], ModuleRuns.Texts(output, "t.[cat]"));
        Assert.Equal(["0", "1", "0"], ModuleRuns.Texts(output, "t.[OutOfVocabulary]"));
        Assert.Equal(["cat", "gone"], ModuleRuns.Texts(ModuleRuns.Table(merged, "Result vocabulary"), "NGram")[..2]);
    }

    [Fact]
    public async Task NGrams_FeatureSelection_KeepsTheTellingOnes()
    {
        var table = Tables.Of([Tables.Text("t"), Tables.Text("y")], 40, row => [$"common {(row % 2 == 0 ? "good" : "poor")} word{row % 7}", row % 2 == 0 ? "a" : "b"]);

        var output = await ModuleRuns.OutputAsync(NGrams, [table], ("Text column", "t"), ("Target column", "y"), ("Number of desired features", "2"));
        var counted = await ModuleRuns.OutputAsync(
            NGrams, [table], ("Text column", "t"), ("Feature scoring method", "Count Based"), ("Minimum number of non-zero elements", "30"));

        Assert.Equal(["t", "y", "t.[good]", "t.[poor]", "t.[OutOfVocabulary]"], ModuleRuns.Names(output));
        Assert.Equal(["t", "y", "t.[common]", "t.[OutOfVocabulary]"], ModuleRuns.Names(counted));
    }

    [Fact]
    public async Task NGrams_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "word");

        await ModuleRuns.FailAsync(21, NGrams, [table.Slice(0, 0)]);
        await ModuleRuns.FailAsync(24, NGrams, [table], ("Minimum n-gram document absolute frequency", "1"));
        await ModuleRuns.FailAsync(3, NGrams, [table], ("Vocabulary mode", "ReadOnly"));
        await ModuleRuns.FailAsync(18, NGrams, [table, table], ("Vocabulary mode", "ReadOnly"));
        await ModuleRuns.FailAsync(7, NGrams, [table], ("Minimum word length", "30"), ("Use filter-based feature selection", "False"));
    }

    [Fact]
    public async Task Topics_TwoSubjects_AreToldApart()
    {
        string[] cats = ["cat", "purr", "fur", "paw"], ships = ["ship", "sail", "sea", "harbour"];
        var random = new Random(1);
        var table = Tables.Of(
            [Tables.Text("t"), Tables.Whole("id")], 60,
            row => [string.Join(' ', Enumerable.Range(0, 12).Select(_ => (row % 2 == 0 ? cats : ships)[random.Next(4)])), row]);

        var context = await ModuleRuns.RunAsync(Topics, [table], [("Number of topics to model", "2"), ("N-grams", "1")]);

        var output = ModuleRuns.Table(context, "Transformed dataset");
        Assert.Equal(["id", "Topic 1", "Topic 2"], ModuleRuns.Names(output));
        var first = Tables.Doubles(output, "Topic 1");
        var isCat = first[0] > 0.5;
        Assert.All(Enumerable.Range(0, 60), row => Assert.Equal((row % 2 == 0) == isCat, first[row] > 0.5));
        Assert.All(Enumerable.Range(0, 60), row => Assert.Equal(1, first[row] + Tables.Doubles(output, "Topic 2")[row], 1e-9));
        var matrix = ModuleRuns.Table(context, "Feature topic matrix");
        Assert.Equal(["Feature", "Topic 1", "Topic 2"], ModuleRuns.Names(matrix));
        Assert.Equal(1, Tables.Doubles(matrix, "Topic 1").Sum(), 1e-9);
        ModuleRuns.AssertSame(output, ModuleRuns.Reload(context, "LDA transformation").Bind(table.Schema).Apply(table));
    }

    [Fact]
    public async Task Topics_HashedWordsAndOptions_Work()
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "a b c", null, "", "b c d");

        var context = await ModuleRuns.RunAsync(
            Topics, [table],
            [("Build dictionary of ngrams", "False"), ("Number of hash bits", "5"), ("Normalize", "False"), ("Show all options", "True"), ("Number of training iterations", "2")]);

        Assert.Equal(32, ModuleRuns.Table(context, "Feature topic matrix").RowCount);
        Assert.Equal(5, ModuleRuns.Table(context, "Transformed dataset").Columns.Length);
    }

    [Fact]
    public async Task Topics_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "a");

        await ModuleRuns.FailAsync(17, Topics, [ModuleRuns.Single("n", ColumnType.Int32, 1)], ("Target column(s)", "n"));
        await ModuleRuns.FailAsync(21, Topics, [table.Slice(0, 0)]);
        await ModuleRuns.FailAsync(80, Topics, [ModuleRuns.Single("t", ColumnType.String, null, "...")]);
        await ModuleRuns.FailAsync(8, Topics, [table], ("Number of topics to model", "0"));
        await ModuleRuns.FailAsync(2, Topics, [table], ("Number of topics to model", "two"));
        await ModuleRuns.FailAsync(129, Topics, [table], ("Build dictionary of ngrams", "False"), ("Number of hash bits", "31"));
    }

    [Fact]
    public async Task KeyPhrases_OfATextAboutMachines_AreItsTerms()
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "The steam engine of the old mill was repaired. A steam engine needs water.", null, "");

        var output = await ModuleRuns.OutputAsync(Phrases, [table], ("Text column", "t"));

        Assert.StartsWith("steam engine", ModuleRuns.Texts(output, "t Key Phrases")[0], StringComparison.Ordinal);
        Assert.Equal([null, ""], ModuleRuns.Texts(output, "t Key Phrases")[1..]);
        await ModuleRuns.FailAsync(16, Phrases, [ModuleRuns.Single("n", ColumnType.Int32, 1)], ("Text column", "n"));
        await ModuleRuns.FailAsync(3, Phrases, [table]);
    }

    [Theory]
    [InlineData("This is a text that was written in English.", "English", "en")]
    [InlineData("Das ist ein Text, der auf Deutsch geschrieben wurde.", "German", "de")]
    [InlineData("Este es un texto que fue escrito en español.", "Spanish", "es")]
    [InlineData("Ceci est un texte qui a été écrit en français.", "French", "fr")]
    [InlineData("Dit is een tekst die in het Nederlands is geschreven.", "Dutch", "nl")]
    [InlineData("Questo è un testo che è stato scritto in italiano.", "Italian", "it")]
    [InlineData("Это написано по-русски.", "Russian", "ru")]
    [InlineData("これは日本語で書かれた文章です。", "Japanese", "ja")]
    [InlineData("12 34", "(Unknown)", "")]
    public async Task DetectLanguages_Texts_AreToldApart(string text, string language, string code)
    {
        var output = await ModuleRuns.OutputAsync("Detect Languages", [ModuleRuns.Single("t", ColumnType.String, text, null)], ("Text column", "t"));

        Assert.Equal(["t", "t Language", "t Iso6391 Name", "t Iso6391 Name Score"], ModuleRuns.Names(output));
        Assert.Equal([language, "(Unknown)"], ModuleRuns.Texts(output, "t Language"));
        Assert.Equal(code, ModuleRuns.Texts(output, "t Iso6391 Name")[0]);
        Assert.Equal(code.Length > 0, Tables.Doubles(output, "t Iso6391 Name Score")[0] > 50);
    }

    [Fact]
    public async Task DetectLanguages_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Single("t", ColumnType.String, "the text");

        Assert.Equal(7, (await ModuleRuns.OutputAsync("Detect Languages", [table], ("Text column", "t"), ("Upper bound on number of languages to detect", "2"))).Columns.Length);
        await ModuleRuns.FailAsync(16, "Detect Languages", [ModuleRuns.Single("n", ColumnType.Int32, 1)], ("Text column", "n"));
        await ModuleRuns.FailAsync(8, "Detect Languages", [table], ("Text column", "t"), ("Upper bound on number of languages to detect", "0"));
        await ModuleRuns.FailAsync(3, "Detect Languages", [table]);
    }
}
