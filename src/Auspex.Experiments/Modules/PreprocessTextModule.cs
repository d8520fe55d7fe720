using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Auspex.Experiments.Modules.Columns;
using Auspex.Experiments.Modules.Selection;
using Auspex.Experiments.Modules.Text;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Preprocess Text": cleans the texts of a column, in a fixed order of steps, into a new column. Base forms are found by
/// rule, for English only; words cannot be removed by part of speech here.
/// </summary>
internal sealed class PreprocessTextModule : IRowwiseModule
{
    private const string Language = "Language";
    private const string FromColumn = "Column contains language";
    private const string LanguageColumn = "Culture-language column";
    private const string Target = "Text column to clean";
    private const string StopWordsPort = "Stop words";
    private const string PartOfSpeech = "Remove by part of speech";
    private const string CustomPattern = "Custom regular expression";
    private const string CustomReplacement = "Custom replacement string";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Preprocess Text",
        Category = "Text Analytics",
        FamilyId = "bf9e794a9e2b4662902a0e73b255c135",
        Inputs = [Declare.Dataset("Dataset"), Declare.Dataset(StopWordsPort, isOptional: true)],
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Choice(Language, "English", [.. StopWords.Languages, FromColumn]),
            Declare.Columns(LanguageColumn, when: Declare.When(Language, FromColumn)),
            Declare.Columns(Target, "StringFeature"),
            Declare.Boolean("Remove stop words", true),
            Declare.Boolean("Lemmatization", true),
            Declare.Choice(PartOfSpeech, "False", ["True", "False"]),
            Declare.Boolean("Remove nouns", true, when: Declare.When(PartOfSpeech, "True")),
            Declare.Boolean("Remove adjectives", true, when: Declare.When(PartOfSpeech, "True")),
            Declare.Boolean("Remove verbs", true, when: Declare.When(PartOfSpeech, "True")),
            Declare.Boolean("Detect sentences", true),
            Declare.Boolean("Normalize case to lowercase", true),
            Declare.Boolean("Remove numbers", true),
            Declare.Boolean("Remove special characters", true),
            Declare.Boolean("Remove duplicate characters", true),
            Declare.Boolean("Remove email addresses", true),
            Declare.Boolean("Remove URLs", true),
            Declare.Boolean("Expand verb contractions", true),
            Declare.Boolean("Normalize backslashes to slashes", true),
            Declare.Boolean("Split tokens on special characters", true),
            Declare.Text(CustomPattern, isOptional: true),
            Declare.Text(CustomReplacement, isOptional: true),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var table = context.Table("Dataset");
        context.Set("Results dataset", Bind(table.Schema, context).Apply(table));
        return Task.CompletedTask;
    }

    public IRowTransform Bind(TableSchema input, ModuleContext context)
    {
        var parameters = context.Parameters;
        if (parameters.Choice(PartOfSpeech) == "True")
        {
            throw new ModuleException(39, $"'{PartOfSpeech}' needs a tagger of words, which this program does not have; switch it off.");
        }

        var target = parameters.SingleColumn(Target, input);
        if (input.Fields[target].Type != ColumnType.String)
        {
            throw new ModuleException(17, $"Column '{input.Fields[target].Name}' is {input.Fields[target].Type}; Preprocess Text cleans text. Select a text column, or convert this one with Edit Metadata.");
        }

        var language = parameters.Choice(Language);
        var cleaner = new TextCleaner
        {
            RemovesStopWords = On("Remove stop words"),
            FindsBaseForms = On("Lemmatization"),
            MarksSentences = On("Detect sentences"),
            LowersCase = On("Normalize case to lowercase"),
            RemovesNumbers = On("Remove numbers"),
            RemovesSpecial = On("Remove special characters"),
            RemovesRepeats = On("Remove duplicate characters"),
            RemovesAddresses = On("Remove email addresses"),
            RemovesUrls = On("Remove URLs"),
            ExpandsContractions = On("Expand verb contractions"),
            NormalizesBackslashes = On("Normalize backslashes to slashes"),
            SplitsOnSpecial = On("Split tokens on special characters"),
            Custom = Pattern(parameters.Text(CustomPattern)),
            Replacement = parameters.Text(CustomReplacement) ?? "",
            OwnStopWords = context.Has(StopWordsPort) ? ReadStopWords(context.Table(StopWordsPort)) : null,
        };
        var columns = ColumnwiseTransform.PassThrough(input);
        var taken = columns.Select(column => column.Field.Name).ToHashSet(StringComparer.Ordinal);
        columns.Add(new OutputColumn(
            new TableField { Name = ColumnNames.MakeUnique($"Preprocessed {input.Fields[target].Name}", 1, taken), Type = ColumnType.String },
            new TextFunction(
                target,
                language == FromColumn ? parameters.SingleColumn(LanguageColumn, input) : -1,
                (text, ofRow) => cleaner.Clean(text, ofRow ?? language))));
        return new ColumnwiseTransform(columns, input.Fields.Length);

        bool On(string name) => parameters.Boolean(name);
    }

    private static Regex? Pattern(string? pattern)
    {
        if (pattern is null)
        {
            return null;
        }

        try
        {
            // Without backtracking, so that no text can make it run for ever.
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new ModuleException(2, $"'{CustomPattern}' cannot be used: {exception.Message.TrimEnd('.')}. Correct it.", exception);
        }
    }

    private static FrozenSet<string> ReadStopWords(TableBatch table) => table.Columns.Length == 0
        ? throw new ModuleException(20, $"The dataset at '{StopWordsPort}' has no column; one column of words is expected.")
        : Enumerable.Range(0, table.RowCount)
            .Select(row => ColumnText.Text(table.Columns[0], row, CellFormat.File)?.Trim())
            .OfType<string>()
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
